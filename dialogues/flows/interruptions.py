"""A message in the middle of a flow: an answer to the step, or something in between."""

from dataclasses import replace

from bottlenecks.privacy import screen
from dialogues import commands, counting, from_answer, my_data, profile, rendering, unclear
from dialogues.flows import (
    corrections,
    engine,
    failing,
    inputs,
    offering,
    parking,
    reading,
    removed,
    removing,
    runner,
    showing,
    switching,
    words,
)
from dialogues.flows.handlers.own_reports import STATUS, status
from dialogues.flows.showing import Running
from dialogues.flows.state import first_open
from dialogues.regions import find_place
from dialogues.reply import Reply
from dialogues.turn import Turn
from knowledge import Topic, TopicKind
from nlu.topics import CLARIFY_INTENT, EMERGENCY, OUT_OF_SCOPE, TAP_INTENT

# at a step that takes any text, a question must be this sure to be taken for one
SURE_QUESTION = 0.8
# words that are put neither as a question nor as an answer must be surer to be a subject
SURE_TOPIC = 0.9
MIN_TOPIC_WORDS = 3
MAX_SMALL_TALK = 4
# words of a question that needs no mark to be one
MAX_BARE_QUESTION = 6
# words of a message that may hold more than the one answer that was asked
MIN_STORY = 7
COLLEAGUE_MOVED = (
    "Je collega is intussen verder gegaan. Je laatste bericht heb ik niet gebruikt. Dit is nu de "
    "vraag:"
)
# subjects that one word is enough for
_SHORT_TOPICS = frozenset({STATUS, "gesprek/help", "gesprek/mens"})
_SMALL_TALK = frozenset({"gesprek/dank", "gesprek/groet", "gesprek/afscheid"})
FIRST_THIS = (
    "Dat lijkt een nieuwe melding. Verstuur eerst deze melding, of stop ermee. Stuur je bericht "
    "daarna nog een keer: ik heb er nog niets mee gedaan."
)
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


def go_on(turn: Turn, lead: str = "") -> None:
    """A flow runs: give it the turn, or do what comes in between and return to it.

    `lead` is said first where what was typed is the answer to the step.
    """
    run = showing.running(turn)
    if run is None:
        showing.end(turn, "stopped")
        turn.say(Reply(text="Die stappen bestaan niet meer. Stel je vraag opnieuw."))
        return
    before = run.state.step
    run, changed = showing.adapted(turn, run)
    if changed and run.state.step != before:
        showing.show(turn, run, lead=changed.strip())
        return
    choice = turn.incoming.choice
    run, asking = removing.asked(turn, run)
    if asking and removing.answered(turn, run, asking):
        return
    if switching.waits_for_answer(turn) and switching.answered(turn, run, choice):
        return
    if choice is None:
        _typed(turn, run, lead="\n".join(part for part in (lead, changed.strip()) if part))
    elif choice.startswith(inputs.PREFIX + ":"):
        runner.tapped(turn, run, choice, lead=changed.strip())
    elif not commands.carry_out(turn, choice):
        _other_button(turn, run, choice)


def is_answer(turn: Turn) -> bool:
    """Whether the message is, word for word, an answer or a command at the step that is asked."""
    run = showing.running(turn)
    if run is None or run.step.kind in ("tekst", "opsomming"):
        return False
    if removing.is_sure(turn, run):
        return True
    return _answer(turn, run, turn.incoming.text, loosely=False) is not None


def is_told(turn: Turn) -> bool:
    """Whether the step that is asked is a text of a report, and the message can be that text."""
    run = showing.running(turn)
    text = turn.incoming.text
    if run is None or run.step.kind != "tekst" or not removed.can_restore(run.flow):
        return False
    return len(text.split()) >= MIN_STORY and not words.asks(text)


def _typed(turn: Turn, run: Running, lead: str = "") -> None:
    in_report = run.flow.id.startswith(failing.OF_REPORTS)
    if not in_report and from_answer.report_told(turn):
        return
    if in_report and run.step.kind != "tekst" and from_answer.tells_report(turn):
        showing.show(turn, run, lead=FIRST_THIS)
        return
    if removing.typed(turn, run):
        return
    if removed.can_restore(run.flow):
        state, text = removed.read(turn, run.state, turn.incoming.text)
        run = replace(run, state=state)
    else:
        text = screen(turn.incoming.text, kinds=runner.kinds_for(run.step)).text
    if not in_report and failing.asks_to_report(text) and from_answer.report_what_was_said(turn):
        return
    if _steers(turn, run, text):
        return
    if _tells_story(turn, run, text):
        return
    given = _answer(turn, run, text, loosely=False)
    if given is None and offering.offers_report(turn, run, text):
        return
    if given is None and (_asks_something_else(turn, run) or _wants_other_flow(turn, run)):
        return
    if showing.moved_on(turn, run) and not (given or "").startswith("!"):
        showing.show(turn, run, lead=COLLEAGUE_MOVED)
        return
    given = given or _answer(turn, run, text, loosely=True)
    several = run.step.kind in ("tekst", "opsomming")
    if given is None and not several and (_about_me(turn) or _says_topic(turn, run)):
        return
    if given is None and words.asks(text):
        # a question about the step itself, as far as anyone can tell
        explained = run.step.explanation or run.step.again or run.step.text
        showing.show(turn, run, lead="Daar heb ik geen antwoord op.", text=explained)
        if not in_report:
            unclear.remember(turn)
            last = turn.replies[-1]
            turn.replies[-1] = last.model_copy(
                update={"choices": (*last.choices, from_answer.REPORT_CHOICE)}
            )
        return
    if given is not None:
        lead = "\n".join(
            part for part in (lead, showing.answered_in_words(turn, run, text, given)) if part
        )
    runner.go_on(turn, run, given, lead=lead)


def _steers(turn: Turn, run: Running, text: str) -> bool:
    """Going back, to another flow or to an earlier answer; False when it is none of these."""
    if steps := words.steps_back(text):
        state = engine.back(run.flow, run.state, steps)
        showing.show(turn, replace(run, state=state))
        return True
    if name := (parking.as_go_on(text) or "").removeprefix(parking.GO_ON):
        if parking.is_called(run.flow, name):
            showing.show(turn, run, lead="Je was hier:")
            return True
        if parking.wanted(turn, name):
            return commands.carry_out(turn, parking.GO_ON + name)
        showing.show(turn, run, lead="Er staat niets open dat zo heet. Je was hier:")
        return True
    said = words.command(text)
    if said == inputs.RESTART and (run.state.answers or run.state.rounds):
        switching.ask_restart(turn)
        return True
    lists = run.handler.lists(turn, run.state)
    found = corrections.find(run.flow, run.state, lists, text) if said is None else None
    if found is not None:
        runner.correct(turn, run, found)
    return found is not None


def _answer(turn: Turn, run: Running, text: str, *, loosely: bool) -> str | None:
    lists = run.handler.lists(turn, run.state)
    given = reading.read(run.flow, run.state, lists, text, loosely=loosely)
    if loosely and given is not None and given.startswith(inputs.TYPED) and _is_small_talk(turn):
        return None
    return given


def _is_small_talk(turn: Turn) -> bool:
    """Thanks, or a greeting, is no answer to anything."""
    small = turn.understood.topic in _SMALL_TALK and turn.understood.confidence >= SURE_TOPIC
    return small and len(turn.incoming.text.split()) <= MAX_SMALL_TALK


def _tells_story(turn: Turn, run: Running, text: str) -> bool:
    """Several sentences instead of one answer: fill in all that they tell."""
    if run.step.kind != "keuze" or len(text.split()) < MIN_STORY:
        return False
    told = {
        step_id: answer
        for step_id, answer in run.handler.absorb(turn, text).items()
        if run.state.answers.get(step_id) is None
    }
    if len(told) < 2:
        return False
    state = run.state
    for step_id, answer in told.items():
        state = engine.correct(run.flow, state, step_id, answer, run.stamp)
    state = replace(state, step=first_open(run.flow, state.answers).id)
    after = replace(run, state=state)
    showing.show(turn, after, lead=showing.filled_in(turn, after))
    return True


def _about_me(turn: Turn) -> bool:
    """Where someone works, told in passing, is remembered."""
    return profile.read(turn.incoming.text, turn.knowledge) is not None and commands.carry_out(
        turn, profile.SAY
    )


def _asks_something_else(turn: Turn, run: Running) -> bool:
    """A question is answered, then the step is shown again."""
    step = run.flow.step(run.state.step)
    topic = turn.knowledge.topics.get(turn.understood.topic)
    if (
        topic is None
        or topic.id in _NOT_IN_BETWEEN
        or not words.asks(turn.incoming.text)
        # a description may well be put as a question; a name or an attempt is not
        or (step.kind == "tekst" and not (step.skippable and _surely_asks(turn)))
        or (step.kind == "opsomming" and not turn.incoming.text.strip().endswith("?"))
        or (step.other and not turn.incoming.text.strip().endswith("?"))
    ):
        return False
    if topic.id == run.flow.id:
        runner.go_on(turn, run, inputs.EXPLAIN)
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
    short = len(turn.incoming.text.split()) < MIN_TOPIC_WORDS
    if short and turn.understood.entities.phase is None and topic.id not in _SHORT_TOPICS:
        return False
    if turn.understood.confidence < SURE_TOPIC:
        return False
    if runner.starts_at_once(turn, topic.id) and topic.id != STATUS:
        return _wants_other_flow(turn, run)
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


def _wants_other_flow(turn: Turn, run: Running) -> bool:
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
            switching.ask_switch(turn, run, topic.id, "")
            return
        if topic.id != run.flow.id and topic.id not in (OUT_OF_SCOPE, EMERGENCY):
            _in_between(turn, run, topic)
            return
    showing.show_again(turn, "Die knop werkt hier niet. Je was hier:")
