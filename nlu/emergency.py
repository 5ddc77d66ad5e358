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

    clause: re.Pattern[str]
    word: re.Pattern[str]
    past: re.Pattern[str]
    past_verbs: re.Pattern[str]
    going_on: re.Pattern[str]
    plan: re.Pattern[str]

    def detect(self, text: str) -> Danger:
        """Whether `text` tells of danger now, of an emergency that is over, or of none."""
        clause = self.clause.search(text) is not None
        if not clause and not self.word.search(text):
            return Danger.NONE
        if self.tells_of_past(text) or (not clause and self.plan.search(text)):
            return Danger.PAST
        return Danger.NOW

    def tells_of_past(self, text: str) -> bool:
        """Whether `text` has the words of something that is over, and none of what goes on."""
        if self.past.search(text):
            return True
        return bool(self.past_verbs.search(text)) and not self.going_on.search(text)


@cache
def detector() -> EmergencyDetector:
    """The detector with the patterns as they stand in emergency.yml."""
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    keys = ("nu", "nu_woord", "verleden", "verleden_tijd", "bezig", "plan")
    return EmergencyDetector(
        *(re.compile("|".join(f"(?:{part})" for part in data[key]), re.IGNORECASE) for key in keys)
    )
