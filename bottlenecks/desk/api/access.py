"""Who may use the API and how often, and how it says no."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.exceptions import HTTPException as AnyHTTPException

from bottlenecks.desk.api.models import Problem
from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.people.throttle import seconds_left
from bottlenecks.desk.session import desk_of
from bottlenecks.roles import Scope
from bottlenecks.store.outage import is_outage

PER_TOKEN = "120 per minute"
PROBLEM = "application/problem+json"
AUTH = "WWW-Authenticate"
REALM = 'Bearer realm="regiowijzer"'
# as the audit log has room for
LONGEST_ACTOR = 64

_bearer = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    description="A key that an administrator made on the page Toegang of the desk.",
)


class Pace:
    """Counts requests per token in this process's memory, by the machine's own clock."""

    def __init__(self, limit: str = PER_TOKEN) -> None:
        """A limit as the library `limits` writes it: "120 per minute"."""
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._limit = parse(limit)

    def wait_s(self, token_id: str) -> int | None:
        """Count a request; gives after how many seconds to try again when it is one too many."""
        if self._limiter.hit(self._limit, token_id):
            return None
        return seconds_left(self._limiter, self._limit, token_id)


@dataclass(frozen=True)
class Client:
    """The program that asks."""

    name: str
    scope: Scope
    desk: DeskContext

    def has_read(self, subject: str, count: int) -> None:
        """Keep in the audit log that it read `count` things; `subject` is a report or a path."""
        with self.desk.database.work() as work:
            actor = f"api:{self.name}"[:LONGEST_ACTOR]
            work.audit.add(actor, "api-gelezen", subject, aantal=count)


def client(
    request: Request,
    response: Response,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Client:
    """The program that asks, if its token is good and it does not ask too often; a dependency.

    Raises:
        HTTPException: 401 or 429.
    """
    if credentials is None:
        raise HTTPException(401, "Send a token: Authorization: Bearer rw_...", {AUTH: REALM})
    desk = desk_of(request)
    with desk.database.work() as work:
        token = work.tokens.use(credentials.credentials)
    if token is None:
        raise HTTPException(
            401, "This token does not work (any more).", {AUTH: f'{REALM}, error="invalid_token"'}
        )
    pace: Pace = request.app.state.pace
    wait_s = pace.wait_s(token.id)
    if wait_s is not None:
        raise HTTPException(
            429, f"Too many requests. Try again in {wait_s} s.", {"Retry-After": str(wait_s)}
        )
    response.headers["Cache-Control"] = "no-store"
    return Client(token.name, token.scope, desk)


Asking = Annotated[Client, Depends(client)]


def refused(request: Request, error: Exception) -> Response:
    """The answer to a request that is not granted."""
    assert isinstance(error, AnyHTTPException)
    return _problem(error.status_code, str(error.detail), error.headers)


def unavailable(request: Request, error: Exception) -> Response:
    """The answer while the database cannot be used."""
    if not is_outage(error):
        raise error
    why = "The data cannot be read now. Try again in a minute."
    return _problem(503, why, {"Retry-After": "60"})


def not_valid(request: Request, error: Exception) -> Response:
    """The answer to a request that is not well-formed; it does not repeat what was sent."""
    assert isinstance(error, RequestValidationError)
    wrong = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
    return _problem(422, "; ".join(wrong))


def documented(*codes: int) -> dict[int | str, dict[str, Any]]:
    """How these refusals stand in the OpenAPI document."""
    headers = {401: AUTH, 429: "Retry-After"}
    return {
        code: {
            "description": HTTPStatus(code).phrase,
            "content": {PROBLEM: {"schema": Problem.model_json_schema()}},
            **(
                {"headers": {headers[code]: {"required": True, "schema": {"type": "string"}}}}
                if code in headers
                else {}
            ),
        }
        for code in codes
    }


def _problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    problem = Problem(
        type="about:blank", title=HTTPStatus(status).phrase, status=status, detail=detail
    )
    return JSONResponse(
        problem.model_dump(),
        status,
        headers={**(headers or {}), "Cache-Control": "no-store"},
        media_type=PROBLEM,
    )
