"""Forms that another site made a browser send: each is complete, and lacks only the token."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bottlenecks.desk.session import EXPIRED
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from tests.complete_forms import CompleteForms
from tests.desk import ADMIN, PASSWORD, Browser, forms
from tests.desk_officers import at_the_desk
from tests.site_routes import contents

# it keeps nothing here, but tells whether the token was good
TELLS = {"/beheer/signalen/gezien": "no signal came that was not seen"}
KEEPS_NOTHING = {"/beheer/signalen/proef": "it shows what a rule would have done"}
# a page that is shown again notes that it was read
READ = ("gelezen", "vergeleken")


@pytest.fixture
def desk(database: Database, assistant: Assistant) -> Browser:
    return at_the_desk(database, assistant)


@pytest.fixture
def complete(desk: Browser, database: Database, assistant: Assistant) -> CompleteForms:
    return CompleteForms(desk, database, assistant)


def kept(database: Database) -> dict[str, list[Any]]:
    """All that is kept, the log too, but for when somebody was seen."""
    found = contents(database, without={"desk_session"})
    found["audit_entry"] = [
        row for row in found["audit_entry"] if not any(str(one).endswith(READ) for one in row)
    ]
    return found


@contextmanager
def undone(database: Database) -> Iterator[None]:
    """What is changed within is put back."""
    live = sqlite3.connect(str(database.engine.url.database))
    before = sqlite3.connect(":memory:")
    live.backup(before)
    try:
        yield
    finally:
        before.backup(live)
        before.close()
        live.close()


def test_no_complete_form_is_taken_without_its_token(
    complete: CompleteForms, database: Database
) -> None:
    before = kept(database)
    for address in complete.all:
        for token in (None, "", "verzonnen", complete.token[:-1], complete.token + "0"):
            answer = complete.send(address, token)
            assert answer.status_code in (200, 303, 403, 422), address
            if address in TELLS:
                assert EXPIRED[:30] in shown(complete, answer), address
        now = kept(database)
        assert now == before, (address, [name for name in now if now[name] != before[name]])


def test_only_the_token_was_lacking(complete: CompleteForms, database: Database) -> None:
    before, idle = kept(database), []
    assert len(complete.all) >= 45
    for address in complete.all:
        with undone(database):
            answer = complete.send(address, complete.token)
            assert answer.status_code < 500, address
            if kept(database) == before:
                idle.append((address, answer.status_code))
                if address in TELLS:
                    assert EXPIRED[:30] not in shown(complete, answer), address
        assert kept(database) == before, address
    others = [one for one in idle if one[0] not in {*TELLS, *KEEPS_NOTHING}]
    assert not others and len(idle) == 2, others


def test_nobody_is_signed_in_by_another_site(desk: Browser) -> None:
    stranger = desk.another()
    stranger.opens("/beheer/inloggen")
    assert "csrf_token" in forms(stranger.page)["/beheer/inloggen"]
    filled = {"login": ADMIN, "password": PASSWORD}
    for token in (None, "", "verzonnen"):
        stranger.opens("/beheer/inloggen")
        stranger.sends("/beheer/inloggen", {**filled, "csrf_token": token})
        assert stranger.page.status_code == 422 and not stranger.client.cookies
    stranger.opens("/beheer/inloggen")
    stranger.sends("/beheer/inloggen", filled)
    assert stranger.client.cookies


def shown(complete: CompleteForms, answer: Any) -> str:
    """The page that answers, or the one to which it leads."""
    page = answer
    while page.is_redirect:
        page = complete.browser.client.get(page.headers["location"])
    return str(page.text)
