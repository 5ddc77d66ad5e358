"""What a message asks: its topic, its details, a second question in it, or a follow-up."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from dialogues.entities import Entities, find_entities
from dialogues.followup import Focus, resolve
from knowledge import Knowledge, TopicKind
from nlu.decision import Candidate
from nlu.segments import closing, is_long, questions
from nlu.topics import EMERGENCY

# of more questions at once, the rest is left for later
MAX_QUESTIONS = 10
_OWN_REPORT = "knelpunt/"
_STATUS = "knelpunt/status"
_FILE = "knelpunt/melden"


@dataclass(frozen=True)
class Understood:
    """What the understanding made of a message: Rasa's intent as a topic, and the candidates.

    `asked` are the topics of all questions in the message, in order, when there are several;
    `focus` is the detail that a follow-up asks of the topic.
    """

    topic: str
    confidence: float
    candidates: tuple[Candidate, ...] = ()
    entities: Entities = Entities()
    asked: tuple[str, ...] = ()
    focus: Focus | None = None


def understand(
    text: str, last_topic: str | None, knowledge: Knowledge, parse: Callable[[str], Understood]
) -> Understood:
    """What `text` asks, given the topic that was answered before it.

    `parse` gives the topic of a text by itself.
    """
    whole = replace(parse(text), entities=find_entities(text, knowledge))
    if whole.topic == EMERGENCY:
        return whole
    if whole.entities.reference is not None and not whole.topic.startswith(_OWN_REPORT):
        return _about_report(whole)
    best = whole.candidates[0] if whole.candidates else None
    follow_up = resolve(text, whole.entities, best, last_topic, knowledge)
    if follow_up is not None:
        first = Candidate(follow_up.topic, 1.0)
        others = tuple(c for c in whole.candidates if c.topic != follow_up.topic)
        return replace(
            whole,
            topic=follow_up.topic,
            confidence=1.0,
            candidates=(first, *others),
            focus=follow_up.focus,
        )
    return _with_parts(text, whole, knowledge, parse)


def _about_report(whole: Understood) -> Understood:
    """A message with the number of a report is about that report."""
    near = [c for c in whole.candidates if c.topic.startswith(_OWN_REPORT) and c.topic != _FILE]
    best = max(near, key=lambda candidate: candidate.confidence, default=Candidate(_STATUS, 0.0))
    others = tuple(c for c in whole.candidates if c.topic != best.topic)
    first = Candidate(best.topic, 1.0)
    return replace(whole, topic=best.topic, confidence=1.0, candidates=(first, *others))


def _with_parts(
    text: str, whole: Understood, knowledge: Knowledge, parse: Callable[[str], Understood]
) -> Understood:
    """Looks at every question in the message, and of a long one at its end."""
    parts = questions(text)[:MAX_QUESTIONS]
    if is_long(text) and (end := closing(text)) not in parts:
        parts.append(end)
    if parts == [text.strip()]:
        return whole
    read = [parse(part) for part in parts]
    answered: dict[str, Understood] = {}
    for part in read:
        if _is_subject(part.topic, knowledge):
            answered.setdefault(part.topic, part)
    if not answered:
        return whole
    if _is_subject(whole.topic, knowledge):
        if whole.topic not in answered:
            return whole
        return replace(whole, asked=tuple(answered))
    if whole.topic in knowledge.topics and not is_long(text):
        return whole  # small talk, or a question that is recognised as none of ours
    first = next(iter(answered.values()))
    return replace(first, entities=whole.entities, asked=tuple(answered))


def _is_subject(topic_id: str, knowledge: Knowledge) -> bool:
    """Whether it is a topic with an answer of its own: no small talk, nothing undecided."""
    topic = knowledge.topics.get(topic_id)
    return topic is not None and topic.kind is not TopicKind.CONVERSATION
