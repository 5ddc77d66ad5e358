"""The words of typed answers: commands, yes and no, and which choice of a list is meant."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from rapidfuzz import fuzz, process

from knowledge.flow_model import FlowChoice

FILE = Path(__file__).parent / "words.yml"
# of 100: how much a typed word must be like a choice to be a misspelling of it
_LIKE = 84
_MIN_LIKE_LETTERS = 4
# what takes back a word for a choice: "niet gedaan", "bijna klaar"
_DENIALS = frozenset("niet geen nog bijna morgen straks nooit".split())
_ASKING = frozenset("wie wat waar wanneer welke hoe waarom mag kan moet".split())
_POLITE_START = re.compile(
    r"^(?:ja|nee|ok|oke|oké|nou|uh|eh|sorry|graag|even|kun je|wil je)\s+(?=\w)"
)
_POLITE_END = re.compile(r"(?<=\w)\s+(?:graag|aub|alsjeblieft|svp|maar|dan|hoor|even|nu)$")


@dataclass(frozen=True)
class Words:
    """What words.yml holds, ready to compare with."""

    commands: Mapping[str, re.Pattern[str]]
    yes: frozenset[str]
    no: frozenset[str]
    unknown: frozenset[str]
    steering: frozenset[str]
    no_name: frozenset[str]
    ordinals: Mapping[str, int]
    numbers: Mapping[str, int]


@cache
def words() -> Words:
    """The words as they stand in words.yml."""
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return Words(
        {
            name: re.compile("|".join(f"(?:{line})" for line in lines))
            for name, lines in data["opdrachten"].items()
        },
        frozenset(folded(word) for word in data["ja"]),
        frozenset(folded(word) for word in data["nee"]),
        frozenset(folded(word) for word in data["weet_niet"]),
        frozenset(data["stuurwoorden"]),
        frozenset(data["geen_naam"]),
        data["rangwoorden"],
        data["telwoorden"],
    )


def folded(text: str) -> str:
    """A text in lower case, without punctuation, with single spaces."""
    return " ".join(re.sub(r"[^\w\s?/-]|(?<=\w)\?", " ", text.lower()).split())


def stripped(said: str) -> str:
    """Folded text without the polite words around it."""
    return _POLITE_END.sub("", _POLITE_START.sub("", said))


def command(text: str) -> str | None:
    """The command that a message consists of; None when it says something else."""
    said = folded(text)
    for name, pattern in words().commands.items():
        if pattern.fullmatch(said) or pattern.fullmatch(stripped(said)):
            return name
    return None


def steers(text: str) -> bool:
    """Whether a message is no more than a word that steers: it answers nothing."""
    return folded(text) in words().steering


def steps_back(text: str) -> int:
    """How many steps back a message asks for ("drie stappen terug"); 0 when it does not."""
    found = re.fullmatch(r"(?:ga )?(\w+) stap(?:pen|jes)? terug", folded(text))
    if found is None:
        return 0
    return int(found[1]) if found[1].isdigit() else words().numbers.get(found[1], 0)


def says_yes(text: str) -> bool:
    """Whether a message says no more than yes."""
    return folded(text) in words().yes


def says_no(text: str) -> bool:
    """Whether a message says no more than no."""
    return folded(text) in words().no


def asks(text: str) -> bool:
    """Whether a message is put as a question: by its mark, or its first word."""
    said = text.lower().split()
    return len(said) > 2 and (text.strip().endswith("?") or said[0] in _ASKING)


def match(text: str, options: Sequence[FlowChoice], *, loosely: bool = False) -> str | None:
    """The one choice that a typed text means: its number, its label, or a word for it.

    `loosely` also takes a part of a label, and what is misspelt.
    """
    said = folded(text)
    if not said:
        return None
    place = _place(said, len(options))
    if place is not None:
        return options[place - 1].value if 0 < place <= len(options) else None
    exact = match_exactly(said, options)
    if exact is not None:
        return exact
    if asks(text):
        return None  # "hoe erg is hoog?" chooses nothing
    named = [(name, option.value) for option in options for name in names(option)]
    denied = _DENIALS & set(said.split())
    inside = {
        value
        for name, value in named
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", said)
        # "helaas niet, geen plek" means "geen plek"; "niet gedaan" does not mean "gedaan"
        and (not denied or _DENIALS & set(name.split()))
    }
    if len(inside) == 1:
        return inside.pop()
    if inside or denied or not loosely or len(said) < _MIN_LIKE_LETTERS:
        return None
    part = {o.value for o in options if set(said.split()) <= set(folded(o.label).split())}
    if len(part) == 1:
        return part.pop()
    best = process.extract(said, [name for name, _ in named], scorer=fuzz.ratio, limit=2)
    like = {named[index][1] for _, score, index in best if score >= _LIKE}
    return like.pop() if len(like) == 1 else None


def match_exactly(text: str, options: Sequence[FlowChoice]) -> str | None:
    """The one choice that a text names and does nothing else."""
    said = folded(text)
    exact = {o.value for o in options if said == o.value or said in names(o)}
    return exact.pop() if len(exact) == 1 else None


def names(option: FlowChoice) -> tuple[str, ...]:
    """What people may call a choice: its label, and the words for it."""
    folded_names = dict.fromkeys(folded(name) for name in (option.label, *option.synonyms))
    return tuple(name for name in folded_names if name)


def _place(said: str, count: int) -> int | None:
    """The place in a list that is named: "2", "de tweede", "optie 3", "nummer twee", "laatste"."""
    choice = re.sub(r"^(?:ik kies|ik neem|doe|neem|kies)\s+|\s+(?:maar|graag)$", "", said)
    kind = r"(?:optie|nummer|nr|keuze|knop|mogelijkheid)"
    numbered = rf"(?:(?:de|het|{kind}) )*(\d{{1,3}})(?:e|de|ste)?(?: {kind})?"
    if found := re.fullmatch(numbered, choice):
        return int(found[1])
    if found := re.fullmatch(rf"(?:de |het )?(\w+)(?: {kind})?", choice):
        if found[1] in ("laatste", "onderste"):
            return count
        if found[1] in words().ordinals:
            return words().ordinals[found[1]]
    found = re.fullmatch(rf"{kind} (\w+)", choice)
    return words().numbers.get(found[1]) if found else None
