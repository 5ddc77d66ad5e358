"""Starts, continues and ends flows within a turn: the one entry between Rasa and the engine."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bottlenecks.privacy import in_words, screen
from bottlenecks.store.flows import FlowView
from dialogues import rendering
from dialogues.flows import corrections, engine, parking, reading, sharing, view
from dialogues.flows.handlers import handler_of
from dialogues.flows.handlers.base import Handler
from dialogues.flows.handlers.own_reports import STATUS, status
from dialogues.flows.state import Answer, FlowState
from dialogues.regions import place_from_slot
from dialogues.reply import Choice, Reply
from dialogues.turn import Turn
from knowledge.flow_model import Flow

REPORT = "knelpunt/melden"
# wrong answers in a row after which a way out is offered
MAX_MISSES = 3
MAX_WAITING = 2


@dataclass(frozen=True)
class Running:
    """The flow at hand with everything to go on with it."""

    flow: Flow
    state: FlowState
    handler: Handler
    stamp: engine.Stamp


def starts_at_once(turn: Turn, topic_id: str) -> bool:
    """Whether asking for this topic starts its flow; other topics are first answered as a whole."""
    flow = turn.knowledge.flows.get(topic_id)
    return topic_id == STATUS or (flow is not None and flow.at_once)


def start(
    turn: Turn, flow_id: str, *, text: str = "", filled: Mapping[str, Answer] | None = None
) -> None:
    """Begin a flow; what runs here is put aside.

    `text` is the message that asked for it, which may hold answers; `filled` are answers that are
    known already.
    """
    if flow_id == STATUS:
        turn.say(status(turn))
        return
    flow = turn.knowledge.flows[flow_id]
    handler = handler_of(flow)
    known = filled or {}
    screened = screen(text)
    read = handler.prefill(turn, screened.text)
    if isinstance(read, Reply):
        turn.say(read.model_copy(update={"topic": flow_id, "flow": flow_id}))
        return
    state = engine.begin(flow, turn.new_id()[:6], {**read, **known}, _stamp(turn, 1))
    state = replace(state, removed=screened.removed_in_words)
    turn.take_up(None)
    _show(turn, Running(flow, state, handler, _stamp(turn, 1)), lead=_opening(turn, flow, state))


def running(turn: Turn) -> Running | None:
    """The flow that runs in this conversation; None when there is none, or its steps are gone."""
    current = turn.flow
    flow = turn.knowledge.flows.get(current.flow_id) if current else None
    if current is None or flow is None:
        return None
    state = FlowState.from_data(current.state)
    return Running(flow, state, handler_of(flow), _stamp(turn, current.me))


def go_on(turn: Turn, run: Running, given: str | None, *, lead: str = "") -> None:
    """Give an input to the flow (see `engine`; None: not understood) and say what comes of it."""
    lists = run.handler.lists(turn, run.state)
    move, state = engine.advance(run.flow, run.state, lists, given, run.stamp)
    after = replace(run, state=state)
    match move:
        case engine.Move.NEXT:
            _show(turn, after, lead=lead)
        case engine.Move.DONE:
            _finish(turn, after)
        case engine.Move.STOPPED:
            stop(turn, after)
        case engine.Move.UNCLEAR:
            _ask_again(turn, after, lead)
        case engine.Move.COMMAND:
            _command(turn, after, given or "")
        case engine.Move.ACTION:
            _act(turn, after, given or "")
        case engine.Move.LATE:
            _show(turn, after, lead="Die knop hoort bij een eerdere stap. Je was hier:")


def tapped(turn: Turn, run: Running, choice: str) -> None:
    """Give a tapped button of this flow to it."""
    given = engine.given_by(run.state, choice)
    if given is None:
        _show(turn, run, lead="Die knop hoort bij een eerdere stap. Je was hier:")
        return
    go_on(turn, run, given)


def correct(turn: Turn, run: Running, found: corrections.Correction) -> None:
    """Change an earlier answer, or go there to change it."""
    step = run.flow.step(found.step)
    if found.answer is None:
        go_on(turn, run, f"{engine.CHANGE}-{step.id}")
        return
    answer = found.answer.removeprefix(engine.TYPED) if step.kind == "tekst" else found.answer
    state = engine.correct(run.flow, run.state, step.id, answer, run.stamp)
    after = replace(run, state=state)
    said = view.answer_text(step, answer, _setting(turn, after))
    _show(turn, after, lead=f"Aangepast. {step.summary_label}: {said}.")


def show_again(turn: Turn, lead: str) -> None:
    """Show the running flow's step once more, after something that came in between."""
    run = running(turn)
    if run is not None:
        _show(turn, run, lead=lead)


def resume(turn: Turn, found: FlowView | None) -> bool:
    """Go on with a flow that was put aside; False when it is over."""
    flow = turn.knowledge.flows.get(found.flow_id) if found else None
    if found is None or flow is None:
        return False
    turn.take_up(found)
    run = running(turn)
    if run is None:
        return False
    together = "Je doet dit samen met een collega. " if found.participants > 1 else ""
    run, changed = adapted(turn, run)
    _show(turn, run, lead=f'{together}We gaan verder met "{flow.title}".{changed}')
    return True


def adapted(turn: Turn, run: Running) -> tuple[Running, str]:
    """The flow with its steps as they are now, and what to say when they were changed."""
    if run.state.version == run.flow.version:
        return run, ""
    lists = run.handler.lists(turn, run.state)
    state = engine.adapt(run.flow, run.state, lists)
    said = " De stappen zijn intussen aangepast. Wat je al had ingevuld en nog past, staat er nog."
    return replace(run, state=state), said


def stop(turn: Turn, run: Running) -> None:
    """End the flow, or keep it where its answers are worth keeping."""
    current = turn.flow
    if current is not None and current.participants > 1:
        turn.desk.flows.leave(current.run_id)
        turn.take_up(None)
        turn.say(Reply(text="Je bent gestopt. Je collega kan verder.", topic=run.flow.id))
        return
    if current is not None and run.flow.kept and (run.state.answers or run.state.picked):
        replies = parking.put_aside(turn, run.flow)
        drop = Choice(label="Weggooien", value=parking.DROP + current.run_id)
        text = f"Gestopt. {replies[0].text}"
        turn.say(replies[0].model_copy(update={"text": text, "choices": (drop,)}))
        return
    _end(turn, "stopped")
    nothing_sent = " Ik heb niets verstuurd." if run.flow.handler else ""
    turn.say(Reply(text="Gestopt." + nothing_sent, topic=run.flow.id))


def report(turn: Turn, filled: Mapping[str, Answer]) -> None:
    """Begin a report with what is known; what runs here is put aside."""
    start(turn, REPORT, filled=filled)


def _finish(turn: Turn, run: Running) -> None:
    setting = _setting(turn, run)
    done = run.handler.complete(turn, run.flow, run.state, setting)
    follow_up = run.handler.follow_up(turn, run.flow, run.state)
    _end(turn, "done")
    if follow_up is not None:
        turn.say(done.model_copy(update={"choices": ()}))
        start(turn, follow_up[0], filled=follow_up[1])
        return
    waiting = parking.choices(turn, turn.desk.flows.unfinished()[:MAX_WAITING])
    turn.say(done.model_copy(update={"choices": (*done.choices, *waiting)}))


def _act(turn: Turn, run: Running, action: str) -> None:
    replies = run.handler.act(turn, run.flow, run.state, action, _setting(turn, run))
    if replies is None:
        _ask_again(turn, replace(run, state=replace(run.state, misses=run.state.misses + 1)), "")
        return
    if not replies:
        _finish(turn, run)
        return
    turn.say(*replies)
    if turn.flow is not None:
        _show(turn, run)


def _command(turn: Turn, run: Running, given: str) -> None:
    step = run.flow.step(run.state.step)
    match given:
        case engine.EXPLAIN:
            _show(turn, run, text=step.explanation or step.again or step.text)
        case engine.OVERVIEW:
            summary = run.handler.summary(turn, run.flow, run.state, _setting(turn, run))
            told = run.state.answers or run.state.rounds
            said = summary if told and summary else "Je hebt nog niets ingevuld."
            turn.say(Reply(text=said, topic=run.flow.id))
            _show(turn, run)
        case engine.HAND_OVER:
            turn.say(sharing.hand_over(turn))
            _show(turn, run)
        case engine.KEEP:
            turn.say(*parking.put_aside(turn, run.flow))
        case engine.REPORT:
            report(turn, run.handler.report(turn, run.flow, run.state))
        case _ if found := turn.knowledge.texts.get(given.removeprefix(engine.READY_TEXT)):
            turn.say(Reply(text=found.text.strip(), topic=run.flow.id, copyable=True))
            _show(turn, run)
        case _:
            _show(turn, run)


def _ask_again(turn: Turn, run: Running, lead: str) -> None:
    """Ask differently, then explain, then offer a way out."""
    step = run.flow.step(run.state.step)
    if run.state.misses < MAX_MISSES:
        explained = run.state.misses > 1 and step.explanation
        _show(turn, run, lead=lead, text=step.explanation if explained else step.again or step.text)
        return
    _show(turn, run, lead=lead or "Ik kom er met dit antwoord niet uit. Kies wat je wilt doen.")
    last = turn.replies[-1]
    ways_out = (
        Choice(label="Dit lukt niet: melden", value=engine.value(run.state, engine.REPORT)),
        Choice(label="Iemand spreken", value=rendering.TOPIC + "gesprek/mens"),
    )
    turn.replies[-1] = last.model_copy(update={"choices": (*last.choices, *ways_out)})


def _show(turn: Turn, run: Running, *, lead: str = "", text: str | None = None) -> None:
    setting = _setting(turn, run)
    step = run.flow.step(run.state.step)
    summary = (
        run.handler.summary(turn, run.flow, run.state, setting) if step.kind == "bevestigen" else ""
    )
    turn.say(view.show(run.flow, run.state, setting, summary=summary, lead=lead, text=text or ""))
    _keep(turn, run)


def _keep(turn: Turn, run: Running) -> None:
    data: dict[str, Any] = run.state.as_data()
    current = turn.flow
    if current is None:
        turn.take_up(turn.desk.flows.start(run.flow.id, turn.knowledge.revision, data))
        return
    turn.desk.flows.save(current.run_id, data, turn.knowledge.revision)
    turn.take_up(replace(current, state=data))


def _end(turn: Turn, outcome: str) -> None:
    if turn.flow is not None:
        turn.desk.flows.end(turn.flow.run_id, outcome)
    turn.take_up(None)


def _setting(turn: Turn, run: Running) -> view.Setting:
    current = turn.flow
    return view.Setting(
        lists=run.handler.lists(turn, run.state),
        now=turn.desk.now(),
        sources=rendering.sources_of(run.flow.step(run.state.step).sources, turn.knowledge),
        fills=run.handler.fills(turn, run.flow, run.state),
        texts={text.id: text.title for text in turn.knowledge.texts.values()},
        me=current.me if current else 1,
        together=current is not None and current.participants > 1,
    )


def _stamp(turn: Turn, number: int) -> engine.Stamp:
    return engine.Stamp(number, turn.desk.now().isoformat(timespec="seconds"))


def _opening(turn: Turn, flow: Flow, state: FlowState) -> str:
    """What is said before the first step: where it holds, and what is filled in already."""
    topic = turn.knowledge.topics.get(flow.id)
    parts = []
    if topic is not None:
        place = place_from_slot(turn.slot("region"))
        parts.append(rendering.scope_warning(topic, place))
        if flow.id == REPORT:
            parts.append(rendering.unwrap(topic.answer))
    filled = ", ".join(
        step.summary_label.lower()
        for step in flow.steps
        if step.id in state.answers and step.summary_label
    )
    if filled:
        parts.append(f"Dit heb ik al ingevuld: {filled}. Je ziet het straks in de samenvatting.")
    return "\n\n".join(part.strip() for part in parts if part.strip())


def removed_too(run: Running, removed: str) -> Running:
    """The flow, with what was taken out of a message added to what was taken out before."""
    if not removed:
        return run
    return replace(run, state=replace(run.state, removed=in_words(run.state.removed, removed)))


def read(turn: Turn, run: Running, text: str, *, loosely: bool) -> str | None:
    """What a typed message means at the current step."""
    lists = run.handler.lists(turn, run.state)
    return reading.read(run.flow, run.state, lists, text, loosely=loosely)
