"""Starts, continues and ends flows within a turn."""

from collections.abc import Mapping
from dataclasses import replace

from bottlenecks.privacy import KINDS, OTHER_THAN_CONTACTS, screen
from bottlenecks.store.flows import FlowView
from dialogues import profile, rendering
from dialogues.flows import (
    corrections,
    engine,
    failing,
    inputs,
    parking,
    removed,
    removing,
    sharing,
    view,
)
from dialogues.flows.handlers import handler_of
from dialogues.flows.handlers.own_reports import STATUS, status
from dialogues.flows.showing import (
    Running,
    adapted,
    end,
    filled_in,
    keep,
    running,
    setting,
    show,
    stamp,
)
from dialogues.flows.state import LATER, Answer, FlowState, visible_only
from dialogues.reply import Choice, Reply
from dialogues.turn import Turn
from knowledge.flow_model import Step

REPORT = "knelpunt/melden"
# wrong answers in a row after which a way out is offered
MAX_MISSES = 3
MAX_WAITING = 2
ANONYMOUS = "Goed, je meldt anoniem: de naam van je praktijk gaat niet mee."
LATE = "Die knop hoort bij een eerdere stap. Je was hier:"


def starts_at_once(turn: Turn, topic_id: str) -> bool:
    """Whether asking for this topic starts its flow; other topics are first answered as a whole."""
    flow = turn.knowledge.flows.get(topic_id)
    return topic_id == STATUS or (flow is not None and flow.at_once)


def start(
    turn: Turn,
    flow_id: str,
    *,
    text: str = "",
    filled: Mapping[str, Answer] | None = None,
    whole: str | None = None,
    before: FlowState | None = None,
    about: str | None = None,
) -> None:
    """Begin a flow; what runs here is put aside.

    `text` is the message that asked for it, which may hold answers, and is as a whole the answer to
    the step `whole`; `filled` are answers that are known already, from the state `before` of
    another flow (see `removed.handed_on`); `about` is the topic that it comes from.
    """
    if flow_id == STATUS:
        turn.say(status(turn))
        return
    flow = turn.knowledge.flows[flow_id]
    handler = handler_of(flow)
    taken = before or FlowState(flow_id, "", "", "")
    if removed.can_restore(flow):
        taken, text = removed.read(turn, taken, text, 1)
    else:
        text = screen(text).text
    read = handler.prefill(turn, text)
    if isinstance(read, Reply):
        turn.say(read.model_copy(update={"topic": flow_id, "flow": flow_id}))
        return
    known = {**read, **({whole: text} if whole else {}), **(filled or {})}
    earlier = [view for view in turn.desk.flows.unfinished() if view.flow_id == flow_id]
    state = engine.begin(flow, turn.new_id()[:6], known, stamp(turn, 1))
    about = about if about in turn.knowledge.topics else None
    state = replace(state, sealed=taken.sealed, restored=taken.restored, about=about)
    run = Running(flow, state, handler, stamp(turn, 1))
    turn.take_up(None)
    show(turn, run, lead=_opening(turn, run))
    if earlier and flow.kept:
        again = parking.choices(turn, earlier[:1], label="Verder met de vorige")
        last = turn.replies[-1]
        turn.replies[-1] = last.model_copy(update={"choices": (*last.choices, *again)})


def go_on(turn: Turn, run: Running, given: str | None, *, lead: str = "") -> None:
    """Give an input to the flow (see `engine`; None: not understood) and say what comes of it."""
    lists = run.handler.lists(turn, run.state)
    move, state = engine.advance(run.flow, run.state, lists, given, run.stamp)
    after = replace(run, state=state)
    match move:
        case engine.Move.NEXT:
            ticked = (given or "").startswith((inputs.PICK, inputs.UNPICK))
            changed = ticked or state.picked != run.state.picked
            added = state.step == run.state.step and changed and not state.choosing
            said = view.collected(run.flow, state, setting(turn, after)) if added else ""
            show(turn, after, lead=lead, text=said)
        case engine.Move.DONE:
            _finish(turn, after, given or "")
        case engine.Move.STOPPED:
            stop(turn, after)
        case engine.Move.UNCLEAR:
            _ask_again(turn, after, lead)
        case engine.Move.COMMAND:
            if not removing.commanded(turn, after, given or ""):
                _command(turn, after, given or "")
        case engine.Move.ACTION:
            act(turn, after, given or "")


def tapped(turn: Turn, run: Running, choice: str, *, lead: str = "") -> None:
    """Give a tapped button of this flow to it; `lead` is said before what comes of it."""
    given = engine.given_by(run.state, choice)
    if given is None:
        show(turn, run, lead=LATE)
        return
    go_on(turn, run, given, lead=lead)


def correct(turn: Turn, run: Running, found: corrections.Correction) -> None:
    """Change an earlier answer, or go there to change it."""
    step = run.flow.step(found.step)
    if found.answer is None:
        go_on(turn, run, f"{inputs.CHANGE}-{step.id}")
        return
    # what comes after "=" is the writer's own text, and goes to another step than the current one
    text = found.answer.removeprefix(inputs.TYPED)
    if not removed.can_restore(run.flow):  # there it is without personal data already
        text = screen(text, kinds=kinds_for(step)).text
    answer: Answer = text if step.kind == "tekst" else found.answer
    if step.kind == "opsomming":
        answer = tuple(text.splitlines())[: step.at_most]
    said = removed.plain(view.answer_text(step, answer, setting(turn, run)))
    if run.state.answers.get(step.id) == answer:
        show(turn, run, lead=f"Dat staat er al. {step.summary_label}: {said}.")
        return
    state = engine.correct(run.flow, run.state, step.id, answer, run.stamp)
    show(turn, replace(run, state=state), lead=f"Aangepast. {step.summary_label}: {said}.")


def kinds_for(step: Step) -> frozenset[str]:
    """The kinds of personal data that are taken out of what is typed at a step."""
    return OTHER_THAN_CONTACTS if step.contacts else frozenset(KINDS)


def resume(turn: Turn, found: FlowView | None) -> bool:
    """Go on with a flow that was put aside; False when it is over."""
    turn.take_up(found)
    run = running(turn)
    if found is None or run is None:
        turn.take_up(None)
        return False
    together = "Je doet dit samen met een collega. " if found.participants > 1 else ""
    run, changed = adapted(turn, run)
    show(turn, run, lead=f'{together}We gaan verder met "{run.flow.title}".{changed}')
    return True


def stop(turn: Turn, run: Running) -> None:
    """End the flow, or keep it where its answers are worth keeping."""
    current = turn.flow
    nothing_sent = " Ik heb niets verstuurd." if run.flow.at_once else ""
    if current is not None and current.participants > 1 and not run.flow.kept:
        turn.desk.flows.leave(current.run_id)
        turn.take_up(None)
        turn.say(Reply(text="Je bent gestopt. Je collega kan verder.", topic=run.flow.id))
        return
    worth_keeping = run.state.answers or run.state.picked or run.state.rounds
    if current is not None and run.flow.kept and worth_keeping:
        keep(turn, run)
        others = " Je collega kan verder." if current.participants > 1 else ""
        kept = parking.put_aside(turn, run.flow)
        drop = Choice(label="Weggooien", value=parking.DROP + current.run_id)
        text = f"Gestopt.{nothing_sent}{others} {kept.text}"
        waiting = turn.desk.flows.unfinished()
        again = parking.choices(turn, [one for one in waiting if one.run_id == current.run_id])
        turn.say(kept.model_copy(update={"text": text, "choices": (*again, drop)}))
        return
    end(turn, "stopped")
    turn.say(Reply(text=f"Gestopt.{nothing_sent}", topic=run.flow.id))


def report(
    turn: Turn,
    filled: Mapping[str, Answer],
    before: FlowState | None = None,
    *,
    about: str | None = None,
) -> None:
    """Begin a report with what is known, from the state `before`; what runs here is put aside.

    `about` is the topic that the report points to.
    """
    start(turn, REPORT, filled=filled, before=before, about=about)


def act(turn: Turn, run: Running, action: str) -> None:
    """Carry out a choice of the summary that is no end."""
    state = removed.plain_state(visible_only(run.flow, run.state))
    replies = run.handler.act(turn, run.flow, state, action, setting(turn, run))
    if replies is None:
        _ask_again(turn, replace(run, state=replace(run.state, misses=run.state.misses + 1)), "")
        return
    if not replies:
        _finish(turn, run, action)
        return
    turn.say(*replies)
    if turn.flow is not None:
        show(turn, run)


def _finish(turn: Turn, run: Running, action: str) -> None:
    """What was confirmed is done; what follows from it begins."""
    run = replace(run, state=visible_only(run.flow, run.state))
    later = [step for step in run.flow.steps if run.state.answers.get(step.id) == LATER]
    if later and run.flow.kept and all(step.kind == "taak" for step in later):
        kept = parking.put_aside(turn, run.flow)
        open_now = "staat nog één taak" if len(later) == 1 else f"staan nog {len(later)} taken"
        turn.say(kept.model_copy(update={"text": f"Er {open_now} open. {kept.text}"}))
        return
    follow_up = run.handler.follow_up(turn, run.flow, run.state, action)
    if follow_up is not None:
        end(turn, "done")
        start(
            turn,
            follow_up[0],
            filled=follow_up[1],
            before=removed.handed_on(run.state, run.stamp.by),
            about=run.flow.id if follow_up[0] == REPORT else None,
        )
        return
    state = removed.plain_state(run.state)
    done = run.handler.complete(turn, run.flow, state, setting(turn, run))
    end(turn, "done")
    waiting = parking.choices(turn, turn.desk.flows.unfinished()[:MAX_WAITING])
    turn.say(done.model_copy(update={"choices": (*done.choices, *waiting)}))
    turn.say(*run.handler.afterwards(turn, done))


def _command(turn: Turn, run: Running, given: str) -> None:
    step = run.step
    match given:
        case inputs.EXPLAIN:
            show(turn, run, text=step.explanation or step.again or step.text)
        case inputs.OVERVIEW:
            state = removed.plain_state(run.state)
            summary = run.handler.summary(turn, run.flow, state, setting(turn, run))
            told = run.state.answers or run.state.rounds
            said = summary if told and summary else "Je hebt nog niets ingevuld."
            turn.say(Reply(text=said, topic=run.flow.id))
            show(turn, run)
        case inputs.HAND_OVER if run.flow.kept:
            turn.say(sharing.hand_over(turn))
            show(turn, run)
        case inputs.KEEP if run.flow.kept:
            keep(turn, run)
            turn.say(parking.put_aside(turn, run.flow))
        case inputs.HAND_OVER | inputs.KEEP:
            show(turn, run, lead="Dat kan hier niet. Maak dit eerst af, of stop.")
        case inputs.DOCUMENT if engine.makes_document(run.flow):
            act(turn, run, inputs.DOCUMENT.removeprefix("!"))
        case inputs.ANONYMOUS if any(one.id == inputs.PRACTICE for one in run.flow.steps):
            left_out = engine.correct(run.flow, run.state, inputs.PRACTICE, None, run.stamp)
            show(turn, replace(run, state=left_out), lead=ANONYMOUS)
        case inputs.NO_TOPIC if run.state.about:
            after = replace(run, state=replace(run.state, about=None))
            show(turn, after, lead="Het onderwerp is weggehaald.")
        case inputs.REPORT if run.flow.id.startswith(failing.OF_REPORTS):
            show(turn, run, lead="Je bent al met een melding bezig. Je was hier:")
        case inputs.REPORT:
            state = visible_only(run.flow, run.state)
            filled = run.handler.report(turn, run.flow, state)
            before = removed.handed_on(state, run.stamp.by)
            report(turn, filled, before, about=run.flow.id)
        case _ if found := turn.knowledge.texts.get(given.removeprefix(inputs.READY_TEXT)):
            turn.say(Reply(text=found.text.strip(), topic=run.flow.id, copyable=True))
            show(turn, run)
        case _:
            show(turn, run)


def _ask_again(turn: Turn, run: Running, lead: str) -> None:
    """Ask differently, then explain, then offer a way out."""
    step, misses = run.step, run.state.misses
    if step.kind == "bevestigen" and not lead:
        lead = "Dat heb ik niet begrepen. Er is niets veranderd."
    if misses < MAX_MISSES:
        explained = misses > 1 and step.explanation
        show(turn, run, lead=lead, text=str(explained or step.again or step.text))
        return
    show(turn, run, lead=lead or "Ik kom er met dit antwoord niet uit. Kies wat je wilt doen.")
    last = turn.replies[-1]
    ways_out = [Choice(label="Iemand spreken", value=rendering.TOPIC + "gesprek/mens")]
    if not run.flow.id.startswith(failing.OF_REPORTS):
        ways_out.insert(0, Choice(label=view.FAILS, value=engine.value(run.state, inputs.REPORT)))
    # at a task it can be reported at once
    new = tuple(choice for choice in ways_out if choice not in last.choices)
    turn.replies[-1] = last.model_copy(update={"choices": (*last.choices, *new)})


def _opening(turn: Turn, run: Running) -> str:
    """What is said before the first step: where it holds, and what is filled in already."""
    topic = turn.knowledge.topics.get(run.flow.id)
    place = profile.place_in(turn)
    parts = [
        rendering.scope_warning(topic, place, turn.knowledge) if topic is not None else "",
        run.flow.opening or "",
        filled_in(turn, run),
    ]
    return "\n\n".join(part.strip() for part in parts if part.strip())
