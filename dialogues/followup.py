"""Short follow-ups: "en in Geleen?", "en fase 3c?", "wat betekent dat voor de apotheek?"."""

from dataclasses import dataclass

from dialogues.entities import Entities, is_bare, refers_back
from knowledge import Knowledge
from nlu.decision import Candidate

MAX_WORDS = 10
# of a message that is only a place
MAX_BARE_WORDS = 3
# what is understood this surely needs nothing that came before
SURE = 0.9
_PHASE = "opschaling/fase-"
_PHASES = "opschaling/fasen"
_URGENCY = "opschaling/urgentie"


@dataclass(frozen=True)
class Focus:
    """The detail of a topic that was asked for: a party, an insurer, or (neither) another place."""

    party: str | None = None
    insurer: str | None = None


@dataclass(frozen=True)
class FollowUp:
    """What a short message asks for, given the topic that was answered before it.

    `focus` None asks for the topic as a whole.
    """

    topic: str
    focus: Focus | None = None


def resolve(
    text: str,
    entities: Entities,
    best: Candidate | None,
    last_topic: str | None,
    knowledge: Knowledge,
) -> FollowUp | None:
    """What `text` asks for after an answer on `last_topic`; None: it stands by itself.

    `best` is how the text is understood by itself.
    """
    if last_topic is None or last_topic not in knowledge.topics:
        return None
    if len(text.split()) > MAX_WORDS or not is_bare(text, entities):
        return None
    # only a place by itself ("Utrecht?") is enough to go on about what came before
    only_place = entities.place is not None and len(entities.as_data()) == 1
    short = len(text.split()) <= MAX_BARE_WORDS and only_place
    if entities.phase is not None:
        # "fase 3" does not say which part: all phases, then
        topic = _PHASE + entities.phase
        return FollowUp(topic if topic in knowledge.topics else _PHASES)
    if not refers_back(text) and not short:
        return None
    # "en het personeel?" may have an answer of its own within the subject
    own = best is not None and best.topic.split("/")[0] == last_topic.split("/")[0]
    if own and best is not None and best.confidence >= SURE:
        return None
    if entities.parties:
        return FollowUp(last_topic, Focus(party=entities.parties[0]))
    if entities.insurer is not None:
        return FollowUp(last_topic, Focus(insurer=entities.insurer))
    if entities.urgency is not None:
        return FollowUp(_URGENCY)
    return FollowUp(last_topic, Focus())
