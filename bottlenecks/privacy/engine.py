"""Presidio's analyzer with our own recognisers, and nothing that needs the network."""

import re
from functools import cache
from typing import Any

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

from bottlenecks.privacy.names import names_in
from bottlenecks.privacy.phones import phone_numbers
from bottlenecks.privacy.words import rules

LANGUAGE = "nl"


class ByPattern(PatternRecognizer):
    """Finds one kind by the patterns of rules.yml."""

    def __init__(self, kind: str, patterns: list[str]) -> None:
        parts = rules()["parts"]
        for name, part in parts.items():
            patterns = [pattern.replace("{" + name + "}", part) for pattern in patterns]
        for name, part in parts.items():
            patterns = [pattern.replace("{" + name + "}", part) for pattern in patterns]
        super().__init__(
            supported_entity=kind,
            name=kind,
            supported_language=LANGUAGE,
            patterns=[Pattern(f"{kind} {i}", one, 0.9) for i, one in enumerate(patterns)],
            # addresses are told by their capitals
            global_regex_flags=0 if kind == "adres" else re.IGNORECASE,
        )

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


@cache
def engine() -> AnalyzerEngine:
    """The analyzer, made once."""
    recognizers: list[EntityRecognizer] = [
        ByPattern(kind, patterns) for kind, patterns in rules()["patterns"].items()
    ]
    recognizers += [BySpans("telefoon", phone_numbers), BySpans("naam", names_in)]
    return AnalyzerEngine(
        registry=RecognizerRegistry(recognizers, supported_languages=[LANGUAGE]),
        # our trained pipeline costs 6 ms per text and alone finds half of the names of dev, all of
        # which the lists and rules find; with no engine given, Presidio would download its own
        nlp_engine=NoOpNlpEngine([{"lang_code": LANGUAGE, "model_name": "none"}]),
        supported_languages=[LANGUAGE],
    )


def analyse(text: str) -> list[tuple[int, int, str]]:
    """What is found in `text`: begin, end and kind; 'datum' is a date that may be a birth date."""
    found = engine().analyze(text, LANGUAGE)
    return [(one.start, one.end, one.entity_type) for one in found]
