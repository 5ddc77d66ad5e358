"""Starts, continues and ends flows within a turn: the one entry between Rasa and the engine."""

from dataclasses import replace

from bottlenecks.privacy import in_words, screen
from dialogues import rendering
from dialogues.entities import normalised_reference
from dialogues.flows import engine
from dialogues.flows.handlers import (
    HANDLERS,
    Handler,
    closed_reply,
    describe,
)
from dialogues.regions import find_place, place_from_slot
from dialogues.reply import Choice, Reply
from dialogues.turn import FlowRunState, Turn
from knowledge import TopicKind
from knowledge.flow_model import Flow
from nlu.topics import CLARIFY_INTENT, EMERGENCY, OUT_OF_SCOPE, TAP_INTENT

STATUS = "knelpunt/status"
SHOWN_REPORTS = 5
# at a step that takes any text, a question must be this sure to be taken for one
SURE_QUESTION = 0.8


def starts_at_once(turn: Turn, topic_id: str) -> bool:
    """Whether asking for this topic starts its flow; other topics are first answered as a whole."""
    flow = turn.knowledge.flows.get(topic_id)
    return topic_id == STATUS or (flow is not None and flow.handler is not None)


def start(turn: Turn, topic_id: str) -> None:
    """Begin the flow of a topic that `starts_at_once`."""
    if topic_id == STATUS:
        turn.say(_status(turn))
        return
    flow = turn.knowledge.flows[topic_id]
    handler = HANDLERS[flow.handler or ""]
    screened = screen(turn.incoming.text)
    prefilled = handler.prefill(turn, screened.text)
    if isinstance(prefilled, Reply):
        turn.say(prefilled.model_copy(update={"topic": topic_id, "flow": topic_id}))
        return
    filled = ", ".join(
        step.summary_label.lower()
        for step in flow.steps
        if step.id in prefilled and step.summary_label
    )
    lead = (
        rendering.unwrap(turn.knowledge.topic(topic_id).answer)
        if topic_id == "knelpunt/melden"
        else ""
    )
    if filled:
        lead += f"\n\nDit heb ik al ingevuld: {filled}. Je ziet het straks in de samenvatting."
    state = engine.begin(flow, turn.new_id()[:6], prefilled)
    state = replace(state, removed=screened.removed_in_words)
    _show(turn, flow, state, lead=lead)


def walk(turn: Turn, topic_id: str) -> bool:
    """Begin a procedure that is read step by step; False when the topic has none."""
    flow = turn.knowledge.flows.get(topic_id)
    if flow is None or flow.handler is not None:
        return False
    _show(turn, flow, engine.begin(flow, turn.new_id()[:6], {}))
    return True


def go_on(turn: Turn) -> None:
    """Give the turn to the running flow."""
    running = turn.memory.flow
    flow = turn.knowledge.flows.get(running.state["flow_id"]) if running else None
    if running is None or flow is None:
        _end(turn, "stopped")
        turn.say(Reply(text="Die dialoog bestaat niet meer. Stel je vraag opnieuw."))
        return
    state = engine.FlowState.from_data(running.state)
    if state.step not in {step.id for step in flow.steps}:
        state = engine.begin(flow, state.run, {})
        _show(turn, flow, state, lead="De stappen zijn intussen veranderd. We beginnen opnieuw.")
        return
    handler = HANDLERS[flow.handler] if flow.handler else None
    screened = screen(turn.incoming.text)
    if screened.removed:
        state = replace(state, removed=in_words(state.removed, screened.removed_in_words))
    if _asks_something_else(turn, flow, state):
        return
    choice = turn.incoming.choice
    if choice and not choice.startswith(engine.PREFIX + ":"):
        _leave_for(turn, flow, state, choice)
        return
    move, after = engine.advance(
        flow, state, _lists(turn, handler), text=screened.text, choice=choice
    )
    match move:
        case engine.Move.STOPPED:
            _end(turn, "stopped")
            turn.say(_stopped(flow))
        case engine.Move.LATE:
            _show(turn, flow, after, lead="Die knop hoort bij een eerdere stap. Je was hier:")
        case engine.Move.UNCLEAR:
            _show(turn, flow, after, again=True)
        case engine.Move.NEXT:
            _show(turn, flow, after)
        case engine.Move.DONE:
            _end(turn, "done")
            closing = flow.closing or "Dat waren alle stappen."
            turn.say(
                handler.complete(turn, after) if handler else Reply(text=closing, topic=flow.id)
            )


def show_again(turn: Turn, lead: str) -> None:
    """Show the running flow's step once more, after something that came in between."""
    running = turn.memory.flow
    flow = turn.knowledge.flows.get(running.state["flow_id"]) if running else None
    if running is not None and flow is not None:
        _show(turn, flow, engine.FlowState.from_data(running.state), lead=lead)


def _asks_something_else(turn: Turn, flow: Flow, state: engine.FlowState) -> bool:
    """A question at a step that asks for no free text is answered, then the step is shown again."""
    step = flow.step(state.step)
    topic = turn.knowledge.topics.get(turn.understood.topic)
    if (
        turn.incoming.choice is not None
        or topic is None
        or topic.kind is TopicKind.FLOW
        or topic.id in (OUT_OF_SCOPE, CLARIFY_INTENT, TAP_INTENT, "gesprek/stop")
        # at a step these are about the step: nothing would be kept as feedback, and danger
        # now never comes here
        or topic.id in ("gesprek/fout-antwoord", EMERGENCY)
        # a description may well be put as a question; a practice or an attempt is not
        or (step.kind == "tekst" and not (step.skippable and _is_surely(turn, topic.id)))
        or (step.other and not turn.incoming.text.strip().endswith("?"))
        or not _is_question(turn.incoming.text)
    ):
        return False
    place = find_place(turn.incoming.text, turn.knowledge) or place_from_slot(turn.slot("region"))
    focus = turn.understood.focus
    reply = (
        rendering.focused(topic, turn.knowledge, focus, place)
        if focus is not None
        else rendering.answer(topic, turn.knowledge, place)
    )
    if topic.id == "gesprek/bron":
        reply = rendering.where(turn.slot("topic"), turn.knowledge)
    turn.say(reply.model_copy(update={"choices": ()}))
    if topic.sources:
        turn.slots["topic"] = topic.id
    _show(turn, flow, state, lead="Terug naar waar je was.")
    return True


def _is_surely(turn: Turn, topic_id: str) -> bool:
    """Whether the message is a question on this topic beyond doubt."""
    sure = turn.understood.confidence >= SURE_QUESTION
    return sure and turn.incoming.text.rstrip().endswith("?") and topic_id == turn.understood.topic


def _stopped(flow: Flow) -> Reply:
    nothing_sent = " Ik heb niets verstuurd." if flow.handler else ""
    return Reply(text="Gestopt." + nothing_sent, topic=flow.id)


def _is_question(text: str) -> bool:
    """Whether it is a question and no answer: by its mark, or its first word."""
    words = text.lower().split()
    asking = {"wie", "wat", "waar", "wanneer", "welke", "hoe", "waarom", "mag", "kan", "moet"}
    return len(words) > 2 and (text.strip().endswith("?") or words[0] in asking)


def _leave_for(turn: Turn, flow: Flow, state: engine.FlowState, choice: str) -> None:
    """A button from outside the flow: stop, or an answer in between."""
    topic = turn.knowledge.topics.get(choice.removeprefix(rendering.TOPIC))
    if choice == rendering.TOPIC + "gesprek/stop":
        _end(turn, "stopped")
        turn.say(_stopped(flow))
        return
    if topic is not None and topic.kind is not TopicKind.FLOW:
        turn.say(rendering.answer(topic, turn.knowledge, None).model_copy(update={"choices": ()}))
        _show(turn, flow, state, lead="Terug naar waar je was.")
        return
    _show(
        turn,
        flow,
        state,
        lead=f'Je bent nog bezig met "{flow.title}". Maak dat eerst af, of kies "Stoppen".',
    )


def _show(
    turn: Turn, flow: Flow, state: engine.FlowState, *, lead: str = "", again: bool = False
) -> None:
    handler = HANDLERS[flow.handler] if flow.handler else None
    step = flow.step(state.step)
    summary = handler.summary(turn, flow, state) if handler and step.kind == "bevestigen" else ""
    turn.say(
        engine.show(
            flow,
            state,
            _lists(turn, handler),
            rendering.sources_of(step.sources, turn.knowledge),
            summary=summary,
            lead=lead,
            again=again,
        )
    )
    run_id = turn.memory.flow.run_id if turn.memory.flow else None
    turn.memory.flow = FlowRunState(run_id, turn.knowledge.revision, state.as_data())
    turn.slots["flow"] = flow.id


def _end(turn: Turn, outcome: str) -> None:
    turn.flow_outcome = outcome
    turn.slots["flow"] = None


def _lists(turn: Turn, handler: Handler | None) -> engine.Lists:
    return handler.lists(turn) if handler else {}


def _status(turn: Turn) -> Reply:
    """The person's own reports, or the one that the message names."""
    reports = turn.desk.own()
    wanted = normalised_reference(turn.incoming.text)
    if wanted:
        reports = [report for report in reports if report.reference == wanted]
        if not reports:
            return closed_reply(wanted).model_copy(update={"topic": STATUS, "flow": STATUS})
    lead = ""
    day = turn.understood.entities.day
    if day is not None and not wanted:
        that_day = [report for report in reports if report.created_at.date() == day]
        if not that_day and reports:
            lead = f"Van {day:%d-%m-%Y} ken ik geen melding van jou. Dit zijn je meldingen.\n\n"
        reports = that_day or reports
    if not reports:
        text = "Je hebt hier nog geen meldingen gedaan. Je ziet alleen je eigen meldingen."
        choices: tuple[Choice, ...] = (
            Choice(label="Een knelpunt melden", value="t:knelpunt/melden"),
        )
    else:
        text = lead + "\n\n".join(describe(turn, report) for report in reports[:SHOWN_REPORTS])
        choices = (
            (
                Choice(label="Iets toevoegen", value="t:knelpunt/aanvullen"),
                Choice(label="Melding intrekken", value="t:knelpunt/intrekken"),
            )
            if any(report.is_open for report in reports)
            else ()
        )
    return Reply(text=text, choices=choices, topic=STATUS, flow=STATUS)
