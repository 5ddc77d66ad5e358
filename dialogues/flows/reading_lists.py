"""Reads what is typed at a step that takes several answers: ticks, and items of a list."""

import re
from collections.abc import Sequence

from dialogues.flows import inputs
from dialogues.flows.state import FlowState
from dialogues.flows.words import folded, match, words
from knowledge.flow_model import FlowChoice, Step

_EXCEPT = re.compile(r"\b(?:behalve|maar niet|zonder)\b")
_TAKES_OUT = re.compile(r"\s+(?:toch )?(?:niet|eruit|weg|er uit)$|^(?:geen|zonder)\s+")
_PUTS_IN = re.compile(r"\s+(?:ook|erbij|er bij|graag)$|^(?:ook|en)\s+")
_CALLED = re.compile(
    r"(?:(?:nou|ja|ik|we|heb|hebben|er|ze|al|nu) )*(?P<all>alle(?:maal|drie)? )?(?P<number>\w+ )?"
    r"(?:al )?(?:gebeld|benaderd)(?: hoor)?"
)
# what begins like this is no item of a list, but says something about the one before
SECOND_THOUGHT = re.compile(
    r"^(?:nee+|oeps|oei|sorry|wacht|ik bedoel(?:de)?)\b[ ,]*"
    r"(?:(?:sorry|ik bedoel(?:de)?|het was|het is|dat was|dat is)\b[ ,]*)*(?P<rest>.*)$",
    re.IGNORECASE,
)
REPLACES = re.compile(r"\bbedoel(?:de)?\b|\b(?:het|dat) (?:was|is)\b", re.IGNORECASE)


def ticks(options: Sequence[FlowChoice], text: str) -> str | None:
    """Ticks: "1, 3 en 5", "allemaal", "alles behalve de tweede", "de spoedpost toch niet"."""
    said = folded(text)
    if re.match(r"(?:alle|allemaal|alles)\b", said):
        rest = _EXCEPT.split(said, maxsplit=1)
        left_out = _values_in(rest[1], options) if len(rest) > 1 else []
        if len(rest) > 1 and not left_out:
            return None
        return _exactly([o.value for o in options if o.value not in left_out], options)
    if only := re.match(r"(?:alleen|enkel|slechts)(?: maar)? (.+)", said):
        values = _values_in(only[1], options)
        return _exactly(values, options) if values else None
    changes = []
    for part in re.split(r",|;|\n", text.lower()):
        if not part.strip():
            continue
        sign = inputs.UNPICK if _TAKES_OUT.search(folded(part)) else inputs.PICK
        values = _values_in(_PUTS_IN.sub("", _TAKES_OUT.sub("", folded(part))), options)
        if not values:
            return None
        changes += [sign + value for value in values]
    return ",".join(changes) or None


def item(state: FlowState, step: Step, text: str) -> str | None:
    """One item, or several names; "alle drie gebeld" counts calls without naming them."""
    written = text.strip()
    if written.endswith("?"):
        return None
    counted = _counted(state, step, text)
    if counted is not None:
        return counted
    if again := SECOND_THOUGHT.match(written):
        # "nee, ik bedoel Zorg Twee" stands for the last one
        rest = again["rest"].strip(" ,.")
        replaces = state.picked and rest and REPLACES.search(written)
        return inputs.REPLACE + rest if replaces else None
    if step.at_most:
        # names only: several may stand in one message
        written = "\n".join(re.split(r"\s*,\s*|\s+en\s+", written))
    return inputs.TYPED + written


def _exactly(values: Sequence[str], options: Sequence[FlowChoice]) -> str:
    """These ticks and no others."""
    return ",".join(
        (inputs.PICK if option.value in values else inputs.UNPICK) + option.value
        for option in options
    )


def _counted(state: FlowState, step: Step, text: str) -> str | None:
    told = _CALLED.fullmatch(folded(text)) if step.at_most else None
    if told is None or step.at_most is None:
        return None
    word = (told["number"] or "").strip()
    number = int(word) if word.isdigit() else words().numbers.get(word, 0)
    number = number or (step.at_most if told["all"] and not word else 0)
    if not 0 < number <= step.at_most:
        return None
    places = range(len(state.picked) + 1, number + 1)
    unnamed = [f"organisatie {place} (naam niet genoemd)" for place in places]
    return inputs.TYPED + "\n".join(unnamed) if unnamed else inputs.FINISH


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
