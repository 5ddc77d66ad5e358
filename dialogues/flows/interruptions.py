"""A message in the middle of a flow: an answer to the step, or something in between."""

from dataclasses import replace

from bottlenecks.privacy import KINDS, OTHER_THAN_CONTACTS, screen
from dialogues import commands, rendering
from dialogues.flows import corrections, engine, parking, reading, runner
from dialogues.flows.handlers.own_reports import STATUS, status
from dialogues.flows.runner import Running
from dialogues.regions import find_place, place_from_slot
from dialogues.reply import Choice, Reply
from dialogues.turn import Turn
from knowledge import Topic, TopicKind
from nlu.topics import CLARIFY_INTENT, EMERGENCY, OUT_OF_SCOPE, TAP_INTENT

# at a step that takes any text, a question must be this sure to be taken for one
SURE_QUESTION = 0.8
BACK_HERE = "Terug naar waar je was."
# the answers to "shall I keep this and begin that?"
SWITCH, STAY = "w:ja", "w:nee"
_KEPT_WORDS = frozenset({"bewaar", "bewaren", "bewaar dit", "begin maar", "beginnen", "wissel"})
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


def go_on(turn: Turn) -> None:
    """A flow runs: give it the turn, or do what comes in between and return to it."""
    run = runner.running(turn)
    if run is None or run.state.step not in {step.id for step in run.flow.steps}:
        run = _without_its_step(turn, run)
        if run is None:
            return
    before = run.state.step
    run, changed = runner.adapted(turn, run)
    if changed and run.state.step != before:
        turn.say(Reply(text=changed.strip()))
        runner.go_on(turn, run, engine.OVERVIEW)
        return
    choice = turn.incoming.choice
    if _waits_for_switch(turn) and _switched(turn, run, choice):
        return
    if choice is None:
        _typed(turn, run, lead=changed.strip())
    elif choice.startswith(engine.PREFIX + ":"):
        runner.tapped(turn, run, choice)
    elif not commands.carry_out(turn, choice):
        _other_button(turn, run, choice)


def _without_its_step(turn: Turn, run: Running | None) -> Running | None:
    """The step someone was at is gone: on from the first open one; None when all is gone."""
    if run is not None:
        return run if run.state.version != run.flow.version else None
    if turn.flow is not None:
        turn.desk.flows.end(turn.flow.run_id, "stopped")
    turn.take_up(None)
    turn.say(Reply(text="Die stappen bestaan niet meer. Stel je vraag opnieuw."))
    return None


def _typed(turn: Turn, run: Running, lead: str = "") -> None:
    step = run.flow.step(run.state.step)
    kinds = OTHER_THAN_CONTACTS if step.contacts else frozenset(KINDS)
    screened = screen(turn.incoming.text, kinds=kinds)
    run = runner.removed_too(run, screened.removed_in_words)
    text = screened.text
    if steps := reading.steps_back(text):
        state = engine.back(run.flow, run.state, steps)
        runner.go_on(turn, replace(run, state=state), engine.OVERVIEW)
        return
    if name := (parking.as_go_on(text) or "").removeprefix(parking.GO_ON):
        if parking.wanted(turn, name):
            commands.carry_out(turn, parking.GO_ON + name)
            return
    given = reading.command(text)
    lists = run.handler.lists(turn, run.state)
    found = corrections.find(run.flow, run.state, lists, text) if given is None else None
    if found is not None:
        runner.correct(turn, run, found)
        return
    given = runner.read(turn, run, text, loosely=False)
    if given is None and (_asks_something_else(turn, run) or _wants_other_flow(turn, run)):
        return
    given = given or runner.read(turn, run, text, loosely=True)
    if given is None and step.kind not in ("tekst", "opsomming") and _says_topic(turn, run):
        return
    if given is None and reading.asks(text):
        given = engine.EXPLAIN  # a question about the step itself
    runner.go_on(turn, run, given, lead=lead)


def _asks_something_else(turn: Turn, run: Running) -> bool:
    """A question is answered, then the step is shown again."""
    step = run.flow.step(run.state.step)
    topic = turn.knowledge.topics.get(turn.understood.topic)
    if (
        topic is None
        or topic.id in _NOT_IN_BETWEEN
        or not reading.asks(turn.incoming.text)
        # a description may well be put as a question; a practice or an attempt is not
        or (
            step.kind in ("tekst", "opsomming")
            and not ((step.skippable or step.kind == "opsomming") and _surely_asks(turn))
        )
        or (step.other and not turn.incoming.text.strip().endswith("?"))
    ):
        return False
    if topic.id == run.flow.id:
        runner.go_on(turn, run, engine.EXPLAIN)
        return True
    if runner.starts_at_once(turn, topic.id) and topic.id != STATUS:
        return _wants_other_flow(turn, run)
    _in_between(turn, run, topic)
    return True


def _says_topic(turn: Turn, run: Running) -> bool:
    """Words that are no answer, but surely name another subject."""
    topic = turn.knowledge.topics.get(turn.understood.topic)
    if topic is None or topic.id in _NOT_IN_BETWEEN or topic.id == run.flow.id:
        return False
    if turn.understood.confidence < SURE_QUESTION:
        return False
    if runner.starts_at_once(turn, topic.id) and topic.id != STATUS:
        return _wants_other_flow(turn, run)
    _in_between(turn, run, topic)
    return True


def _in_between(turn: Turn, run: Running, topic: Topic) -> None:
    place = find_place(turn.incoming.text, turn.knowledge) or place_from_slot(turn.slot("region"))
    focus = turn.understood.focus
    if topic.id == STATUS:
        reply = status(turn)
    elif topic.id == "gesprek/bron":
        reply = rendering.where(turn.slot("topic"), turn.knowledge)
    elif focus is not None:
        reply = rendering.focused(topic, turn.knowledge, focus, place)
    else:
        reply = rendering.answer(topic, turn.knowledge, place)
    # of the buttons only the one that walks it: it asks before it leaves this flow
    kept = tuple(c for c in reply.choices if c.value.startswith(rendering.WALK))
    turn.say(reply.model_copy(update={"choices": kept}))
    if topic.sources:
        turn.slots["topic"] = topic.id
    runner.show_again(turn, BACK_HERE)


def _surely_asks(turn: Turn) -> bool:
    """Whether the message is a question on its topic beyond doubt."""
    sure = turn.understood.confidence >= SURE_QUESTION
    return sure and turn.incoming.text.rstrip().endswith("?")


def _wants_other_flow(turn: Turn, run: Running) -> bool:
    """A wish to do something else that has steps of its own: ask what to do with this."""
    topic = turn.knowledge.topics.get(turn.understood.topic)
    if topic is None or topic.id not in turn.knowledge.flows or topic.id == run.flow.id:
        return False
    if topic.kind is not TopicKind.FLOW or not commands.wishes(turn.incoming.text):
        return False
    if turn.understood.confidence < SURE_QUESTION:
        return False
    ask_switch(turn, run, topic.id, turn.incoming.text)
    return True


def ask_switch(turn: Turn, run: Running, flow_id: str, text: str) -> None:
    """Ask whether to put the running flow aside for another one."""
    other = turn.knowledge.flows[flow_id]
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


def _waits_for_switch(turn: Turn) -> bool:
    return bool(turn.slot("switch"))


def _switched(turn: Turn, run: Running, choice: str | None) -> bool:
    """Do what was answered to `ask_switch`; False when the message says something else."""
    wanted = turn.slot("switch")
    turn.slots["switch"] = None
    text = turn.incoming.text
    if choice == SWITCH or (
        choice is None and (reading.says_yes(text) or reading.folded(text) in _KEPT_WORDS)
    ):
        runner.start(turn, wanted["flow"], text=wanted["text"])
        return True
    if choice == STAY or (choice is None and reading.says_no(text)):
        runner.show_again(turn, "Goed, we gaan hier verder.")
        return True
    return False


def _other_button(turn: Turn, run: Running, choice: str) -> None:
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
            ask_switch(turn, run, topic.id, "")
            return
        if topic.id != run.flow.id and topic.id not in (OUT_OF_SCOPE, EMERGENCY):
            _in_between(turn, run, topic)
            return
    runner.show_again(turn, "Die knop werkt hier niet. Je was hier:")
