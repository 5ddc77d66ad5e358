"""A small OpenID provider on loopback: discovery, authorization, token, keys and userinfo."""

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Any
from urllib.parse import urlencode

import uvicorn
from fastapi import FastAPI, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from joserfc import jwt
from joserfc.jwk import RSAKey

Json = dict[str, Any]
LASTS_SECONDS = 300


@dataclass
class OidcProvider:
    """The provider. Start it with `with OidcProvider(clock) as provider:`.

    It lets everyone in at once as `person` (claims; `sub` is the id), unless `refuses`. `tamper`
    changes the claims of an id_token before it is signed, `key` signs it; `keys` are the keys that
    it tells of. `tells_email` False: the e-mail address is only in userinfo. `broken` are paths
    that answer 500.
    """

    clock: Callable[[], datetime]
    client_id: str = "regiowijzer"
    client_secret: str = "geheim van de inlogdienst"
    person: Json = field(default_factory=dict)
    refuses: bool = False
    tells_email: bool = True
    tamper: Callable[[Json], Json] = lambda claims: claims
    broken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig", "alg": "RS256"})
        self.keys = [self.key]
        self.algorithm = "RS256"
        self.issuer = ""
        self._codes: dict[str, Json] = {}
        self._access: set[str] = set()
        # no set-up of logging: that would stay, and other tests look at what is logged
        config = uvicorn.Config(
            self._app(), host="127.0.0.1", port=0, log_level="error", log_config=None
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> "OidcProvider":
        self._thread.start()
        end = time.monotonic() + 10
        while not self._server.started:
            if time.monotonic() > end:
                raise RuntimeError("the provider did not start")
            time.sleep(0.01)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.issuer = f"http://127.0.0.1:{port}"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.should_exit = True
        self._thread.join(10)

    def _app(self) -> FastAPI:
        app = FastAPI()

        @app.middleware("http")
        async def break_down(request: Request, call_next: Any) -> Response:
            if request.url.path in self.broken:
                return Response("storing", status_code=500)
            answer: Response = await call_next(request)
            return answer

        @app.get("/.well-known/openid-configuration")
        def discovery() -> Json:
            return {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
            }

        @app.get("/authorize")
        def authorize(request: Request) -> Response:
            asked = dict(request.query_params)
            if (
                asked.get("client_id") != self.client_id
                or asked.get("response_type") != "code"
                or asked.get("code_challenge_method") != "S256"
                or not asked.get("code_challenge")
                or "openid" not in asked.get("scope", "").split()
                or not asked.get("redirect_uri", "").endswith("/beheer/oidc/terug")
            ):
                return JSONResponse({"error": "invalid_request"}, status_code=400)
            answer = {"state": asked["state"]}
            if self.refuses:
                answer["error"] = "access_denied"
            else:
                code = secrets.token_urlsafe(16)
                self._codes[code] = asked
                answer["code"] = code
            return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(answer)}", 302)

        @app.post("/token")
        def token(
            request: Request,
            grant_type: str = Form(),
            code: str = Form(),
            redirect_uri: str = Form(),
            code_verifier: str = Form(),
        ) -> Response:
            asked = self._codes.pop(code, None)  # a code serves once
            digest = hashlib.sha256(code_verifier.encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            pair = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
            if request.headers.get("authorization") != f"Basic {pair}":
                return JSONResponse({"error": "invalid_client"}, status_code=401)
            if (
                asked is None
                or grant_type != "authorization_code"
                or asked["redirect_uri"] != redirect_uri
                or asked["code_challenge"] != challenge
            ):
                return JSONResponse({"error": "invalid_grant"}, status_code=400)
            access = secrets.token_urlsafe(16)
            self._access.add(access)
            return JSONResponse(
                {
                    "access_token": access,
                    "token_type": "Bearer",
                    "expires_in": LASTS_SECONDS,
                    "id_token": self._id_token(asked),
                }
            )

        @app.get("/keys")
        def keys() -> Json:
            return {"keys": [key.as_dict(private=False) for key in self.keys]}

        @app.get("/userinfo")
        def userinfo(request: Request) -> Response:
            access = request.headers.get("authorization", "").removeprefix("Bearer ")
            if access not in self._access:
                return Response(status_code=401)
            return JSONResponse(self.person)

        return app

    def _id_token(self, asked: Json) -> str:
        now = int(self.clock().timestamp())
        about = self.person if self.tells_email else {"sub": self.person["sub"]}
        claims = {
            "iss": self.issuer,
            "aud": self.client_id,
            "iat": now,
            "exp": now + LASTS_SECONDS,
            "nonce": asked.get("nonce", ""),
            **about,
        }
        header = {"alg": self.algorithm, "kid": self.key.kid}
        token: str = jwt.encode(header, self.tamper(claims), self.key)
        return token
