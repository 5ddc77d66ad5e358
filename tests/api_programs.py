"""Programs that use the API, for its tests."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from bottlenecks.desk.api.app import api
from bottlenecks.desk.app import add_desk
from bottlenecks.roles import EVERYWHERE, Role, Scope
from bottlenecks.store import Database
from bottlenecks.workflow import Status
from tests.desk_reports import context

UTRECHT = Scope(regions=frozenset({"utrecht"}))
PATHS = [
    "/reports",
    "/reports/KP-2026-0001",
    "/regions",
    "/categories",
    "/severities",
    "/statuses",
    "/phases",
]

Connect = Callable[..., TestClient]


def administrator(database: Database) -> str:
    """The id of a new administrator."""
    with database.work() as work:
        return work.officers.add("noor@rho.nl", "Noor", Role.ADMIN, EVERYWHERE)


def connector(database: Database, officer: str) -> Connect:
    """Makes programs with a token for some regions; `pace` is another one than in production."""

    def program(
        scope: Scope = EVERYWHERE, *, name: str = "bi", pace: str | None = None
    ) -> TestClient:
        app = FastAPI(openapi_url=None)
        if pace is None:
            add_desk(app, context(database))
        else:
            app.mount("/api/v1", api(context(database), pace=pace))
        with database.work() as work:
            _, token = work.tokens.make(name, scope, officer)
        return TestClient(
            app, base_url="http://rho.test/api/v1", headers={"Authorization": f"Bearer {token}"}
        )

    return program


def references(program: TestClient, query: str = "") -> list[str]:
    """The reports of one page."""
    answer = program.get(f"/reports?{query}")
    assert answer.status_code == 200, answer.text
    return [report["reference"] for report in answer.json()["reports"]]


def move(database: Database, reference: str, to: Status, officer: str, **more: Any) -> None:
    """What an officer does with a report."""
    with database.work() as work:
        work.cases.move(reference, EVERYWHERE, to, actor=officer, **more)
