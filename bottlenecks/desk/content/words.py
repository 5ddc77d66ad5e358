"""What the check found, and what else to look at, in the words of the form."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bottlenecks.desk.content.forms import LABELS
from knowledge.check_text import MAX_EQUAL_WORDS, folded
from knowledge.loader import Fault
from knowledge.plan.drafts import MARK

_NOTE = f"[{MARK}"
_PLACES = {"antwoord": "het antwoord", "meer": "de uitleg in 'Meer uitleg'"}
_TEXTS = ("titel", "antwoord", "meer")
_ROWS = {"feiten": "Feit", "bron": "Bron", "verwant": "Onderwerp"}
_PARTS = {"feit": "Feit", "ankers": "Woorden in de tekst", "waar": "Staat in"} | {
    "document": "Document",
    "onderdeel": "Onderdeel",
}


@dataclass(frozen=True)
class Told:
    """A fault in plain words: what to do, where it is in the files, and the field to mend it in."""

    text: str
    place: str
    field: str = ""


Data = Mapping[str, Any]
Words = Callable[[re.Match[str], Data, Data], tuple[str, str]]


def told(faults: Iterable[Fault], old: Data, new: Data) -> tuple[Told, ...]:
    """The faults of a topic that was `old` and would be `new`, one line for each thing to do."""
    rough = {name for name in _TEXTS if _NOTE in str(new.get(name) or "")}
    found: dict[str, Told] = {}
    for fault in faults:
        text, field = _in_words(fault, old, new)
        if field in rough and re.match(r"\w+ heeft \d+ tekens", fault.message):
            continue  # it will be shorter when it is written
        found.setdefault(text, Told(text, f"{fault.file}, regel {fault.line}", field))
    return tuple(found.values())


def unwritten(data: Data | None) -> int:
    """How many notes of a plan are still to be rewritten."""
    return sum(str((data or {}).get(name) or "").count(_NOTE) for name in _TEXTS)


def warnings(old: Data, new: Data) -> tuple[str, ...]:
    """What is not wrong, but easily done by mistake."""
    found = []
    if old.get("gedateerd") and not new.get("gedateerd"):
        found.append("De datum is weggehaald. Klopt dat?")
    gone = len(old.get("feiten") or ()) - len(new.get("feiten") or ())
    if gone > 0:
        said = "Er is 1 feit" if gone == 1 else f"Er zijn {gone} feiten"
        found.append(f"{said} weggehaald. Klopt dat?")
    is_other = any(_said(old, name) != _said(new, name) for name in ("antwoord", "meer"))
    same = all(old.get(name) == new.get(name) for name in ("bron", "gedateerd"))
    if is_other and same and new.get("bron"):
        kept = "De bron en datum zijn" if new.get("gedateerd") else "De bron is"
        found.append(f"{kept} gelijk gebleven: staat de nieuwe tekst daar ook in?")
    return tuple(found)


def _in_words(fault: Fault, old: Data, new: Data) -> tuple[str, str]:
    for pattern, words in _WORDS:
        if match := pattern.match(fault.message):
            return words(match, old, new)
    return fault.message[:1].upper() + fault.message[1:], ""


def _said(data: Data, name: str) -> str:
    return folded(str(data.get(name) or ""))


def _anchor(match: re.Match[str], old: Data, new: Data) -> tuple[str, str]:
    anchor, where = match["anchor"], match["where"]
    numbers = [
        str(number)
        for number, fact in enumerate(new.get("feiten") or (), start=1)
        if anchor in fact.get("ankers", ()) and fact.get("waar", "antwoord") == where
    ]
    fact = "Feit" if len(numbers) < 2 else "Feiten"
    words = " of ".join(f"“{part}”" for part in anchor.split("|"))
    was = any(folded(part) in _said(old, where) for part in anchor.split("|"))
    verb, again = ("staan niet meer in", "terug") if was else ("staan niet in", "erin")
    begin = f"{fact} {' en '.join(numbers)}".strip()
    return (
        f"{begin}: de woorden {words} {verb} {_PLACES[where]}. "
        f"Zet ze {again}, of haal het feit weg.",
        where,
    )


def _first_sentence(match: re.Match[str], old: Data, new: Data) -> tuple[str, str]:
    name = match["name"]
    is_date = name == new.get("gedateerd")
    label = LABELS["gedateerd" if is_date else "geldt_voor"]
    return f"Antwoord: noem “{name}” in de eerste zin. Dat staat bij '{label}'.", "antwoord"


def _too_long(match: re.Match[str], old: Data, new: Data) -> tuple[str, str]:
    name = match["name"]
    return (
        f"{LABELS[name]}: dit zijn {match['length']} tekens. Maak het hoogstens {match['most']}.",
        name,
    )


def _unfinished(match: re.Match[str], old: Data, new: Data) -> tuple[str, str]:
    what = match["what"]
    start = folded(what.rstrip("…"))
    field = next((name for name in _TEXTS if start in _said(new, name)), "antwoord")
    if what.startswith(_NOTE):
        number = str(new.get(field) or "").count(_NOTE)
        pieces = "1 stuk uit je plan" if number == 1 else f"{number} stukken uit je plan"
        return f"{LABELS[field]}: schrijf {pieces} op in je eigen woorden.", field
    return f"{LABELS[field]}: “{what}” is nog niet af. Vul het in, of haal het weg.", field


def _contact(match: re.Match[str], old: Data, new: Data) -> tuple[str, str]:
    what = match["what"]
    field = next((name for name in _TEXTS if folded(what) in _said(new, name)), "")
    begin = f"{LABELS[field]}: het" if field else "Het"
    return (
        f"{begin} {match['kind']} “{what}” staat niet in een bron van deze tekst. "
        "Haal het weg, of kies bij 'Bronnen' het document waar het in staat.",
        field,
    )


def _copied(match: re.Match[str], old: Data, new: Data) -> tuple[str, str]:
    name, field = _name(match["field"], first=1)
    return (
        f"{name}: {match['number']} woorden op rij zijn hetzelfde als in {match['file']}: "
        f"“{match['what']}”. Hoogstens {MAX_EQUAL_WORDS} mag. Zeg het in je eigen woorden.",
        field,
    )


def _source(match: re.Match[str], old: Data, new: Data) -> tuple[str, str]:
    return "Bronnen: een gekozen document is niet bekend. Kies een ander.", ""


def _no_source(match: re.Match[str], old: Data, new: Data) -> tuple[str, str]:
    return "Bronnen: kies minstens één document.", ""


def _area(match: re.Match[str], old: Data, new: Data) -> tuple[str, str]:
    return f"Geldt voor: “{match['name']}” is geen gebied of regio. Kies een ander.", "geldt_voor"


def _title(match: re.Match[str], old: Data, new: Data) -> tuple[str, str]:
    return f"Titel: “{match['name']}” is ook de titel van een ander onderwerp. Kies een andere.", (
        "titel"
    )


def _related(match: re.Match[str], old: Data, new: Data) -> tuple[str, str]:
    said = (
        "noemt het onderwerp zelf" if "zelf" in match[0] else "noemt een onderwerp dat er niet is"
    )
    return f"Verwante onderwerpen: dit {said}. Haal het weg.", ""


def _shape(match: re.Match[str], old: Data, new: Data) -> tuple[str, str]:
    name, field = _name(match["field"], first=0)
    said = match["said"]
    if said == "ontbreekt" or said.startswith(("moet minstens 1 ", "moet tekst zijn")):
        said = "dit is leeg. Vul het in"
    return f"{name}: {said}.", field


def _name(path: str, *, first: int) -> tuple[str, str]:
    """What the form calls a field of a file, and the field; rows of the file count from `first`."""
    parts = path.split(".")
    label = LABELS.get(parts[0], parts[0])
    if len(parts) > 1 and parts[0] in _ROWS and parts[1].isdigit():
        label = f"{_ROWS[parts[0]]} {int(parts[1]) + 1 - first}"
        if len(parts) > 2 and parts[2] in _PARTS:
            label += f", '{_PARTS[parts[2]]}'"
        return label, ""
    return label, parts[0] if parts[0] in LABELS else ""


def _patterns(*pairs: tuple[str, Words]) -> Sequence[tuple[re.Pattern[str], Words]]:
    return [(re.compile(pattern, re.DOTALL), words) for pattern, words in pairs]


# the messages of knowledge.check, knowledge.check_text and knowledge.messages
_WORDS = _patterns(
    (r"anker '(?P<anchor>.+)' staat niet in (?P<where>antwoord|meer)$", _anchor),
    (r"de eerste zin noemt '(?P<name>.+)' niet$", _first_sentence),
    (r"(?P<name>antwoord|meer) heeft (?P<length>\d+) tekens; hoogstens (?P<most>\d+)$", _too_long),
    (r"nog niet af: '(?P<what>.+)'$", _unfinished),
    (r"(?P<kind>\w+) '(?P<what>.+)' staat niet in de contactgegevens van de bron$", _contact),
    (
        r"(?P<field>[\w.]+) heeft (?P<number>\d+) woorden op rij uit (?P<file>.+?): "
        r"'(?P<what>.+)'$",
        _copied,
    ),
    (r"bron '.*' staat niet in ", _source),
    (r"noemt geen bron$", _no_source),
    (r"geldt_voor '(?P<name>.*)' is geen gebied of regio in ", _area),
    (r"titel '(?P<name>.+)' is ook de titel van ", _title),
    (r"verwant (?:noemt het onderwerp zelf|'.*' bestaat niet)$", _related),
    (r"(?P<field>[a-z_]+(?:\.\w+)*): (?P<said>.+)$", _shape),
)
