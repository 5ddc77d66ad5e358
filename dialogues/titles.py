"""Titles of topics, typed as they stand on a button."""

from knowledge import Knowledge


def titled(text: str, now: Knowledge, files: Knowledge) -> str | None:
    """The topic with this title: as it is called now, or else as the files call it."""
    typed = _bare(text)
    for knowledge in (now, files):
        for topic in knowledge.topics.values():
            if _bare(topic.title) == typed:
                return topic.id
    return None


def _bare(text: str) -> str:
    return text.lower().rstrip(" ?.!")
