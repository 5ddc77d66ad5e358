"""What a free text says of a bottleneck: category, region and severity, and how sure that is."""

import re
from dataclasses import dataclass

from dialogues.regions import Place, mentions, place_of_story
from knowledge import Knowledge
from nlu.report_model import Guess, ReportModel

# a surer guess is filled in and shown in the summary; a less sure one is asked
SURE = 0.7
# how ill it is with a patient is for the reporter to say, unless the text leaves no doubt
SURE_OF_SEVERITY = 0.95
# with fewer words nothing can be said of what a report is about
MIN_WORDS = 3
# about how often the region was right in nlu/meldingen.yml, counted by hand: no place
# is named, one, or several of which one counts most
_NO_PLACE = 0.98
_ONE_PLACE = 0.98
_SEVERAL_PLACES = 0.85


@dataclass(frozen=True)
class ReportReading:
    """What was read in a text; ids of bottlenecks/lists.yml and knowledge/regions.yml.

    `region.label` is "" when the text names no region of ours; `place` is then where else it plays,
    if it says so.
    """

    category: Guess
    region: Guess
    severity: Guess
    place: Place | None

    @property
    def unsure(self) -> tuple[str, ...]:
        """Which of category, region and severity are to be asked."""
        return tuple(
            name
            for name in ("category", "region", "severity")
            if getattr(self, name).confidence < SURE
        )


def read_report(text: str, knowledge: Knowledge, model: ReportModel) -> ReportReading:
    """Read the text of a report."""
    category, severity = model.guess(text)
    if len(re.findall(r"[^\W\d_]{2,}", text)) < MIN_WORDS:
        category, severity = Guess(category.label, 0.0), Guess(severity.label, 0.0)
    places = {mention.place for mention in mentions(text, knowledge)}
    place = place_of_story(text, knowledge)
    confidence = _NO_PLACE if not places else _ONE_PLACE if len(places) == 1 else _SEVERAL_PLACES
    region = place.region if place is not None and place.region else ""
    return ReportReading(category, Guess(region, confidence), severity, place)
