"""Splits a message into the questions in it: two at once, or one at the end of a long story."""

import re

MIN_WORDS = 3
# a longer message is a story or a copied e-mail: what is asked stands in a part of it
LONG_WORDS = 60
_ASKING = (
    r"wie|wat|waar|waarom|waarvoor|wanneer|welke?|hoe|hoeveel|mag|mogen|kan|kunnen|moet|moeten"
    r"|is er|zijn er|heb je|weet je|wil je|kun je|geldt|bestaat|ik wil"
)
_SENTENCE_END = re.compile(r"(?<=[.;])\s+|(?<=[?!])(?=[\s\w])\s*|\n+")
# "..., en wie betaalt dat?" asks something new when it opens like a question
_JOINED = re.compile(
    rf"\s*[,;]?\s+(?:en|plus|daarnaast|verder|ook|tweede vraag|vraag twee|oh ja)[:,]?\s+"
    rf"(?:ook |dan |verder |daarnaast |vooral )?(?=(?:{_ASKING})\b)",
    re.IGNORECASE,
)
_OPENS_LIKE_QUESTION = re.compile(
    rf"^(?:en|of|maar|ook|dus|nou|eh|ja|verder|daarnaast|ten \w+|\d+[.)]|[-*•])?[\s,:]*"
    rf"(?:{_ASKING})\b",
    re.IGNORECASE,
)


def questions(text: str) -> list[str]:
    """The parts of `text` that ask something, in order; one part when it cannot be split."""
    asked = [
        part
        for sentence in sentences(text)
        for part in _parts(sentence)
        if _is_question(part) and len(part.split()) >= MIN_WORDS
    ]
    return asked or [text.strip()]


def is_long(text: str) -> bool:
    """Whether `text` is a story, in which only a part asks something."""
    return len(text.split()) > LONG_WORDS


def closing(text: str) -> str:
    """The last sentence of `text`; with the one before it when it is short."""
    parts = sentences(text)
    last = parts[-1] if parts else text.strip()
    if len(last.split()) < 2 * MIN_WORDS and len(parts) > 1:
        return f"{parts[-2]} {last}"
    return last


def sentences(text: str) -> list[str]:
    """The sentences of `text`, in order."""
    return [part.strip() for part in _SENTENCE_END.split(text) if part.strip()]


def _parts(sentence: str) -> list[str]:
    """A sentence split at "en wie ...", where both sides can stand alone."""
    parts: list[str] = []
    rest = sentence
    for match in _JOINED.finditer(sentence):
        offset = len(sentence) - len(rest)
        before, after = rest[: match.start() - offset], rest[match.end() - offset :]
        if len(before.split()) < MIN_WORDS or len(after.split()) < MIN_WORDS:
            continue
        if not _is_question(before):
            continue
        parts.append(before.strip())
        rest = after
    return [*parts, rest.strip()]


def _is_question(part: str) -> bool:
    return part.rstrip().endswith("?") or _OPENS_LIKE_QUESTION.match(part.strip()) is not None
