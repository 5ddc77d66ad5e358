"""Asking before one flow makes way for another, or begins again."""

from bottlenecks.privacy import screen
from dialogues import counting
from dialogues.flows import inputs, runner, showing, words
from dialogues.flows.showing import Running
from dialogues.reply import Choice, Reply
from dialogues.turn import Turn

# the answers to "shall I keep this and begin that?"
SWITCH, STAY = "w:ja", "w:nee"
_KEPT_WORDS = frozenset({"bewaar", "bewaren", "bewaar dit", "begin maar", "beginnen", "wissel"})


def ask_switch(turn: Turn, run: Running, flow_id: str, text: str) -> None:
    """Ask whether to put the running flow aside for another one."""
    other = turn.knowledge.flows[flow_id]
    if flow_id in turn.knowledge.topics:
        counting.answered(turn, turn.knowledge.topic(flow_id))
    turn.slots["switch"] = {"flow": flow_id, "text": screen(text).text}
    turn.say(
        Reply(
            text=f'Je bent nog bezig met "{run.flow.title}". Zal ik dat bewaren en beginnen met '
            f'"{other.title}"?',
            choices=(
                Choice(label="Bewaren en beginnen", value=SWITCH),
                Choice(label="Eerst dit afmaken", value=STAY),
            ),
        )
    )


def waits_for_answer(turn: Turn) -> bool:
    """Whether the last message asked one of these questions."""
    return bool(turn.slot("switch"))


def answered(turn: Turn, run: Running, choice: str | None) -> bool:
    """Do what was answered to `ask_switch`; False when the message says something else."""
    wanted = turn.slot("switch")
    turn.slots["switch"] = None
    text = turn.incoming.text
    if choice == SWITCH or (
        choice is None and (words.says_yes(text) or words.folded(text) in _KEPT_WORDS)
    ):
        if wanted.get("restart"):
            runner.go_on(turn, run, inputs.RESTART)
        else:
            runner.start(turn, wanted["flow"], text=wanted["text"])
        return True
    if choice == STAY or (choice is None and words.says_no(text)):
        showing.show_again(turn, "Goed, we gaan hier verder.")
        return True
    return False


def ask_restart(turn: Turn) -> None:
    """Ask before what was filled in is erased."""
    turn.slots["switch"] = {"restart": True}
    turn.say(
        Reply(
            text="Opnieuw beginnen wist wat er is ingevuld. Weet je het zeker?",
            choices=(
                Choice(label="Ja, opnieuw beginnen", value=SWITCH),
                Choice(label="Nee, verder hier", value=STAY),
            ),
        )
    )
