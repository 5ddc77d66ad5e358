"""What a message asks: its topic, its details, a second question in it, or a follow-up."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from dialogues.entities import Entities, find_entities
from dialogues.followup import MAX_WORDS, SURE, Focus, FollowUp, resolve
from knowledge import Knowledge, TopicKind
from nlu.decision import Candidate
from nlu.segments import closing, is_long, questions
from nlu.topics import EMERGENCY

# questions after these are not read
MAX_QUESTIONS = 10
# what is said around a question
_POLITE = ("gesprek/groet", "gesprek/dank", "gesprek/afscheid")
_PHASES = "opschaling/fasen"
_NO_PHASES = frozenset("0456789")
_OWN_REPORT = "knelpunt/"
_STATUS = "knelpunt/status"
_FILE = "knelpunt/melden"


@dataclass(frozen=True)
class Understood:
    """What the understanding made of a message: Rasa's intent as a topic, and the candidates.

    `danger` is how probable it is that the message tells of danger now. `asked` are the topics of
    all questions in the message, in order, when there are several; `focus` is the detail that a
    follow-up asks of the topic.
    """

    topic: str
    confidence: float
    candidates: tuple[Candidate, ...] = ()
    entities: Entities = Entities()
    danger: float = 0.0
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
    if follow_up is None and whole.entities.phase in _NO_PHASES:
        follow_up = FollowUp(_PHASES)
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
    if last_topic is not None and _goes_on(text):
        whole = _in_context(text, whole, last_topic, knowledge, parse)
    return _with_parts(text, whole, knowledge, parse)


def _goes_on(text: str) -> bool:
    words = text.lower().split()
    return words[:1] in (["en"], ["of"]) and len(words) <= MAX_WORDS


def _in_context(
    text: str,
    whole: Understood,
    last_topic: str,
    knowledge: Knowledge,
    parse: Callable[[str], Understood],
) -> Understood:
    """A short "en ..." is about the subject of the answer before it, if that makes sense."""
    subject = last_topic.split("/")[0]
    if whole.topic.startswith(subject) or (
        _is_subject(whole.topic, knowledge) and whole.confidence >= SURE
    ):
        return whole
    within = parse(f"{text} {subject}")
    if within.topic.startswith(f"{subject}/") and _is_subject(within.topic, knowledge):
        return replace(within, entities=whole.entities)
    return whole


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
        if part.topic == EMERGENCY:
            return replace(part, entities=whole.entities)
        if _is_subject(part.topic, knowledge):
            answered.setdefault(part.topic, part)
    if not answered:
        return whole
    if _is_subject(whole.topic, knowledge):
        if whole.topic in answered:
            return replace(whole, asked=tuple(answered))
        if whole.topic.startswith(_OWN_REPORT):
            return replace(whole, asked=(*answered, whole.topic))
        return whole
    declined_or_small_talk = whole.topic in knowledge.topics and whole.topic not in _POLITE
    first = next(iter(answered.values()))
    # "wat eten we vanavond? wat is een harop?": a question of its own, and surely ours
    apart = len(parts) > 1 and text.count("?") > 1 and first.confidence >= SURE
    if declined_or_small_talk and not is_long(text) and not apart:
        return whole
    return replace(first, entities=whole.entities, asked=tuple(answered))


def _is_subject(topic_id: str, knowledge: Knowledge) -> bool:
    """Whether it is a topic with an answer of its own: no small talk, nothing undecided."""
    topic = knowledge.topics.get(topic_id)
    return topic is not None and topic.kind is not TopicKind.CONVERSATION
