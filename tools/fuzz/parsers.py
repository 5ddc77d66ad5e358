"""The pure parsers, with inputs made for each and what must hold of what they give."""

import asyncio
import json
import re
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from hypothesis import strategies as st
from starlette.datastructures import QueryParams
from stdnum.nl import bsn

from bot.menu import read_typed
from bot.telegram import parse
from bot.web.blocks import read_blocks
from bot.web.channel import as_payload, read_web
from bot.web.incoming import TooLargeError, read_form, read_sent
from bot.web.telegram_webhook import read_update
from bottlenecks.desk.reports.filters import day_in, from_query, page_of, to_query
from bottlenecks.privacy import joined_phone_numbers, phone_numbers, screen
from bottlenecks.store.codes import DIGITS, LETTERS, code_in, masked
from dialogues import commands
from dialogues.entities import find_entities, normalised_reference
from dialogues.flows import engine, reading, sharing
from dialogues.flows.state import FlowState
from dialogues.regions import Place, mentions, place_from_slot, place_of_story
from dialogues.reply import MAX_VALUE_BYTES
from knowledge import Knowledge, load
from knowledge.flow_model import FlowChoice
from nlu.danger import tells_of_past
from nlu.normalise import written_out
from nlu.segments import closing, questions
from nlu.segments import sentences as cut_into_sentences
from tools.fuzz.inputs import (
    day_texts,
    forms,
    queries,
    some_words,
    stories,
    tapped,
    updates,
    values,
)
from tools.fuzz.running import Parser
from tools.fuzz.texts import anything, broken, odd, words

TODAY = date(2026, 11, 29)
STAMP = engine.Stamp(1, "2026-11-29T09:00:00+00:00")
_REFERENCE = re.compile(r"KP-[0-9]{4}-[0-9]{4,20}")
_LOOSE_BSN = re.compile(r"(?<![^\s,;:()])[0-9]{9}(?![^\s,;:()])")
_LOOSE_EMAIL = re.compile(r"(?<!\S)[a-z0-9][a-z0-9.]{0,30}@[a-z0-9]{1,20}\.[a-z]{2,4}(?!\S)")


@cache
def _knowledge() -> Knowledge:
    return load()


# buttons: what Telegram sends back, whoever made it

_LISTED = (FlowChoice(value="kp-2026-0001", label="KP-2026-0001 Thuiszorg"),)


def _check_button(data: str) -> None:
    parsed = parse(json.dumps(tapped(data)))
    if parsed.direct is None:
        assert parsed.incoming is not None
        assert parsed.incoming.choice == data
        assert 0 < len(data.encode()) <= MAX_VALUE_BYTES


def _check_flow_input(case: tuple[int, int, str, bool]) -> None:
    """A tapped button and a typed text at any step of any flow: the next state is one of it."""
    flow_number, step_number, data, is_typed = case
    flows = sorted(_knowledge().flows)
    flow = _knowledge().flows[flows[flow_number % len(flows)]]
    step = flow.steps[step_number % len(flow.steps)]
    state = FlowState(flow.id, "abc123", flow.version, step.id)
    lists = {one.list_name: _LISTED for one in flow.steps if one.list_name}
    given = (
        reading.read(flow, state, lists, data, loosely=bool(step_number % 2))
        if is_typed
        else engine.given_by(state, f"f:abc123:{step.id}:{data}")
    )
    _, after = engine.advance(flow, state, lists, given, STAMP)
    assert after.step in {one.id for one in flow.steps}
    assert FlowState.from_data(json.loads(json.dumps(after.as_data()))) == after


# references, codes, days


def _check_reference(text: str) -> None:
    found = normalised_reference(text)
    if found is not None:
        assert _REFERENCE.fullmatch(found), found
        assert normalised_reference(found) == found


def _check_code(text: str) -> None:
    found = code_in(text)
    if found is not None:
        assert set(found) <= set(LETTERS + DIGITS + "-")
        assert code_in(found) == found
    assert code_in(masked(text)) is None
    typed = sharing.as_code(text)
    assert typed is None or len(typed.encode()) <= MAX_VALUE_BYTES


def _check_day(text: str) -> None:
    found = day_in(text)
    assert found is None or day_in(found.isoformat()) == found


def _check_query(pairs: list[tuple[str, str]]) -> None:
    params = QueryParams(urlencode(pairs, errors="surrogatepass"))
    wanted = from_query(params, "0" * 32)
    assert from_query(QueryParams(to_query(wanted)), "0" * 32) == wanted
    assert page_of(params) >= 1


def _check_details(text: str) -> None:
    found = find_entities(text, _knowledge(), lambda: TODAY)
    assert all(0 <= start < end <= len(text) for start, end in found.spans)
    assert found.urgency is None or 1 <= found.urgency <= 5
    json.dumps(found.as_data())


# regions


def _check_places(text: str) -> None:
    knowledge = _knowledge()
    end = 0
    for mention in mentions(text, knowledge):
        assert end <= mention.start < mention.end <= len(text)
        end = mention.end
        _check_place(mention.place)
    place = place_of_story(text, knowledge)
    if place is not None:
        _check_place(place)


def _check_place(place: Place) -> None:
    assert place.region is None or place.region in _knowledge().regions
    assert place_from_slot(place.as_slot()) == place


# screening


def _check_screening(text: str) -> None:
    screened = screen(text, today=TODAY)
    end = 0
    for one in screened.found:
        assert end <= one.start < one.end <= len(text)
        assert text[one.start : one.end] == one.text
        end = one.end
    # beside a marker more may be seen than before: once more may remove more, never give back
    for left in (screened.text, screen(screened.text, today=TODAY).text):
        for number in _LOOSE_BSN.findall(left):
            assert not bsn.is_valid(number), f"BSN left: {number}"
        assert not _LOOSE_EMAIL.search(left), "e-mail address left"


# what a report or a message says


def _check_words(text: str) -> None:
    knowledge = _knowledge()
    for in_flow, missed in ((False, False), (True, False), (False, True)):
        value = commands.typed(text, knowledge, in_flow=in_flow, missed=missed)
        assert value is None or value
    incoming = read_typed(text)
    assert incoming.choice or incoming.text


def _check_report_text(text: str) -> None:
    assert questions(text) == [text.strip()] or all(questions(text))
    assert all(part.strip() for part in cut_into_sentences(text))
    assert closing(text) or not text.strip()
    assert isinstance(written_out(text), str)
    assert isinstance(tells_of_past(text), bool)
    assert all(0 <= start < end <= len(text) for start, end in phone_numbers(text))
    assert joined_phone_numbers(text).count("\n") <= text.count("\n")
    read_blocks(text)


# from the web: forms, and updates that Telegram sends to the webhook


def _check_form(body: bytes) -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    request = Request({"type": "http", "method": "POST", "headers": []}, receive)
    try:
        fields = asyncio.run(read_form(request))
    except TooLargeError:
        return
    sent = read_sent(fields)
    assert sent.id
    incoming = read_typed(sent.text) if sent.choice is None else None
    opened = read_web(as_payload("token", incoming, None if incoming else "x"))
    assert opened.incoming == incoming
    assert opened.outside_id == "token"


def _check_update(content: Any) -> None:
    update = read_update(json.dumps(content).encode())
    if update is not None:
        parse(update.to_json())


PARSERS = (
    Parser("buttons as Telegram sends them", 190, values, _check_button),
    Parser(
        "buttons and texts at steps of flows",
        110,
        st.tuples(st.integers(0, 50), st.integers(0, 50), values | words, st.booleans()),
        _check_flow_input,
    ),
    Parser(
        "references (KP-...)",
        170,
        broken(st.sampled_from(("KP-2026-0001", "kp 2026 12")), "KkPp-0123456789 ٣²\n"),
        _check_reference,
    ),
    Parser(
        "codes",
        150,
        broken(st.sampled_from(("A2B3-C4D5", "a2b3c4d5", "A2B3 C4D5")), "ABCabcıſ23456789- \n"),
        _check_code,
    ),
    Parser("days from the desk", 120, day_texts, _check_day),
    Parser("filters of the desk", 30, queries, _check_query),
    Parser("dates and details in messages", 50, day_texts | some_words, _check_details),
    Parser("regions", 40, some_words | anything, _check_places),
    Parser("screening", 50, stories | anything, _check_screening),
    Parser("commands in words", 30, some_words | anything | odd, _check_words),
    Parser("texts of reports", 20, stories | anything, _check_report_text),
    Parser("forms from the web", 20, forms, _check_form),
    Parser("updates from the web (JSON)", 20, updates, _check_update),
)
