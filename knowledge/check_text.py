"""Checks on the wording of answers: facts, dates, lengths, contact details and copied sentences."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import phonenumbers
from pydantic import BaseModel

from knowledge.flow_model import Flow
from knowledge.model import NATIONAL, Source, Topic

MAX_ANSWER_CHARS = 680
MAX_MORE_CHARS = 1200
MAX_EQUAL_WORDS = 8
MAX_SHOWN_CHARS = 70
Runs = frozenset[tuple[str, ...]]
ALLOWED_NUMBERS = frozenset({"112"})

_PLACEHOLDER = re.compile(
    # a note of a draft counts too when it runs over lines, or when its end was taken away
    r"\bTODO\b|\bXXX+\b|\blorem\b|\[(?:[^\]\n]|\n(?!\n))*\]|\[herschrijf\b|<[^>\n]*>"
    r"|\bin te vullen\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?](?=\s+[\"'(]?[A-Z0-9À-Þ-])(?<!\bbijv\.)|\n\s*\n")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_URL = re.compile(
    r"https?://[^\s<>()]+"
    r"|(?<![\w@.-])(?:[a-z0-9-]+\.)+(?:nl|com|org|net|eu|be|de|info|nu|io)\b(?:/[^\s<>()]*)?",
    re.IGNORECASE,
)
_POSTCODE = re.compile(r"\b[1-9]\d{3} ?[A-Z]{2}\b")
_CLOCK = r"(?:[01]?\d|2[0-4])[.:][0-5]\d"
_DATE_OR_HOURS = re.compile(
    rf"(?<![\d.-])(?:\d\d?[-/]\d\d?[-/](?:19|20)\d\d|{_CLOCK} ?[-–] ?{_CLOCK})(?![ .-]?\d)"
)
_GAP = r"[ \-–]{0,3}"
_NUMBER = re.compile(
    rf"(?<![\d.,])(?:(?:\+|00)\d\d ?(?:\(0\))?|\(?0\d{{1,3}}\)?)(?:{_GAP}\d){{5,9}}(?!\d)"
)
_SHORT_NUMBER = re.compile(
    r"\b(?:bel|belt|bellen)\s+(?:\w+\s+){0,2}(\d{3}|116 ?\d{3}|14 ?0\d{1,3})(?!\d)", re.IGNORECASE
)


def folded(text: str) -> str:
    """The text in lower case with every run of white space as one space."""
    return " ".join(text.split()).casefold()


def first_sentence(text: str) -> str:
    """The first sentence of a text; a blank line ends it too."""
    return _SENTENCE_END.split(text.strip(), maxsplit=1)[0]


def anchor_problems(topic: Topic) -> Iterator[str]:
    """Facts whose anchors are not all in the text that should hold them."""
    texts = {"antwoord": folded(topic.answer), "meer": folded(topic.more or "")}
    for fact in topic.facts:
        for anchor in fact.anchors:
            if not any(folded(part) in texts[fact.place] for part in anchor.split("|")):
                yield f"anker '{anchor}' staat niet in {fact.place}"


def date_problems(topic: Topic) -> Iterator[str]:
    """A dated topic whose first sentence does not name its date."""
    if topic.dated and folded(topic.dated) not in folded(first_sentence(topic.answer)):
        yield f"de eerste zin noemt '{topic.dated}' niet"


def scope_wording_problems(topic: Topic) -> Iterator[str]:
    """A regional topic whose first sentence does not name its area."""
    if topic.scope != NATIONAL and folded(topic.scope) not in folded(first_sentence(topic.answer)):
        yield f"de eerste zin noemt '{topic.scope}' niet"


def length_problems(topic: Topic) -> Iterator[str]:
    """Texts that do not fit in one chat message."""
    for name, text, limit in (
        ("antwoord", topic.answer, MAX_ANSWER_CHARS),
        ("meer", topic.more or "", MAX_MORE_CHARS),
    ):
        length = len(text.strip())
        if length > limit:
            yield f"{name} heeft {length} tekens; hoogstens {limit}"


def placeholder_problems(texts: Iterable[str]) -> Iterator[str]:
    """Words that show that a text is not finished."""
    for text in texts:
        for match in _PLACEHOLDER.finditer(text):
            found = " ".join(match.group().split())
            if len(found) > MAX_SHOWN_CHARS:
                found = found[: MAX_SHOWN_CHARS - 1] + "…"
            yield f"nog niet af: '{found}'"


def topic_texts(topic: Topic) -> list[str]:
    """The texts of a topic that a user sees as an answer."""
    return [topic.answer, topic.more or ""]


def flow_texts(flow: Flow) -> list[str]:
    """All texts of a flow that a user sees."""
    texts = [flow.title, flow.opening or "", flow.closing or ""]
    for step in flow.steps:
        texts += [step.text, step.again or "", step.explanation or "", step.skippable or ""]
        texts += [step.summary_label or "", step.who or "", step.when or ""]
        texts += [choice.label for choice in step.choices]
    return texts


def contact_problems(texts: Iterable[str], contacts: Sequence[str]) -> Iterator[str]:
    """Contact details in the texts that are not among the known ones of their sources."""
    known_digits = {_digits(contact) for contact in contacts}
    known_texts = {_bare(contact) for contact in contacts}
    known_postcodes = {
        code.replace(" ", "") for contact in contacts for code in _POSTCODE.findall(contact)
    }
    for text in texts:
        rest = re.sub(r"[^\S\n]*\n[^\S\n]*(?![\s-])", " ", text)
        for kind, pattern in (("e-mailadres", _EMAIL), ("webadres", _URL)):
            for found in pattern.findall(rest):
                if _bare(found) not in known_texts:
                    yield f"{kind} '{found}' staat niet in de contactgegevens van de bron"
            rest = pattern.sub(" | ", rest)
        for found in _POSTCODE.findall(rest):
            if found.replace(" ", "") not in known_postcodes:
                yield f"postcode '{found}' staat niet in de contactgegevens van de bron"
        for found in _phone_numbers(rest):
            if _digits(found) not in known_digits | ALLOWED_NUMBERS:
                yield f"telefoonnummer '{found}' staat niet in de contactgegevens van de bron"


def contacts_in(text: str) -> list[str]:
    """The e-mail addresses, URLs, postcodes and phone numbers in a document, each once."""
    found: list[str] = []
    rest = text
    for pattern in (_EMAIL, _URL):
        found += [one.rstrip(".,;:!?'\"") for one in pattern.findall(rest)]
        rest = pattern.sub(" | ", rest)
    found += _POSTCODE.findall(rest)
    found += [one for one in _phone_numbers(rest) if _digits(one) not in ALLOWED_NUMBERS]
    return list(dict.fromkeys(found))


def missing_contacts(source: Source, document: str) -> Iterator[str]:
    """Contact details of a source that do not stand in its document."""
    document_digits = _digits(document)
    document_text = folded(document.replace("–", "-"))
    for contact in source.contacts:
        is_number = not re.search(r"[^\d\s()+–-]", contact)
        found = (
            _digits(contact) in document_digits
            if is_number
            else folded(contact.replace("–", "-")) in document_text
        )
        if not found:
            yield f"'{contact}' staat niet in {source.file}"


def copied_problems(
    texts: Mapping[str, str], sources: Iterable[Source], known: Mapping[str, Runs]
) -> Iterator[str]:
    """Runs of more than eight words that texts share with a source document.

    `texts` are given by the name of their field, `known` by the file name of the document (see
    `runs`). Titles and contact details of sources and URLs may be equal.
    """
    excepted = [text for source in sources for text in (source.title, *source.contacts)]
    for field, text in texts.items():
        parts = [words(part) for part in _without(text, excepted)]
        for file, in_document in known.items():
            for part in parts:
                for run in _equal_runs(part, in_document):
                    yield f"{field} heeft {len(run)} woorden op rij uit {file}: '{' '.join(run)}'"


def fields(entry: BaseModel) -> dict[str, str]:
    """Every text of an entry, by the names of its fields as they stand in the file."""
    return dict(_fields(entry.model_dump(mode="json", by_alias=True)))


def runs(document: str) -> Runs:
    """All runs of nine words of a document."""
    return frozenset(_runs(words(document)))


def words(text: str) -> list[str]:
    """The words of a text in lower case, without punctuation."""
    stripped = (re.sub(r"[\W_]", "", word) for word in re.split(r"[\s/]+", text.casefold()))
    return [word for word in stripped if word]


def _runs(sequence: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """All runs of one word more than may be equal."""
    size = MAX_EQUAL_WORDS + 1
    return (tuple(sequence[start : start + size]) for start in range(len(sequence) - size + 1))


def _fields(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield from _fields(part, f"{name}.{key}".strip("."))
    elif isinstance(value, list):
        for index, part in enumerate(value, start=1):
            yield from _fields(part, f"{name}.{index}".strip("."))


def _equal_runs(part: Sequence[str], known: Runs) -> Iterator[Sequence[str]]:
    """The longest runs in `part` of which every shorter run is known."""
    start: int | None = None
    hits = [run in known for run in _runs(part)] + [False]
    for index, hit in enumerate(hits):
        if hit and start is None:
            start = index
        elif not hit and start is not None:
            yield part[start : index + MAX_EQUAL_WORDS]
            start = None


def _without(text: str, excepted: Iterable[str]) -> list[str]:
    """The parts of a text between URLs and the excepted strings."""
    patterns = [r"\s+".join(map(re.escape, item.split())) for item in excepted]
    cut = re.compile("|".join(sorted(patterns, key=len, reverse=True)) or r"(?!)", re.IGNORECASE)
    return cut.sub("\0", _URL.sub("\0", text)).split("\0")


def _phone_numbers(text: str) -> Iterator[str]:
    """Everything that is or looks like a phone number, each place once."""
    text = _DATE_OR_HOURS.sub(" | ", text)
    spans = [(match.start, match.end) for match in phonenumbers.PhoneNumberMatcher(text, "NL")]
    spans += [match.span() for match in _NUMBER.finditer(text)]
    spans += [match.span(1) for match in _SHORT_NUMBER.finditer(text)]
    end = 0
    for start, stop in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= end:
            yield text[start:stop].strip()
            end = stop


def _digits(text: str) -> str:
    """The digits of a text; a Dutch number starts with 0 whatever its prefix."""
    digits = re.sub(r"\D", "", text.replace("(0)", ""))
    if re.match(r"\s*(\+|00)\s*31", text):
        return "0" + digits.removeprefix("00").removeprefix("31")
    return digits


def _bare(text: str) -> str:
    """An address without what does not change where it leads."""
    bare = text.strip().rstrip(".,;:!?'\"").casefold()
    return re.sub(r"^(https?://)?(www\.)?", "", bare).rstrip("/")
