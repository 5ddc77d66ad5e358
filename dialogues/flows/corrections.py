"""Corrections in plain words, at any moment: "nee, het was Westelijke Mijnstreek"."""

import re
from dataclasses import dataclass

from dialogues.flows import engine
from dialogues.flows.reading import folded, match, match_exactly, says_no, says_yes
from dialogues.flows.state import FlowState, Lists, choices_of, shown
from knowledge.flow_model import Flow, Step

# a correction says little beside the new answer; a longer message is a story
_MAX_WORDS = 6
_START = r"(?:nee+|oeps|sorry|wacht|foutje|ho|pardon|nou|eh|correctie)"
_IS = r"(?:was|is|moet|moest|wordt|werd|had|zit|zitten|ligt)"
_CUE = re.compile(
    rf"^{_START}\b|\bik bedoel(?:de)?\b|\btoch\b|\bklopt niet\b|\bverkeerd\b|\bniet .+ maar\b"
    rf"|\bmoet(?:en)? .*(?:zijn|worden)$|^(?:verander|wijzig|pas|zet)\b|\b(?:aanpassen|wijzigen)$"
    r"|^terug naar\b"
)
_AROUND = re.compile(
    rf"^(?:(?:{_START}|ik bedoel(?:de)?|het|dat|dit|die|wij|we|{_IS}|toch|wel|de|een|in|bij|voor"
    rf"|hier|regio|naar|dus|eigenlijk|gewoon)\s+)+"
    rf"|\s+(?:zijn|worden|toch|hoor|dus|bedoel ik|bedoelde ik)$"
)


@dataclass(frozen=True)
class Correction:
    """An earlier answer that someone changes; `answer` None: they only say which."""

    step: str
    answer: str | None


def find(flow: Flow, state: FlowState, lists: Lists, text: str) -> Correction | None:
    """The correction that a message makes to an earlier answer; None when it makes none."""
    words = folded(text)
    if not _CUE.search(words):
        return None
    given = [step for step in shown(flow, state.answers) if step.id in state.answers]
    named = [step for step in given if _names_step(step, words)]
    if len(named) == 1:
        return _of_named(named[0], state, lists, text)
    rest = _rest(words)
    # "nee" alone may be an answer to an earlier question as well, but corrects none
    if not rest or len(rest.split()) > _MAX_WORDS or says_yes(rest) or says_no(rest):
        return None
    found = [
        Correction(step.id, value)
        for step in given
        if step.id != state.step and step.kind in ("keuze", "taak")
        if (value := match_exactly(rest, choices_of(step, lists))) is not None
        if value != state.answers[step.id] and not rest.isdigit()
    ]
    return found[0] if len(found) == 1 else None


def _of_named(step: Step, state: FlowState, lists: Lists, text: str) -> Correction | None:
    label = re.escape(str(step.summary_label).lower())
    told = re.search(rf"{label}\s+(?:{_IS})?\s*:?\s*(.+)", text, re.IGNORECASE)
    rest = _rest(folded(told[1])) if told else ""
    if step.kind in ("keuze", "taak"):
        options = choices_of(step, lists)
        value = match(rest, options) or match(_rest(folded(text)), options)
        return Correction(step.id, value if value != state.answers[step.id] else None)
    if step.kind == "tekst" and told and re.search(rf"{label}\s+(?:{_IS}|:)", text, re.IGNORECASE):
        written = re.sub(r"\s+(?:zijn|worden)$", "", told[1].strip(" :"))
        if not re.match(r"(?:niet|verkeerd|fout|anders)\b", written, re.IGNORECASE):
            return Correction(step.id, engine.TYPED + written)
    return Correction(step.id, None)


def _names_step(step: Step, words: str) -> bool:
    label = folded(step.summary_label or "")
    return bool(label) and re.search(rf"(?<!\w){re.escape(label)}(?!\w)", words) is not None


def _rest(words: str) -> str:
    """What is left of a correction when its cues are taken away."""
    after = re.search(r"\bniet .+? maar (.+)$", words)
    rest = after[1] if after else words
    previous = None
    while rest != previous:
        previous, rest = rest, _AROUND.sub("", rest).strip()
    return rest
