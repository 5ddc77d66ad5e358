"""The chat for whoever was invited only: private links, and what is closed without one."""

from datetime import timedelta

import pytest

from bottlenecks.roles import EVERYWHERE, Role
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from tests.conftest import Clock
from tests.web_visitors import JSON, Site, Visitor

QUESTION = "wie coördineert het noodplan?"


@pytest.fixture
def closed(database: Database, assistant: Assistant) -> Site:
    return Site(database, assistant, access="invited")


def invite(database: Database, practice: str = "Praktijk Voorbeeld") -> str:
    """An officer makes a link for a practice."""
    with database.work() as work:
        officer = work.officers.add("o@voorbeeld.nl", "Officier", Role.ADMIN, EVERYWHERE)
        return work.invitations.make(practice, officer, timedelta(days=30))


def test_without_an_invitation_nothing_is_reached(closed: Site) -> None:
    stranger = Visitor(closed)
    page = stranger.http.get("/chat")
    assert page.status_code == 403
    assert "Deze chat is voor praktijken met een uitnodiging" in page.text
    stranger.http.cookies.set("regiowijzer_gesprek", "a" * 43)
    assert stranger.http.post("/chat/bericht", data={"tekst": "hallo"}).status_code == 403
    asked = stranger.http.post("/chat/bericht", data={"tekst": "hallo"}, headers=JSON)
    assert asked.status_code == 403 and "uitnodiging" in asked.json()["fout"]
    assert stranger.http.get("/chat/stroom").status_code == 204
    assert stranger.http.get("/chat/eerder").status_code in (303, 403)
    assert stranger.http.get("/chat/bestand/1/0").status_code in (403, 404)
    assert stranger.http.get("/chat/uitnodiging/verzonnen").status_code == 404


def test_an_invitation_lets_in_after_its_button(closed: Site, database: Database) -> None:
    link = f"/chat/uitnodiging/{invite(database)}"
    anna = Visitor(closed)
    assert "Praktijk Voorbeeld" in anna.http.get(link).text
    assert anna.http.get("/chat").status_code == 403  # a preview of the link lets nobody in
    assert anna.http.post(link).headers["location"] == "/chat"
    assert "eindverantwoordelijk" in anna.says(QUESTION)
    anna.says("al drie organisaties gebeld, nergens thuiszorg te vinden in Geleen, graag melden")
    anna.taps("Hoog")
    assert "Praktijk Voorbeeld" in anna.taps("Nee, niet nodig")
    with database.reading() as work:
        [invitation] = work.invitations.list()
    assert invitation.practice == "Praktijk Voorbeeld" and invitation.accounts == 1


def test_a_revoked_invitation_closes_the_chat(closed: Site, database: Database) -> None:
    link = f"/chat/uitnodiging/{invite(database)}"
    anna = Visitor(closed)
    anna.http.get(link)
    anna.http.post(link)
    anna.says("hallo")
    with database.work() as work:
        [invitation] = work.invitations.list()
        assert work.invitations.revoke(invitation.id)
        assert not work.invitations.revoke(invitation.id)
    assert anna.http.get("/chat").status_code == 403
    assert anna.http.post("/chat/bericht", data={"tekst": "hallo"}).status_code == 403
    assert anna.http.get("/chat/eerder").status_code == 403
    assert anna.http.get("/chat/bestand/1/0").status_code == 403
    assert "event: dicht" in anna.http.get("/chat/stroom").text
    assert anna.http.post(link).status_code == 404


def test_an_expired_invitation_closes_the_chat(
    closed: Site, database: Database, clock: Clock
) -> None:
    link = f"/chat/uitnodiging/{invite(database)}"
    anna = Visitor(closed)
    anna.http.get(link)
    anna.http.post(link)
    clock.forward(31 * 24 * 3600)
    assert anna.http.get("/chat").status_code == 403
    assert "Deze link werkt niet" in anna.http.get(link).text
