"""Someone says that an answer is wrong: which answer, and whether there was one."""

import re

from bottlenecks.privacy import screen
from dialogues import from_answer, rendering, unclear
from dialogues.flows import runner
from dialogues.flows.words import folded
from dialogues.reply import Choice, Reply
from dialogues.turn import Turn
from nlu.danger import POSSIBLE
from nlu.topics import EMERGENCY

# what these said is no answer: a question of ours, a "no", or the end of some steps
_NO_ANSWERS = frozenset({"action_clarify", "action_decline", "action_flow", "action_stop"})
_NO_ANSWER_TOPICS = frozenset({"gesprek/groet", "gesprek/dank", "gesprek/afscheid"})
TOPIC = "gesprek/fout-antwoord"
# "dit klopt niet, bij ons doet de burgemeester het"
_WRONG = re.compile(
    r"(?:(?:nee|ho|maar|volgens mij|wacht) )*(?:(?:dit|dat|het|je|jouw) )?(?:antwoord )?klopt "
    r"(?:(?:echt|helemaal|volgens mij|dus|toch|hier|gewoon|zo) )*niet\b"
)
_REPORT = Choice(label="Een knelpunt melden", value=rendering.TOPIC + runner.REPORT)


def made(turn: Turn, text: str) -> bool:
    """Whether a message begins by saying that an answer is wrong, whatever comes after it.

    Danger goes first, and the steps of a flow read it themselves.
    """
    in_danger = turn.understood.topic == EMERGENCY or turn.understood.danger >= POSSIBLE
    if turn.memory.flow is not None or in_danger or text.rstrip().endswith("?"):
        return False
    return _WRONG.match(folded(text)) is not None


def feedback(turn: Turn) -> None:
    """Keep that the last answer is wrong; ask which, when nothing was answered just before."""
    if not _was_answer(turn):
        turn.say(_which(turn))
        return
    if _is_repeated(turn):
        _thank(turn, "Dat heb ik al bewaard. Mensen kunnen het nakijken.")
        return
    unclear.marked_wrong(turn)
    if not turn.desk.add_feedback(turn.slot("topic"), screen(turn.incoming.text).text):
        turn.say(Reply(text="Bij een losse vraag bewaar ik niets. Zeg het in een gesprek met mij."))
        return
    _thank(turn)


def _thank(turn: Turn, said: str = "") -> None:
    reply = rendering.answer(turn.knowledge.topic(TOPIC), turn.knowledge, None)
    last = turn.slot("topic")
    value = from_answer.REPORT_ANSWER + last if last else _REPORT.value
    choices = (Choice(label="Dit melden", value=value),)
    turn.say(reply.model_copy(update={"text": said or reply.text, "choices": choices}))


def _which(turn: Turn) -> Reply:
    last = turn.knowledge.topics.get(turn.slot("topic") or "")
    again = (rendering.topic_choice(last),) if last is not None else ()
    return Reply(
        text="Welk antwoord klopt niet? Mijn laatste bericht was geen antwoord, dus ik heb niets "
        'bewaard. Vraag eerst het antwoord op, en zeg dan "dit klopt niet". Melden kan ook.',
        choices=(*again, *from_answer.choices(turn), _REPORT),
    )


def _was_answer(turn: Turn) -> bool:
    """Whether the last thing that was said, but for earlier complaints, was an answer.

    A conversation that begins with a complaint may be about an answer of long ago.
    """
    done = [one for one in from_answer.spoken(turn) if one[0] != from_answer.FEEDBACK]
    action, topic, _ = done[-1] if done else ("", "", "")
    return action not in _NO_ANSWERS and topic not in _NO_ANSWER_TOPICS


def _is_repeated(turn: Turn) -> bool:
    """Whether the message before this one said the same of the same answer."""
    action, _, said = (from_answer.spoken(turn) or [("", "", "")])[-1]
    same = folded(said) == folded(screen(turn.incoming.text).text)
    return action == from_answer.FEEDBACK and same
