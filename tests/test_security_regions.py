"""Every address of the desk, with what is of another region: nothing is shown, nothing changes."""

import pytest

from bottlenecks.roles import Role
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from tests.desk import Browser, add_officer, forms
from tests.desk_officers import MINES, at_the_desk, colleague
from tests.site_contents import one_of_everything
from tests.site_routes import ACCOUNT, addresses, contents
from tests.whole_site import sign_in

# a word that stands in all that is of Utrecht, and nowhere else
MARK = "kwikstaartwoord"
# where everybody begins something of their own, and in which table it is kept
BEGINS = {"/beheer/verslag": "meeting_report"}
# sent with every form, beside what the page itself fills in
TYPED = {
    "version": "1",
    "antwoord": "x",
    "notitie": "x",
    "titel": "x",
    "status": "afgewezen",
    "onderwerp": "buiten-bereik",
    "reden": "x",
    "bevestigd": "ja",
}


@pytest.fixture
def admin(database: Database, assistant: Assistant) -> Browser:
    return at_the_desk(database, assistant)


@pytest.fixture
def values(admin: Browser, database: Database, assistant: Assistant) -> dict[str, str]:
    """One of everything in Utrecht, with the word in it; gives what fills the addresses."""
    return one_of_everything(admin, database, assistant, MARK)


def test_no_page_shows_what_is_of_another_region(
    admin: Browser, database: Database, values: dict[str, str]
) -> None:
    seen = [
        path
        for path in addresses(admin.client.app, "GET", values)
        if MARK in admin.client.get(path).text
    ]
    assert len(seen) >= 15, seen  # the word does stand there, for who may see it
    for role in (Role.HANDLER, Role.READER, Role.ADMIN):
        officer = f"{role.value}@rho.example"
        other = colleague_of(admin, database, role, officer)
        before = contents(database)
        for path in addresses(admin.client.app, "GET", values):
            answer = other.client.get(path)
            assert MARK not in answer.text, (role, path)
            assert answer.status_code < 500, (role, path)
        assert contents(database) == before


@pytest.mark.parametrize("role", [Role.HANDLER, Role.ADMIN])
def test_no_form_changes_what_is_of_another_region(
    admin: Browser, database: Database, values: dict[str, str], role: Role
) -> None:
    pages = addresses(admin.client.app, "GET", values)
    sent: dict[str, dict[str, str | list[str]]] = {}
    for path in pages:
        page = admin.client.get(path)
        if page.headers.get("content-type", "").startswith("text/html"):
            sent |= {action: fields for action, fields in forms(page).items()}
    posts = addresses(admin.client.app, "POST", values)
    assert len(posts) >= 35
    other = colleague(admin, database, role, MINES)
    token = {"csrf_token": forms(other.page)["/beheer/uitloggen"]["csrf_token"]}
    before = contents(database)
    for path in [*posts, *(one for one in sent if one.startswith("/beheer/"))]:
        if path.split("?")[0].startswith(ACCOUNT):
            continue
        answer = other.client.post(path, data=TYPED | sent.get(path, {}) | token)
        assert MARK not in answer.text, path
        assert answer.status_code < 500, path
        now = contents(database)
        changed = {name for name, rows in now.items() if rows != before[name]}
        if path in BEGINS and changed == {BEGINS[path]}:
            # an own one, beside those that are there
            assert all(row in now[BEGINS[path]] for row in before[BEGINS[path]])
            assert MARK not in other.client.get(answer.headers["location"]).text
            before = now
            continue
        assert not changed, (path, changed, answer.status_code)


def colleague_of(desk: Browser, database: Database, role: Role, login: str) -> Browser:
    """An officer of another region with this role, signed in."""
    officer = add_officer(database, login, role, MINES, name="Bo Peters", password=None)
    return sign_in(desk.another(), database, officer)
