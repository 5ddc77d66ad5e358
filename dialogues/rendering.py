"""Turns a topic into a reply: scope, answer, sources and related topics as buttons."""

import re

from dialogues.entities import Entities, party
from dialogues.followup import Focus
from dialogues.regions import Place, holds_in
from dialogues.reply import Choice, Reply, SourceLine, source_lines
from knowledge import Knowledge, SourceRef, Topic, TopicKind
from knowledge.flow_model import StepSource
from knowledge.lines import unwrap
from knowledge.model import NATIONAL

TOPIC = "t:"
MORE = "meer:"
WALK = "stap:"
# "verder" or "terug" while no procedure is running
NO_STEP = "stap"
MAX_RELATED = 3
NO_DETAILS = Entities()


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


def answer(
    topic: Topic, knowledge: Knowledge, place: Place | None, details: Entities = NO_DETAILS
) -> Reply:
    """The answer to a topic, for someone at `place` (None: not known) who named `details`."""
    choices: list[Choice] = []
    flow = knowledge.flows.get(topic.id)
    if topic.kind is TopicKind.FLOW and flow is not None and not flow.at_once:
        choices.append(Choice(label="Stap voor stap", value=WALK + topic.id))
    if topic.more:
        choices.append(Choice(label="Meer uitleg", value=MORE + topic.id))
    choices += related(topic, knowledge)
    return Reply(
        text=scope_warning(topic, place, knowledge)
        + _pointed(topic, details)
        + unwrap(topic.answer),
        choices=tuple(choices),
        sources=sources_of(topic.sources, knowledge),
        topic=topic.id,
        flow=topic.id if flow is not None else None,
    )


def focused(topic: Topic, knowledge: Knowledge, focus: Focus, place: Place | None) -> Reply:
    """The part of a topic's answer that is about one party, insurer or place.

    Where the answer says nothing about it, the reply says just that.
    """
    if focus.insurer is not None:
        insurer = knowledge.insurers[focus.insurer]
        reply = _passages(topic, knowledge, "de zorgverzekeraar", party("verzekeraar").pattern)
        known = (
            f"Zorgbemiddeling van {insurer.name}: {insurer.contact}"
            if insurer.contact
            else f"Hoe je zorgbemiddeling van {insurer.name} bereikt, is hier nog niet ingevuld. "
            "Vraag het je regio-organisatie (RHO)."
        )
        return reply.model_copy(update={"text": f"{reply.text}\n\n{known}"})
    if focus.party is not None:
        asked = party(focus.party)
        return _passages(topic, knowledge, asked.name, asked.pattern)
    whole = answer(topic, knowledge, place)
    if place is None:
        return whole
    if not holds_in(topic, place, knowledge):
        return _not_there(topic, knowledge, place)
    pattern = re.compile(re.escape(place.name), re.IGNORECASE)
    # "de regio Utrecht" in an agreement of Utrecht is no part of it that is about Utrecht
    own = place.region is not None and place.name != topic.scope
    if own and pattern.search(topic.answer):
        return _passages(topic, knowledge, place.name, pattern)
    name = f" ({place.name})" if place.name else ""
    reach = "landelijk, dus ook daar" if topic.scope == NATIONAL else "ook daar"
    return whole.model_copy(update={"text": f"Dit geldt {reach}{name}.\n\n{whole.text}"})


def _not_there(topic: Topic, knowledge: Knowledge, place: Place) -> Reply:
    """Who has just read an agreement of another region need not read it again."""
    return Reply(
        text=f"Wat daarover is afgesproken in {place.name or 'jouw regio'}, weet ik niet. "
        f'"{topic.title}" is een afspraak van {topic.scope}. Vraag het je regio-organisatie (RHO).',
        choices=(Choice(label="Hele antwoord", value=TOPIC + topic.id), *related(topic, knowledge)),
        sources=sources_of(topic.sources, knowledge),
        topic=topic.id,
    )


def _passages(topic: Topic, knowledge: Knowledge, about: str, pattern: re.Pattern[str]) -> Reply:
    """The paragraphs and list items of a topic that `pattern` finds."""
    text = unwrap(f"{topic.answer}\n\n{topic.more or ''}")
    found = [part for part in re.split(r"\n+", text) if pattern.search(part)]
    origin = ", ".join(part for part in (topic.scope, topic.dated) if part)
    title = f'"{topic.title}" ({origin})'
    if found:
        lines = "\n".join(f"- {part.removeprefix('- ')}" for part in found)
        said = f"Over {about} staat bij {title}:\n{lines}"
    else:
        said = f"Bij {title} staat niets over {about}."
    choices = (Choice(label="Hele antwoord", value=TOPIC + topic.id), *related(topic, knowledge))
    return Reply(
        text=said,
        choices=choices[: MAX_RELATED + 1],
        sources=sources_of(topic.sources, knowledge),
        topic=topic.id,
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


def _pointed(topic: Topic, details: Entities) -> str:
    if topic.pointed is None or (details.count or 0) < topic.pointed.from_count:
        return ""
    return unwrap(topic.pointed.sentence) + "\n\n"


def scope_warning(topic: Topic, place: Place | None, knowledge: Knowledge) -> str:
    """That the agreement is another region's, for someone at `place`; empty when it holds there."""
    if holds_in(topic, place, knowledge) or place is None:
        return ""
    own = f" ({place.name})" if place.name else ""
    return (
        f"Let op: dit is een afspraak van een andere regio ({topic.scope}). "
        f"Wat er in jouw regio{own} is afgesproken, weet ik niet: vraag het je "
        "regio-organisatie (RHO).\n\n"
    )
