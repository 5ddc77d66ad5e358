"""Another subject at a step of a flow: answered in between, or asked what to do with the flow."""

from dialogues import commands, counting, my_data, profile, rendering
from dialogues.flows import inputs, runner, showing, switching, words
from dialogues.flows.handlers.own_reports import STATUS, status
from dialogues.flows.showing import Running
from dialogues.regions import find_place
from dialogues.turn import Turn
from knowledge import Topic, TopicKind
from nlu.topics import CLARIFY_INTENT, EMERGENCY, OUT_OF_SCOPE, TAP_INTENT

# at a step that takes any text, a question must be this sure to be taken for one
SURE_QUESTION = 0.8
# words that are put neither as a question nor as an answer must be surer to be a subject
SURE_TOPIC = 0.9
MIN_TOPIC_WORDS = 3
# words of a question that needs no mark to be one
MAX_BARE_QUESTION = 6
# subjects that one word is enough for
_SHORT_TOPICS = frozenset({STATUS, "gesprek/help", "gesprek/mens"})
BACK_HERE = "Terug naar waar je was."
_NOT_IN_BETWEEN = frozenset(
    {
        OUT_OF_SCOPE,
        CLARIFY_INTENT,
        TAP_INTENT,
        "gesprek/stop",
        # at a step these are about the step: nothing would be kept as feedback, and danger now
        # never comes here
        "gesprek/fout-antwoord",
        EMERGENCY,
    }
)


def asks_something_else(turn: Turn, run: Running) -> bool:
    """A question is answered, then the step is shown again."""
    step = run.flow.step(run.state.step)
    topic = turn.knowledge.topics.get(turn.understood.topic)
    if (
        topic is None
        or topic.id in _NOT_IN_BETWEEN
        or not words.asks(turn.incoming.text)
        # a description may well be put as a question; a name or an attempt is not
        or (
            step.kind == "tekst"
            and not (_surely_asks(turn) and (step.skippable or topic.id == STATUS))
        )
        or (step.kind == "opsomming" and not turn.incoming.text.strip().endswith("?"))
        or (step.other and not turn.incoming.text.strip().endswith("?"))
    ):
        return False
    if topic.id == run.flow.id:
        runner.go_on(turn, run, inputs.EXPLAIN)
        return True
    if runner.starts_at_once(turn, topic.id) and topic.id != STATUS:
        return wants_other_flow(turn, run)
    _in_between(turn, run, topic)
    return True


def says_topic(turn: Turn, run: Running) -> bool:
    """Words that are no answer, but surely name another subject."""
    topic = turn.knowledge.topics.get(turn.understood.topic)
    if topic is None or topic.id in _NOT_IN_BETWEEN or topic.id == run.flow.id:
        return False
    short = len(turn.incoming.text.split()) < MIN_TOPIC_WORDS
    if short and turn.understood.entities.phase is None and topic.id not in _SHORT_TOPICS:
        return False
    if turn.understood.confidence < SURE_TOPIC:
        return False
    if runner.starts_at_once(turn, topic.id) and topic.id != STATUS:
        return wants_other_flow(turn, run)
    _in_between(turn, run, topic)
    return True


def _in_between(turn: Turn, run: Running, topic: Topic) -> None:
    place = find_place(turn.incoming.text, turn.knowledge) or profile.place_in(turn)
    focus = turn.understood.focus
    if topic.id == STATUS:
        reply = status(turn)
    elif topic.id == my_data.TOPIC:
        reply = my_data.statement(turn)
    elif topic.id == "gesprek/bron":
        reply = rendering.where(turn.slot("topic"), turn.knowledge)
    elif focus is not None:
        reply = rendering.focused(topic, turn.knowledge, focus, place)
    else:
        reply = rendering.answer(topic, turn.knowledge, place)
    # of the buttons only the one that walks it: it asks before it leaves this flow
    kept = tuple(c for c in reply.choices if c.value.startswith(rendering.WALK))
    turn.say(reply.model_copy(update={"choices": kept}))
    counting.answered(turn, topic)
    if topic.sources:
        turn.slots["topic"] = topic.id
    showing.show_again(turn, BACK_HERE)


def _surely_asks(turn: Turn) -> bool:
    """Whether the message is a question on its topic beyond doubt."""
    sure = turn.understood.confidence >= SURE_QUESTION
    text = turn.incoming.text
    return sure and (text.rstrip().endswith("?") or len(text.split()) <= MAX_BARE_QUESTION)


def wants_other_flow(turn: Turn, run: Running) -> bool:
    """A wish to do something else that has steps of its own: ask what to do with this."""
    topic = turn.knowledge.topics.get(turn.understood.topic)
    if topic is None or topic.id not in turn.knowledge.flows or topic.id == run.flow.id:
        return False
    if topic.kind is not TopicKind.FLOW or not commands.wishes(turn.incoming.text):
        return False
    if turn.understood.confidence < SURE_QUESTION:
        return False
    switching.ask_switch(turn, run, topic.id, turn.incoming.text)
    return True


def other_button(turn: Turn, run: Running, choice: str) -> None:
    """A button from outside the flow: stop, another flow, or an answer in between."""
    if choice == rendering.TOPIC + "gesprek/stop":
        runner.stop(turn, run)
        return
    for prefix in (rendering.WALK, rendering.TOPIC):
        topic = turn.knowledge.topics.get(choice.removeprefix(prefix))
        if not choice.startswith(prefix) or topic is None:
            continue
        begins = prefix == rendering.WALK or runner.starts_at_once(turn, topic.id)
        if begins and topic.id in turn.knowledge.flows and topic.id != run.flow.id:
            switching.ask_switch(turn, run, topic.id, "")
            return
        if topic.id != run.flow.id and topic.id not in (OUT_OF_SCOPE, EMERGENCY):
            _in_between(turn, run, topic)
            return
    showing.show_again(turn, "Die knop werkt hier niet. Je was hier:")
