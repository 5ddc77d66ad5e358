"""What a page, or something else, may send to the chat: too much, odd, or without a cookie."""

from collections.abc import Iterator

import pytest

from bottlenecks.store import Database
from dialogues.assistant import Assistant
from tests.web_visitors import JSON, Site, Visitor

QUESTION = "wie coördineert het noodplan?"


@pytest.fixture
def site(database: Database, assistant: Assistant) -> Site:
    return Site(database, assistant)


@pytest.fixture
def anna(site: Site) -> Visitor:
    return Visitor(site)


def test_too_much_at_once_is_refused(anna: Visitor) -> None:
    anna.opens()
    refused = anna.http.post("/chat/bericht", data={"tekst": "a" * 70_000})
    assert refused.status_code == 413 and "Je bericht is te lang" in refused.text
    assert "Naar de chat" in refused.text
    asked = anna.http.post("/chat/bericht", data={"tekst": "a" * 70_000}, headers=JSON)
    assert asked.status_code == 413 and "te lang" in asked.json()["fout"]

    def chunks() -> Iterator[bytes]:
        yield b"tekst="
        for _ in range(100):
            yield b"a" * 1000

    assert anna.http.post("/chat/bericht", content=chunks()).status_code == 413
    assert anna.messages == []


def test_a_long_message_is_answered(anna: Visitor) -> None:
    anna.says("wie coördineert het noodplan? " + "bla " * 2000)
    said, *replies = anna.messages
    assert len(said.text) <= 4001 and said.text.endswith("…")
    assert "alleen de eerste 4.000 tekens gelezen" in replies[0].text


@pytest.mark.parametrize(
    "body",
    [
        b"tekst=%00%01%1b[31mhallo%ff%fe",
        b"tekst=" + bytes(range(128, 256)),
        b"\xff\xfe\x00tekst=hallo&" * 50,
        b"tekst=%ED%A0%80hallo",
        b"id=%00&tekst=hallo&van=%C2%B2&keuze",
        b'{"tekst": "hallo"}',
        b"",
        b"tekst=+%0D%0A+",
    ],
)
def test_odd_bodies_do_no_harm(anna: Visitor, body: bytes) -> None:
    anna.opens()
    kind = {"content-type": "application/x-www-form-urlencoded"}
    response = anna.http.post("/chat/bericht", content=body, headers=kind)
    assert response.status_code == 303
    assert "\x1b" not in anna.opens() and "\x00" not in anna.opens()
    assert "eindverantwoordelijk" in anna.says(QUESTION)


def test_odd_addresses_do_no_harm(anna: Visitor) -> None:
    anna.says("hallo")
    for address in (
        "/chat/eerder?voor=x",
        "/chat/eerder?voor=99999999999999999999999",
        "/chat/eerder?voor=-1&deel=1",
    ):
        assert anna.http.get(address).status_code == 200
    assert anna.http.post("/chat/gelezen", data={"tot": "veel"}).status_code == 204
    anna.http.cookies.set("regiowijzer_gesprek", "<kapot>", path="/chat")
    assert anna.http.get("/chat").status_code == 200
    assert anna.http.post("/chat/bericht", data={"tekst": "hoi"}).status_code in (303, 403)


def test_without_a_cookie_nothing_is_kept(site: Site, database: Database) -> None:
    stranger = Visitor(site)
    refused = stranger.http.post("/chat/bericht", data={"tekst": "hallo"})
    assert refused.status_code == 403 and "niet verstuurd" in refused.text
    assert not refused.cookies
    with database.reading() as work:
        assert work.inbox.count("new") == work.inbox.count("done") == 0
    assert stranger.http.get("/chat/eerder").status_code == 303
    assert stranger.http.get("/chat/stroom").status_code == 204


def test_a_typed_number_taps_a_button_without_scripts(anna: Visitor) -> None:
    anna.says("hallo")
    buttons = list(anna.messages[-1].buttons)
    anna.says("2")
    said = [message for message in anna.messages if message.is_said]
    assert said[-1].text.strip() == buttons[1]


def test_a_number_without_a_button_is_a_text(anna: Visitor) -> None:
    anna.says("hallo")
    anna.says("88")
    assert [message for message in anna.messages if message.is_said][-1].text.strip() == "88"
