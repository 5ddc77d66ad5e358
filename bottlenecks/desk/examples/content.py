"""Content in a demo: a colleague proposes a title in the words of practices, and read a few."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bottlenecks.roles import EVERYWHERE
from bottlenecks.store import Database
from knowledge import load
from knowledge.data import as_data

TOPIC = "thuiszorg/bemiddeling"
TITLE = "De thuiszorg zit vol, wat nu?"
REASON = "Zo vragen praktijken het zelf. De tekst verandert niet."
LOOKED_AT = ("noodplan/coordinatie", "noodplan/checklist-tijdens", "harop/wat-is")


def add_content(database: Database, officers: Sequence[str], now: datetime) -> None:
    """Add a proposal of the second officer, which the first one can approve."""
    colleague = officers[-1]
    shown = as_data(load().topic(TOPIC))
    with database.work(clock=lambda: now - timedelta(days=1)) as work:
        proposal = work.content.add_concept(
            TOPIC,
            None,
            {**shown, "titel": TITLE},
            base={"geldt": shown, "bestand": shown},
            reason=REASON,
            actor=colleague,
        )
        work.content.propose(proposal, EVERYWHERE, actor=colleague, version=1)
        for topic in LOOKED_AT:
            work.content.review(topic, None, by=colleague)
