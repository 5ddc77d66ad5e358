"""What topics are called at the desk, and the lists in which one is chosen."""

import difflib

from bottlenecks.store.questions import UNUSED
from bottlenecks.store.report_rows import searchable
from knowledge import Knowledge, TopicKind

# the topic of what is outside all others
OUT_OF_SCOPE = "buiten-bereik"
NAMES = {OUT_OF_SCOPE: "Buiten bereik", UNUSED: "Niet gebruiken"}


def topic_name(knowledge: Knowledge, topic_id: str | None) -> str:
    """A topic as an officer reads it: its title; what is not there any more by its id."""
    if not topic_id:
        return "Geen onderwerp"
    topic = knowledge.topics.get(topic_id)
    return NAMES.get(topic_id) or (topic.title if topic else topic_id)


def subjects(knowledge: Knowledge) -> list[tuple[str, str]]:
    """The topics with an answer of their own, as choices: id and title, by subject."""
    return [
        (topic.id, topic.title)
        for topic in knowledge.topics.values()
        if topic.kind is not TopicKind.CONVERSATION
    ]


def labels(knowledge: Knowledge) -> list[str]:
    """The titles of all topics that a question can ask for."""
    return [topic_name(knowledge, topic_id) for topic_id in knowledge.topics]


def typed_topic(knowledge: Knowledge, typed: str) -> str | None:
    """The topic that is typed by its title or id; None: there is none."""
    return _by_name(knowledge).get(_folded(typed))


def like(knowledge: Knowledge, typed: str) -> str | None:
    """The title that comes nearest to what was typed."""
    named = _by_name(knowledge)
    found = difflib.get_close_matches(_folded(typed), named, n=1, cutoff=0.5)
    return topic_name(knowledge, named[found[0]]) if found else None


def _by_name(knowledge: Knowledge) -> dict[str, str]:
    ids = {_folded(topic_id): topic_id for topic_id in knowledge.topics}
    return ids | {_folded(topic_name(knowledge, id_)): id_ for id_ in knowledge.topics}


def _folded(text: str) -> str:
    return searchable(text).casefold().strip(" ?.!")
