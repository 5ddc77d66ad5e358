"""Which topics a message asked about: counted per week, of nobody (`bottlenecks.store.topics`)."""

from dialogues.turn import Turn
from knowledge import Topic, TopicKind


def answered(turn: Turn, topic: Topic) -> None:
    """Count a topic that is answered, or whose steps begin.

    Small talk does not count, nor a button that goes on about the answer before it.
    """
    goes_on = turn.incoming.choice is not None and topic.id == turn.slot("topic")
    if topic.kind is not TopicKind.CONVERSATION and not goes_on:
        turn.counted.append((topic.id, "answered"))
