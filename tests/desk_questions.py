"""Where the desk shows what people ask, for tests of those pages."""

from bottlenecks.roles import EVERYWHERE
from bottlenecks.store import Database

ASKED = "/beheer/vragen"
LABELS = "/beheer/vragen/indelen"
WRONG = "/beheer/vragen/klopt-niet"
HAROP = "wat is een harop?"
HOME_CARE = "thuiszorg/vinden"


def about(database: Database, reference: str, topic: str | None) -> None:
    with database.work() as work:
        work.topics.point(reference, EVERYWHERE, topic, actor="test")
