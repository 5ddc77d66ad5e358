"""What people ask in a demo: made-up counts, questions and remarks of the weeks before now."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from bottlenecks.store import Database
from bottlenecks.store.database import Clock
from bottlenecks.store.questions import UnclearDraft
from bottlenecks.store.topics import Asked

FILE = Path(__file__).parent / "voorbeeldvragen.yml"
REVISION = "voorbeeld"
OUTCOMES: Mapping[str, Asked] = {
    "gevraagd": "answered",
    "doorgevraagd": "clarified",
    "geen_antwoord": "declined",
}


def add_asked(database: Database, now: datetime) -> None:
    """Add the counts per week, the questions to label and the remarks about answers."""
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    for name, outcome in OUTCOMES.items():
        for topic, numbers in data[name].items():
            _count(database, now, topic, outcome, numbers)
    for one in data["onbegrepen"]:
        at = now - timedelta(days=one["dagen_geleden"])
        with database.work(clock=_stopped_at(at)) as work:
            question = work.questions.keep(
                UnclearDraft(
                    one["tekst"],
                    one["uitkomst"],
                    one.get("onderwerp"),
                    one["zekerheid"],
                    tuple(one["kandidaten"].items()),
                    REVISION,
                )
            )
            if one.get("gekozen"):
                work.questions.chose(question, one["gekozen"])
    for one in data["klopt_niet"]:
        at = now - timedelta(days=one["dagen_geleden"])
        with database.work(clock=_stopped_at(at)) as work:
            work.reports.add_feedback(None, one["onderwerp"], one["tekst"], REVISION)


def _stopped_at(moment: datetime) -> Clock:
    return lambda: moment


def _count(
    database: Database, now: datetime, topic: str, outcome: Asked, numbers: list[Any]
) -> None:
    for weeks_ago, number in enumerate(reversed(numbers)):
        if number:
            at = now - timedelta(weeks=weeks_ago)
            with database.work(clock=_stopped_at(at)) as work:
                work.topics.count([(topic, outcome)], times=number)
