"""Titles of topics, typed as they stand on a button."""

from knowledge import Knowledge
from knowledge.model import bare_title


def titled(text: str, now: Knowledge, files: Knowledge) -> str | None:
    """The topic with this title: as it is called now, or else as the files call it."""
    typed = bare_title(text)
    if now.topics is not files.topics:
        # what officers approved: a few, so that a message costs no look at every title
        for id_, topic in now.topics.items():
            if topic is not files.topics.get(id_) and bare_title(topic.title) == typed:
                return id_
    return files.titles.get(typed)
