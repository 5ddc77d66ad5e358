"""The API answers as its OpenAPI document says, whatever is asked of it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import cast

import pytest
import schemathesis
from hypothesis import settings
from schemathesis import AuthContext, Case
from starlette.routing import Router

from bottlenecks.crypto import Cipher
from bottlenecks.desk.api.app import api
from bottlenecks.roles import EVERYWHERE, Role
from bottlenecks.store import Database, open_database
from bottlenecks.workflow import Status
from tests.conftest import SECRET, Clock
from tests.desk_reports import context, file_report


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database with reports that things happened to, and a phase."""
    path: Path = tmp_path_factory.mktemp("fuzz") / "fuzz.db"
    with open_database(f"sqlite:///{path}", Cipher(SECRET), clock=Clock()) as database:
        with database.work() as work:
            officer = work.officers.add("noor@rho.nl", "Noor", Role.ADMIN, EVERYWHERE)
            work.regional.set_phase(
                "utrecht", "1", since=date(2026, 3, 1), notice="Druk", set_by=officer
            )
        first = file_report(database, practice="Praktijk De Linde", tried="gebeld")
        second = file_report(database, region=None, region_other="Twente", severity="hoog")
        with database.work() as work:
            work.cases.move(first, EVERYWHERE, Status.FORWARDED, actor=officer, organisation="roaz")
            work.cases.correct(
                second, EVERYWHERE, actor=officer, category="ggz", region="utrecht", severity="laag"
            )
            work.cases.note(second, EVERYWHERE, actor=officer, text="Even bellen.")
        yield database


# the tests must be known before there is a database: application and token come when there is one
asked = Router()
LATER = "Bearer later"
schema = schemathesis.openapi.from_dict(api(context(cast(Database, None))).openapi())
schema.app = asked


@schema.auth()
class Token:
    """Marks where a good token is sent; elsewhere a bad one, or none, is tried."""

    def get(self, case: Case, context: AuthContext) -> str:
        return LATER

    def set(self, case: Case, data: str, context: AuthContext) -> None:
        case.headers["Authorization"] = data


@pytest.fixture(scope="module")
def token(filled: Database) -> str:
    asked.default = api(context(filled), pace="1000000 per minute")
    with filled.work() as work:
        officer = work.officers.all()[0].officer.id
        return work.tokens.make("fuzz", EVERYWHERE, officer)[1]


@schema.parametrize()
@settings(max_examples=60, deadline=None, derandomize=True, database=None)
def test_every_answer_is_as_documented(case: Case, token: str) -> None:
    if case.headers.get("Authorization") == LATER:
        case.headers["Authorization"] = f"Bearer {token}"
    case.call_and_validate()
