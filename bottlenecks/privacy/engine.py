"""Presidio's analyzer with our own recognisers, and nothing that needs the network."""

import re
from functools import cache
from hashlib import blake2b
from secrets import token_bytes
from threading import Lock
from typing import Any

from cachetools import LRUCache, cached
from presidio_analyzer import (
    AnalyzerEngine,
    EntityRecognizer,
    Pattern,
    PatternRecognizer,
    RecognizerRegistry,
    RecognizerResult,
)
from presidio_analyzer.nlp_engine import NlpArtifacts, NoOpNlpEngine
from stdnum.nl import bsn

from bottlenecks.privacy.names import names_in, probable_names_in
from bottlenecks.privacy.phones import phone_numbers
from bottlenecks.privacy.streets import streets_in
from bottlenecks.privacy.words import rules

LANGUAGE = "nl"
# ends the kind of what is only probably one
BOLD = "+"
# what every written e-mail address has
_AT = r"@|\bat\b|\(at\)|apenstaartje"


class ByPattern(PatternRecognizer):
    """Finds one kind by the patterns of rules.yml."""

    def __init__(self, kind: str, patterns: list[str], sign: str = "") -> None:
        """`patterns` are whole; without a `sign` (an expression) in a text none of them matches."""
        self._sign = re.compile(sign, re.IGNORECASE)
        # addresses are told by their capitals; within the pattern, so that it is compiled once
        any_case = "" if kind.startswith("adres") else "(?i)"
        super().__init__(
            supported_entity=kind,
            name=f"{kind} {sign}".strip(),
            supported_language=LANGUAGE,
            patterns=[
                Pattern(f"{kind} {i}", any_case + one, 0.9) for i, one in enumerate(patterns)
            ],
            global_regex_flags=0,
        )

    def analyze(
        self,
        text: str,
        entities: list[str],
        nlp_artifacts: NlpArtifacts | None = None,
        regex_flags: int | None = None,
    ) -> list[RecognizerResult]:
        """Where the kind stands in `text`."""
        if self._sign.search(text) is None:
            return []
        found: list[RecognizerResult] = super().analyze(text, entities, nlp_artifacts, regex_flags)
        return found

    def validate_result(self, pattern_text: str) -> bool | None:
        """A BSN passes the eleven-test; the others need no check."""
        if self.supported_entities != ["bsn"]:
            return None
        return bool(bsn.is_valid(re.sub(r"\D", "", pattern_text)))


class BySpans(EntityRecognizer):
    """Finds one kind by a function that says where it stands."""

    def __init__(self, kind: str, spans: Any) -> None:
        self._spans = spans
        super().__init__(supported_entities=[kind], name=kind, supported_language=LANGUAGE)

    def load(self) -> None:
        """Nothing to load."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts | None = None
    ) -> list[RecognizerResult]:
        """Where the kind stands in `text`."""
        kind = self.supported_entities[0]
        return [RecognizerResult(kind, start, end, 0.9) for start, end in self._spans(text)]


def by_patterns(kind: str, patterns: list[str]) -> list[ByPattern]:
    """Recognisers of a kind: of its patterns that need a digit or an @, and of the others.

    Most texts have neither, and need not be gone through for each pattern.
    """
    parts = rules()["parts"]
    for name, part in [*parts.items(), *parts.items()]:
        patterns = [pattern.replace("{" + name + "}", part) for pattern in patterns]
    if kind == "e-mail":
        return [ByPattern(kind, patterns, _AT)]
    digits = [one for one in patterns if r"\d" in one]
    words = [one for one in patterns if one not in digits]
    both = [ByPattern(kind, digits, r"\d")] if digits else []
    return [*both, ByPattern(kind, words)] if words else both


@cache
def engine() -> AnalyzerEngine:
    """The analyzer, made once."""
    recognizers: list[EntityRecognizer] = []
    for kind, patterns in rules()["patterns"].items():
        recognizers += by_patterns(kind, patterns)
    for kind, patterns in rules()["bold_patterns"].items():
        recognizers += by_patterns(kind + BOLD, patterns)
    recognizers += [
        BySpans("telefoon", phone_numbers),
        BySpans("naam", names_in),
        BySpans("naam" + BOLD, probable_names_in),
        BySpans("adres" + BOLD, streets_in),
    ]
    return AnalyzerEngine(
        registry=RecognizerRegistry(recognizers, supported_languages=[LANGUAGE]),
        # our trained pipeline misses names that the lists and rules find, and costs more than they
        # do; with no engine given, Presidio would download its own
        nlp_engine=NoOpNlpEngine([{"lang_code": LANGUAGE, "model_name": "none"}]),
        supported_languages=[LANGUAGE],
    )


@cache
def _entities(bold: bool) -> tuple[str, ...]:
    kinds = {kind for one in engine().registry.recognizers for kind in one.supported_entities}
    # the probable names hold the sure ones
    return tuple(sorted(kinds - {"naam"} if bold else {k for k in kinds if not k.endswith(BOLD)}))


def _digest(text: str, *, bold: bool) -> bytes:
    """By which a text is known again without being kept."""
    return blake2b(text.encode(), key=_digest_key(), salt=b"bold" if bold else b"sure").digest()


@cache
def _digest_key() -> bytes:
    return token_bytes(32)


# one message is screened for several purposes, and what we say is said to many; of the texts
# themselves nothing stays in memory
@cached(LRUCache(maxsize=4096), key=_digest, lock=Lock())
def analyse(text: str, *, bold: bool) -> tuple[tuple[int, int, str], ...]:
    """What is found in `text`: begin, end and kind; 'datum' is a date that may be a birth date.

    With `bold` also what is only probably one.
    """
    found = engine().analyze(text, LANGUAGE, entities=list(_entities(bold)))
    return tuple((one.start, one.end, one.entity_type.removesuffix(BOLD)) for one in found)
