"""Reads what is typed at a step into what a button would have sent."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from rapidfuzz import fuzz, process

from dialogues.flows import engine
from dialogues.flows.state import FlowState, Lists, choices_of
from knowledge.flow_model import Flow, FlowChoice, Step

FILE = Path(__file__).parent / "words.yml"
# of 100: how much a typed word must be like a choice to be a misspelling of it
_LIKE = 84
_MIN_LIKE_LETTERS = 4
# values and beginnings of labels that a plain "ja" or "nee" stands for
_YES_VALUES = ("ja", "versturen", "gedaan", "gevonden")
_NO_VALUES = ("nee", "niets", "geen-plek", "weigert", "later")
_UNKNOWN_VALUES = ("weet-niet", "onbekend")
_ASKING = frozenset("wie wat waar wanneer welke hoe waarom mag kan moet".split())
_NOT_YET = re.compile(r"\b(?:niet|nee|geen|nog|maar|wacht|behalve|fout)\b")
_EXCEPT = re.compile(r"\b(?:behalve|maar niet|zonder)\b")
_POLITE_START = re.compile(
    r"^(?:ja|nee|ok|oke|oké|nou|uh|eh|sorry|graag|even|kun je|wil je)\s+(?=\w)"
)
_POLITE_END = re.compile(r"(?<=\w)\s+(?:graag|aub|alsjeblieft|svp|maar|dan|hoor|even|nu)$")


@dataclass(frozen=True)
class _Words:
    commands: Mapping[str, re.Pattern[str]]
    yes: frozenset[str]
    no: frozenset[str]
    unknown: frozenset[str]
    ordinals: Mapping[str, int]
    numbers: Mapping[str, int]


def command(text: str) -> str | None:
    """The command that a message consists of; None when it says something else."""
    words = folded(text)
    for name, pattern in _words().commands.items():
        if pattern.fullmatch(words) or pattern.fullmatch(_stripped(words)):
            return name
    return None


def steps_back(text: str) -> int:
    """How many steps back a message asks for ("drie stappen terug"); 0 when it does not."""
    found = re.fullmatch(r"(?:ga )?(\w+) stap(?:pen|jes)? terug", folded(text))
    if found is None:
        return 0
    return int(found[1]) if found[1].isdigit() else _words().numbers.get(found[1], 0)


def read(flow: Flow, state: FlowState, lists: Lists, text: str, *, loosely: bool) -> str | None:
    """What a typed message means at the current step, as the input of a button.

    `loosely` also takes misspelt choices, and free text at a step that asks for it; without it
    only what can hardly mean anything else. None: not understood.
    """
    step = flow.step(state.step)
    said = _command_at(step, state, text)
    if said is not None:
        return said
    match step.kind:
        case "bevestigen":
            return _summary(flow, state, step, text)
        case "lezen":
            going_on = folded(text) in {*_words().yes, "verder", "volgende", "gelezen"}
            return engine.READ if going_on else None
        case "meerkeuze":
            return _several(state, choices_of(step, lists), text)
        case "opsomming":
            return _collected(state, step, text) if loosely else None
        case "tekst":
            return _free(step, text) if loosely else None
        case _:
            options = choices_of(step, lists)
            value = _yes_or_no(step, options, text) or match(text, options, loosely=loosely)
            if value is None and step.other and loosely and text.strip() and not _is_number(text):
                return engine.TYPED + text.strip()
            return value


def match(text: str, options: Sequence[FlowChoice], *, loosely: bool = False) -> str | None:
    """The one choice that a typed text means: its number, its label, or a word for it."""
    words = folded(text)
    if not words:
        return None
    place = _place(words, len(options))
    if place is not None:
        return options[place - 1].value if 0 < place <= len(options) else None
    exact = match_exactly(words, options)
    if exact is not None:
        return exact
    names = [(name, option.value) for option in options for name in _names(option)]
    if asks(text):
        return None  # "hoe erg is hoog?" chooses nothing
    inside = {
        value for name, value in names if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words)
    }
    if len(inside) == 1:
        return inside.pop()
    if len(inside) > 1 or not loosely or len(words) < _MIN_LIKE_LETTERS:
        return None
    part = {value for name, value in names if set(words.split()) <= set(name.split())}
    if len(part) == 1:
        return part.pop()
    best = process.extract(words, [name for name, _ in names], scorer=fuzz.ratio, limit=2)
    like = {names[index][1] for _, score, index in best if score >= _LIKE}
    return like.pop() if len(like) == 1 else None


def match_exactly(text: str, options: Sequence[FlowChoice]) -> str | None:
    """The one choice that a text names and does nothing else."""
    words = folded(text)
    exact = {o.value for o in options if words == o.value or words in _names(o)}
    return exact.pop() if len(exact) == 1 else None


def asks(text: str) -> bool:
    """Whether a message is put as a question: by its mark, or its first word."""
    words = text.lower().split()
    return len(words) > 2 and (text.strip().endswith("?") or words[0] in _ASKING)


def says_yes(text: str) -> bool:
    """Whether a message says no more than yes."""
    return folded(text) in _words().yes


def says_no(text: str) -> bool:
    """Whether a message says no more than no."""
    return folded(text) in _words().no


def folded(text: str) -> str:
    """A text in lower case, without punctuation, with single spaces."""
    return " ".join(re.sub(r"[^\w\s?/-]|(?<=\w)\?", " ", text.lower()).split())


def _command_at(step: Step, state: FlowState, text: str) -> str | None:
    said = command(text)
    words = folded(text)
    if said == engine.SKIP and not step.skippable:
        return None if step.kind != "lezen" else engine.READ
    if said == engine.LEAVE and step.id not in state.answers:
        return None
    if said == engine.FINISH:
        return said if step.kind in ("meerkeuze", "opsomming") else None
    if said is not None:
        return said
    if step.skippable:
        unknown = words in _words().unknown and not _has_unknown(step)
        named = {folded(word) for word in (step.skippable, *step.skip_words)}
        if words in named or words in _words().no or unknown:
            if step.kind == "opsomming" and state.picked:
                return engine.FINISH
            return engine.SKIP if step.kind != "keuze" or unknown else None
    if step.kind in ("meerkeuze", "opsomming") and words in _words().no:
        return engine.FINISH
    return None


def _has_unknown(step: Step) -> bool:
    return any(choice.value in _UNKNOWN_VALUES for choice in step.choices)


def _yes_or_no(step: Step, options: Sequence[FlowChoice], text: str) -> str | None:
    words = folded(text)
    for said, values, beginning in (
        (_words().yes, _YES_VALUES, "ja"),
        (_words().no, _NO_VALUES, "nee"),
        (_words().unknown, _UNKNOWN_VALUES, "weet"),
    ):
        if words not in said:
            continue
        exact = [option.value for option in options if words in _names(option)]
        meant = exact or [
            option.value
            for option in options
            if option.value in values or folded(option.label).split()[:1] == [beginning]
        ]
        return meant[0] if len(set(meant)) == 1 else None
    return None


def _summary(flow: Flow, state: FlowState, step: Step, text: str) -> str | None:
    words = folded(text)
    labels = {
        other.id: folded(str(other.summary_label)) for other in engine.changeable(flow, state)
    }
    named = [id_ for id_, label in labels.items() if re.search(rf"\b{re.escape(label)}\b", words)]
    if len(named) == 1:
        return f"{engine.CHANGE}-{named[0]}"
    if state.choosing:
        return None
    if re.fullmatch(r"(?:iets |nog iets )?(?:aanpassen|wijzigen|veranderen|verbeteren)", words):
        return engine.CHANGE
    value = _yes_or_no(step, step.choices, text) or match(text, step.choices, loosely=True)
    # "dit klopt niet" and "ja, maar" confirm nothing
    return None if value == engine.SEND and _NOT_YET.search(words) else value


def _several(state: FlowState, options: Sequence[FlowChoice], text: str) -> str | None:
    """Ticks: "1, 3 en 5", "allemaal", "alles behalve de tweede", names with commas."""
    words = folded(text)
    everything = re.match(r"(?:alle\w*|allemaal|alles)\b", words)
    if everything:
        rest = _EXCEPT.split(words, maxsplit=1)
        left_out = _values_in(rest[1], options) if len(rest) > 1 else []
        if len(rest) > 1 and not left_out:
            return None
        picked = [option.value for option in options if option.value not in left_out]
    else:
        picked = _values_in(text.lower(), options)
    return ",".join(engine.PICK + value for value in picked) or None


def _values_in(text: str, options: Sequence[FlowChoice]) -> list[str]:
    """The choices that a list names; empty when a part of the list is none of them."""
    values = []
    for part in re.split(r",|;|\n|\ben\b|&|(?<=\d)\s+(?=\d)", text):
        if not part.strip():
            continue
        value = match(part, options, loosely=True)
        if value is None:
            return []
        values.append(value)
    return values


def _collected(state: FlowState, step: Step, text: str) -> str | None:
    """Items of a list; "alle drie gebeld" counts calls without naming them."""
    counted = re.search(
        r"\b(?:alle|allemaal|alledrie)?\s*(\w+)?\s*(?:gebeld|benaderd)\b", folded(text)
    )
    if counted and step.at_most:
        number = _words().numbers.get(counted[1] or "", 0) or (
            int(counted[1]) if (counted[1] or "").isdigit() else 0
        )
        if "alle" in folded(text) and not number:
            number = step.at_most
        if 0 < number <= step.at_most:
            known = len(state.picked)
            places = range(known + 1, max(number, known) + 1)
            names = [f"organisatie {place} (naam niet genoemd)" for place in places]
            return engine.TYPED + "\n".join(names) if names else engine.FINISH
    return _free(step, text)


def _free(step: Step, text: str) -> str | None:
    written = text.strip()
    return engine.TYPED + written if re.search(r"\w", written) else None


def _place(words: str, count: int) -> int | None:
    """The place in a list that is named: "2", "de tweede", "optie 3", "nummer twee", "laatste"."""
    choice = re.sub(r"^(?:ik kies|ik neem|doe|neem|kies)\s+|\s+(?:maar|graag)$", "", words)
    kind = r"(?:optie|nummer|nr|keuze|knop|mogelijkheid)"
    if found := re.fullmatch(
        rf"(?:(?:de|het|{kind}) )*(\d{{1,3}})(?:e|de|ste)?(?: {kind})?", choice
    ):
        return int(found[1])
    if found := re.fullmatch(rf"(?:de |het )?(\w+)(?: {kind})?", choice):
        if found[1] in ("laatste", "onderste"):
            return count
        if found[1] in _words().ordinals:
            return _words().ordinals[found[1]]
    found = re.fullmatch(rf"{kind} (\w+)", choice)
    return _words().numbers.get(found[1]) if found else None


def _is_number(text: str) -> bool:
    return text.strip().isdigit()


def _names(option: FlowChoice) -> tuple[str, ...]:
    """What people may call a choice: its label, and the words for it."""
    names = dict.fromkeys(folded(name) for name in (option.label, *option.synonyms))
    return tuple(name for name in names if name)


def _stripped(words: str) -> str:
    """Without the polite words around it."""
    return _POLITE_END.sub("", _POLITE_START.sub("", words))


@cache
def _words() -> _Words:
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return _Words(
        {
            name: re.compile("|".join(f"(?:{line})" for line in lines))
            for name, lines in data["opdrachten"].items()
        },
        frozenset(folded(word) for word in data["ja"]),
        frozenset(folded(word) for word in data["nee"]),
        frozenset(folded(word) for word in data["weet_niet"]),
        data["rangwoorden"],
        data["telwoorden"],
    )
