"""Recognises danger that is happening now, which comes before everything else."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).parent / "emergency.yml"


class Danger(StrEnum):
    """Whether a message tells of danger, and of when."""

    NONE = "none"
    NOW = "now"
    PAST = "past"


@dataclass(frozen=True)
class EmergencyDetector:
    """Compares a message with the patterns of emergency.yml."""

    now: re.Pattern[str]
    past: re.Pattern[str]

    def detect(self, text: str) -> Danger:
        """Whether `text` tells of danger now, of an emergency that is over, or of none."""
        if not self.now.search(text):
            return Danger.NONE
        return Danger.PAST if self.past.search(text) else Danger.NOW

    def tells_of_past(self, text: str) -> bool:
        """Whether `text` has the words of something that is over."""
        return self.past.search(text) is not None


@cache
def detector() -> EmergencyDetector:
    """The detector with the patterns as they stand in emergency.yml."""
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))

    def pattern(key: str) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{part})" for part in data[key]), re.IGNORECASE)

    return EmergencyDetector(pattern("nu"), pattern("verleden"))
