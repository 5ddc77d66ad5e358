"""A short fuzzing run: `make fuzz` tries far more of the same (docs/fuzz.md)."""

import json
import random

import pytest
from hypothesis import strategies as st

from bot.web.telegram_webhook import read_update
from bottlenecks.privacy import screen
from dialogues.assistant import Assistant
from dialogues.entities import normalised_reference
from dialogues.flows import engine, inputs
from dialogues.flows.state import FlowState
from dialogues.reply import Reply
from knowledge import load
from tests.conftest import Talk
from tools.fuzz import running
from tools.fuzz.inputs import tapped
from tools.fuzz.parsers import PARSERS
from tools.fuzz.running import Parser, try_out
from tools.fuzz.talk import check, converse

INPUTS = 3000
MESSAGES = 80


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.name)
def test_no_input_breaks_a_parser(parser: Parser) -> None:
    first_seed = random.randrange(10**6)  # shown with the failing input
    number = INPUTS * parser.share // 1000
    assert try_out(parser, number, first_seed).number >= number


def test_no_message_breaks_a_conversation(assistant: Assistant) -> None:
    sent = converse(MESSAGES, random.randrange(10**6), assistant, steps=30)
    assert sent.number >= MESSAGES


def test_the_shares_are_a_thousand() -> None:
    assert sum(parser.share for parser in PARSERS) == 1000


@pytest.mark.parametrize(
    "wrong",
    [
        Reply(text=" "),
        Reply(text="het BSN is 111222333"),
    ],
)
def test_a_wrong_reply_is_noticed(wrong: Reply) -> None:
    with pytest.raises(AssertionError):
        check(wrong)


def test_a_parser_that_never_ends_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def waits(text: str) -> None:
        while "x" in text:
            pass

    monkeypatch.setattr(running, "LONGEST_S", 0.2)
    with pytest.raises(TimeoutError):
        try_out(Parser("slow", 1000, st.just("x"), waits), 1, 1)


def test_a_parser_that_fails_is_noticed() -> None:
    def fails(text: str) -> None:
        assert "x" not in text

    parser = next(one for one in PARSERS if one.name == "regions")
    broken = Parser("broken", 1000, parser.inputs, fails)
    with pytest.raises(AssertionError):
        try_out(broken, 3000, 1)


def test_the_rest_left_empty_comes_to_an_end(talk: Talk) -> None:
    """Found by fuzzing: this message kept the worker busy for ever."""
    talk.says("wijzig mijn regio")
    assert "regio" in talk.replies[-1].text
    assert talk.says("sla de rest over").strip()
    assert "standaard eindverantwoordelijk" in talk.says("wie coördineert het noodplan?")


@pytest.mark.parametrize("flow_id", sorted(load().flows))
def test_the_rest_of_any_flow_comes_to_an_end(flow_id: str) -> None:
    flow = load().flows[flow_id]
    lists = {step.list_name: () for step in flow.steps if step.list_name}
    for step in flow.steps:
        state = FlowState(flow.id, "abc123", flow.version, step.id)
        _, after = engine.advance(flow, state, lists, inputs.REST, engine.Stamp())
        assert after.step in {one.id for one in flow.steps}


def test_a_reference_has_our_own_digits() -> None:
    assert normalised_reference("KP000\u06630") is None
    assert normalised_reference("kp 2026-12 en KP20260012") == "KP-2026-0012"


def test_a_number_against_another_is_removed_too() -> None:
    screened = screen("polisnr 12345678 123456782").text
    assert not any(sign.isdigit() for sign in screened)


def test_an_update_that_the_worker_cannot_read_is_refused() -> None:
    update = tapped("verder:")
    assert read_update(json.dumps(update).encode()) is not None
    update["callback_query"]["id"] = None
    assert read_update(json.dumps(update).encode()) is None
