"""From what was said to a report: a question without an answer, a wrong answer, or its own text."""

import re
from collections.abc import Callable

from bottlenecks.privacy import screen
from dialogues import counting, unclear
from dialogues.entities import normalised_reference
from dialogues.flows import failing, runner, showing
from dialogues.flows.handlers.base import region_answer
from dialogues.reply import Choice
from dialogues.turn import Turn
from nlu.topics import topic_of

# the inputs of the buttons; behind the second is the topic
REPORT_QUESTION = "m:vraag"
REPORT_ANSWER = "m:antwoord:"
REPORT_CHOICE = Choice(label="Deze vraag melden", value=REPORT_QUESTION)
_TOLD = re.compile(r"^\W*(?:knelpunt|melding|meld|melden)\s*:\s*(?P<text>\S.*)$", re.I | re.S)
FEEDBACK = "action_feedback"
_SILENT = frozenset({"action_listen", "action_session_start"})
# a question of a word or two is kept as one, but no report is begun with so little
_MIN_LETTERS = 3


def choices(turn: Turn) -> tuple[Choice, ...]:
    """The button that reports the last question without an answer; none when there is none."""
    return (REPORT_CHOICE,) if unclear.unanswered(turn) else ()


def report_question(turn: Turn) -> None:
    """Begin a report of the last question without an answer."""
    question = unclear.unanswered(turn)
    if question is None:
        runner.report(turn, {})
        return
    filled = {"wat": f'Vraag waar de assistent geen antwoord op had: "{question.text}"'}
    if region := question.region or turn.region:
        filled["regio"] = region
    runner.report(turn, filled, about=question.topic)


def report_answer(turn: Turn, topic_id: str) -> None:
    """Begin a report of an answer that is wrong."""
    topic = turn.knowledge.topics.get(topic_id)
    if topic is None:
        runner.report(turn, {})
        return
    filled = {"wat": f'Volgens de melder klopt het antwoord op "{topic.title}" niet.'}
    asked = turn.slot("asked") or {}
    if asked.get("wrong") and turn.slot("topic") == topic.id:
        filled["wat"] += f' Gevraagd: "{asked["text"]}". Daarna: "{asked["wrong"]}"'
    runner.report(turn, {**filled, **region_answer(turn)}, about=topic.id)


def report_told(turn: Turn) -> bool:
    """Begin a report with the text behind "knelpunt:"; False when the message is no such one."""
    found = _told(turn)
    if found is None:
        return False
    text = found["text"].strip()
    if sum(char.isalpha() for char in screen(text).text) < _MIN_LETTERS:
        return False
    if turn.flow is None:
        unclear.resolved(turn, runner.REPORT)
    counting.answered(turn, turn.knowledge.topic(runner.REPORT))
    runner.start(turn, runner.REPORT, text=text, whole="wat")
    return True


def tells_report(turn: Turn) -> bool:
    """Whether the message is a report by its first word: "knelpunt: ..."."""
    return _told(turn) is not None


def told(turn: Turn) -> str:
    """What a message tells, without "knelpunt:" before it."""
    found = _told(turn)
    return found["text"].strip() if found else turn.incoming.text


def _told(turn: Turn) -> re.Match[str] | None:
    found = _TOLD.match(turn.incoming.text) if turn.incoming.choice is None else None
    # "melding: KP-2026-0012" is about that report
    return None if found is None or normalised_reference(turn.incoming.text) else found


def unless_report(action: Callable[[Turn], None]) -> Callable[[Turn], None]:
    """The action, but for a message that is a report by its first word, whatever else it is."""

    def act(turn: Turn) -> None:
        if not report_told(turn) and not _reports_complaint(turn):
            action(turn)

    return act


def spoken(turn: Turn) -> list[tuple[str, str, str]]:
    """What was done lately, oldest first: the action, the topic it was for, and what was typed."""
    done, topic, text = [], "", ""
    for event in turn.memory.events:
        if event.get("event") == "user":
            intent = (event.get("parse_data") or {}).get("intent") or {}
            topic, text = topic_of(str(intent.get("name") or "")), str(event.get("text") or "")
        elif event.get("event") == "action" and event.get("name") not in _SILENT:
            done.append((str(event.get("name")), topic, text))
    return done


def _reports_complaint(turn: Turn) -> bool:
    """Whether a typed "meld dat" reports the answer that was just called wrong: then it does."""
    topic = turn.slot("topic")
    if not topic or turn.incoming.choice is not None:
        return False
    if not failing.asks_to_report(turn.incoming.text):
        return False
    done = spoken(turn)
    if not done or done[-1][0] != FEEDBACK:
        return False
    report_answer(turn, topic)
    return True


def report_what_was_said(turn: Turn) -> bool:
    """In a flow: report what had no answer at this step; False when there is no such thing."""
    run = showing.running(turn)
    question = unclear.unanswered(turn)
    if run is None or question is None or question.step != unclear.step_now(turn):
        return False
    report_question(turn)
    return True
