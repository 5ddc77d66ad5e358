"""How updates are read and replies are shown in Telegram."""

import json
from typing import Any

import pytest

from bot import telegram
from bot.telegram_format import BROKEN_BUTTON, EDITED, MAX_TEXT_UNITS, ONLY_TEXT
from dialogues.reply import Choice, Incoming, Reply, SourceLine

USER = {"id": 7, "is_bot": False, "first_name": "U"}
PRIVATE = {"id": 7, "type": "private", "first_name": "U"}


def message(**content: Any) -> str:
    body = {"message_id": 5, "date": 1, "chat": PRIVATE, "from": USER} | content
    return json.dumps({"update_id": 1, "message": body})


def tap(data: str | None) -> str:
    body: dict[str, Any] = {"id": "9", "from": USER, "chat_instance": "1"}
    body["message"] = {"message_id": 5, "date": 1, "chat": PRIVATE, "text": "x"}
    return json.dumps({"update_id": 1, "callback_query": body | ({"data": data} if data else {})})


# parse


@pytest.mark.parametrize(
    ("text", "incoming"),
    [
        ("hallo", Incoming(text="hallo")),
        ("en/of", Incoming(text="en/of")),
        ("/start", Incoming(choice="t:gesprek/groet")),
        ("/Help@regiowijzer_bot", Incoming(choice="t:gesprek/help")),
        ("/melden", Incoming(choice="t:knelpunt/melden")),
        ("/status", Incoming(choice="t:knelpunt/status")),
        ("/stop", Incoming(choice="t:gesprek/stop")),
        ("/privacy", Incoming(choice="t:gesprek/privacy")),
        ("/stoppen maar", Incoming(text="stoppen maar")),
        ("//noodplan{}", Incoming(text="noodplan{}")),
        (" / /noodplan", Incoming(text="noodplan")),
        ("/", Incoming(choice="t:gesprek/help")),
    ],
)
def test_text_and_commands(text: str, incoming: Incoming) -> None:
    assert telegram.parse(message(text=text)) == telegram.Parsed("7", "7", incoming)


def test_code_of_an_invitation() -> None:
    begins = Incoming(choice="t:gesprek/groet")
    assert telegram.parse(message(text="/start abc")) == telegram.Parsed(
        "7", "7", begins, code="abc"
    )


def test_tap() -> None:
    assert telegram.parse(tap("t:a/b")).incoming == Incoming(choice="t:a/b")


@pytest.mark.parametrize("data", [None, "", "a\x00b", "é" * 33])
def test_broken_tap(data: str | None) -> None:
    assert telegram.parse(tap(data)) == telegram.Parsed("7", "7", direct=BROKEN_BUTTON)


FILE = {"file_id": "f", "file_unique_id": "u"}


@pytest.mark.parametrize(
    "content",
    [
        {"photo": [FILE | {"width": 1, "height": 1}], "caption": "kijk"},
        {"voice": FILE | {"duration": 1}},
        {"document": FILE},
        {"location": {"latitude": 1.0, "longitude": 1.0}},
        {"contact": {"phone_number": "1", "first_name": "A"}},
        {
            "sticker": FILE
            | {"width": 1, "height": 1, "is_animated": False, "is_video": False, "type": "regular"}
        },
    ],
)
def test_anything_but_text(content: dict[str, Any]) -> None:
    assert telegram.parse(message(**content)) == telegram.Parsed("7", "7", direct=ONLY_TEXT)


def test_edited_message() -> None:
    body = {"message_id": 5, "date": 1, "edit_date": 2, "chat": PRIVATE, "from": USER, "text": "x"}
    edited = json.dumps({"update_id": 1, "edited_message": body})
    assert telegram.parse(edited) == telegram.Parsed("7", "7", direct=EDITED)
    body["location"] = {"latitude": 1.0, "longitude": 1.0}
    assert telegram.parse(json.dumps({"update_id": 1, "edited_message": body})).direct is None


def test_nothing_to_handle() -> None:
    group = {"id": -3, "type": "group", "title": "G"}
    service = {"message_auto_delete_timer_changed": {"message_auto_delete_time": 9}}
    for payload in ('{"update_id": 1}', message(text="x", chat=group), message(**service)):
        parsed = telegram.parse(payload)
        assert (parsed.incoming, parsed.direct) == (None, None)


# render


def test_sources_links_and_buttons() -> None:
    source = SourceLine(title="Plan", publisher="Regio", section="2", date="2025")
    choices = (Choice(label="L" * 80, value="a"), Choice(label="Nee", value="é" * 32))
    reply = Reply(text="Dag", choices=choices, sources=(source,), links=("https://x.nl",))
    [(text, keyboard)] = telegram.render(reply)
    assert text == "Dag\n\nBron: Plan (Regio), onderdeel 2, 2025\n\nhttps://x.nl"
    assert keyboard is not None
    rows = keyboard.inline_keyboard
    assert [len(row) for row in rows] == [1, 1]
    assert rows[0][0].text == "L" * 59 + "…"
    assert rows[1][0].callback_data == "é" * 32


def test_button_that_telegram_would_refuse_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="at most 64 bytes"):
        Choice(label="A", value="a" * 63 + "é")  # 64 characters, but 65 bytes


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        ("a" * 3000 + "\n\n" + "b" * 3000, [3000, 3000]),
        ("a" * 3000 + "\n" + "b " * 1000 + "c" * 500, [3000, 2500]),
        ("woord " * 1000, [4091, 1907]),
        ("a" * 9000, [4096, 4096, 808]),
        ("😀" * 3000, [2048, 952]),
        ("a" + "😀" * 2048, [2048, 1]),
        ("a" * 4096, [4096]),
    ],
)
def test_split(text: str, lengths: list[int]) -> None:
    choices = (Choice(label="A", value="a"),)
    parts = telegram.render(Reply(text=text, choices=choices))
    assert [len(part) for part, _ in parts] == lengths
    assert all(len(part.encode("utf-16-le")) // 2 <= MAX_TEXT_UNITS for part, _ in parts)
    assert [keyboard is not None for _, keyboard in parts] == [False] * (len(parts) - 1) + [True]
    assert "".join("".join(part.split()) for part, _ in parts) == "".join(text.split())


def test_empty_reply() -> None:
    assert telegram.render(Reply(text=" ")) == []
    assert telegram.render(Reply(text="", choices=(Choice(label="A", value="a"),)))[0][0] == "Kies:"


def test_phone_numbers_can_be_tapped() -> None:
    shown = telegram.render(Reply(text="Bel 112, of de LHV: 085 – 04 80 000. Fase 3a, U5, 2022."))
    assert shown == [("Bel 112, of de LHV: +31 85 048 0000. Fase 3a, U5, 2022.", None)]
