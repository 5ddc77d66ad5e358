"""The links between the pages about what people ask."""

from dataclasses import dataclass

from bottlenecks.roles import Officer
from bottlenecks.store import Work

PATH = "/beheer/vragen"
LABELS = PATH + "/indelen"
WRONG = PATH + "/klopt-niet"


@dataclass(frozen=True)
class Tab:
    """A page, with how much there is to do; `count` None: nothing is to be done there."""

    path: str
    name: str
    count: int | None
    is_shown: bool


def tabs(work: Work, officer: Officer, shown: str) -> list[Tab]:
    """The pages; `shown` is the one at hand."""
    to_label = work.questions.page(limit=1).total
    wrong = sum(work.topics.wrong_counts(officer.scope).values())
    pages: tuple[tuple[str, str, int | None], ...] = (
        (PATH, "Onderwerpen", None),
        (LABELS, "Vragen indelen", to_label),
        (WRONG, "Klopt niet", wrong),
    )
    return [Tab(path, name, count, path == shown) for path, name, count in pages]
