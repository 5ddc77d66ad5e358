"""Turns a topic into a reply: scope, answer, sources and related topics as buttons."""

import re

from dialogues.regions import Place, holds_in
from dialogues.reply import Choice, Reply, SourceLine, source_lines
from knowledge import Knowledge, SourceRef, Topic, TopicKind
from knowledge.flow_model import StepSource

TOPIC = "t:"
MORE = "meer:"
WALK = "stap:"
MAX_RELATED = 3


def sources_of(
    refs: tuple[SourceRef, ...] | tuple[StepSource, ...], knowledge: Knowledge
) -> tuple[SourceLine, ...]:
    """The sources as shown."""
    return tuple(
        SourceLine(
            title=knowledge.sources[ref.document].title,
            publisher=knowledge.sources[ref.document].publisher,
            section=ref.section,
            date=knowledge.sources[ref.document].date_text,
        )
        for ref in refs
    )


def answer(topic: Topic, knowledge: Knowledge, place: Place | None) -> Reply:
    """The answer to a topic, for someone at `place` (None: not known)."""
    choices: list[Choice] = []
    flow = knowledge.flows.get(topic.id)
    if topic.kind is TopicKind.FLOW and flow is not None and flow.handler is None:
        choices.append(Choice(label="Stap voor stap", value=WALK + topic.id))
    if topic.more:
        choices.append(Choice(label="Meer uitleg", value=MORE + topic.id))
    choices += related(topic, knowledge)
    return Reply(
        text=_scope_warning(topic, place) + unwrap(topic.answer),
        choices=tuple(choices),
        sources=sources_of(topic.sources, knowledge),
        topic=topic.id,
        flow=topic.id if flow is not None else None,
    )


def more(topic: Topic, knowledge: Knowledge) -> Reply:
    """The longer explanation of a topic."""
    return Reply(
        text=unwrap(topic.more or "Meer dan dit weet ik er niet van."),
        choices=related(topic, knowledge),
        sources=sources_of(topic.sources, knowledge),
        topic=topic.id,
    )


def where(topic_id: str | None, knowledge: Knowledge) -> Reply:
    """Where the answer to a topic comes from; None: nothing was answered yet."""
    if topic_id is None:
        return answer(knowledge.topic("gesprek/bron"), knowledge, None)
    topic = knowledge.topic(topic_id)
    lines = source_lines(sources_of(topic.sources, knowledge))
    return Reply(
        text=f'Mijn antwoord over "{topic.title}" komt uit:\n'
        + "\n".join(f"- {line}" for line in lines),
        topic="gesprek/bron",
    )


def related(topic: Topic, knowledge: Knowledge) -> tuple[Choice, ...]:
    """Buttons for what people ask next."""
    return tuple(topic_choice(knowledge.topic(id_)) for id_ in topic.related[:MAX_RELATED])


def topic_choice(topic: Topic) -> Choice:
    """A button that asks for a topic."""
    return Choice(label=topic.title, value=TOPIC + topic.id)


def unwrap(text: str) -> str:
    """Join the lines that were only broken for the file: a list item keeps its own line."""
    return re.sub(r"(?<!\n)\n(?!\n|- )", " ", text.strip())


def _scope_warning(topic: Topic, place: Place | None) -> str:
    if holds_in(topic, place) or place is None:
        return ""
    own = f" ({place.name})" if place.name else ""
    return (
        f"Let op: dit is een afspraak van een andere regio ({topic.scope}). "
        f"Wat er in jouw regio{own} is afgesproken, weet ik niet: vraag het je "
        "regio-organisatie (RHO).\n\n"
    )
