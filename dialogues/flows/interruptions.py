"""A message in the middle of a flow: an answer to the step, or something in between."""

import re
from dataclasses import replace

from bottlenecks.privacy import screen
from dialogues import commands, from_answer, profile, unclear
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
from dialogues.flows.asides import (
    SURE_TOPIC,
    asks_something_else,
    other_button,
    says_topic,
    wants_other_flow,
)
from dialogues.flows.showing import Running
from dialogues.flows.state import first_open
from dialogues.reply import Reply
from dialogues.turn import Turn

MAX_SMALL_TALK = 4
# words of a message that may hold more than the one answer that was asked
MIN_STORY = 7
# words of a message that can be the text of a report
MIN_TOLD = 4
# what is told of danger is what goes on, unless it says what was tried
_TRIED = re.compile(
    r"\b(?:gebeld|belde\w*|geprobeerd|gevraagd|gemaild|benaderd|(?:nam|namen|neemt|nemen)\b.*\bop)\b"
)
COLLEAGUE_MOVED = (
    "Je collega is intussen verder gegaan. Je laatste bericht heb ik niet gebruikt. Dit is nu de "
    "vraag:"
)
_SMALL_TALK = frozenset({"gesprek/dank", "gesprek/groet", "gesprek/afscheid"})
FIRST_THIS = (
    "Dat lijkt een nieuwe melding. Verstuur eerst deze melding, of stop ermee. Stuur je bericht "
    "daarna nog een keer: ik heb er nog niets mee gedaan."
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
        other_button(turn, run, choice)


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
    if run.step.skippable and not (run.step.id == "geprobeerd" and _TRIED.search(text.lower())):
        return False
    return len(text.split()) >= MIN_TOLD and not words.asks(text)


def _typed(turn: Turn, run: Running, lead: str = "") -> None:
    in_report = run.flow.id.startswith(failing.OF_REPORTS)
    if not in_report and from_answer.report_told(turn):
        return
    if in_report and from_answer.tells_report(turn):
        if run.step.kind != "tekst" or run.step.skippable:
            showing.show(turn, run, lead=FIRST_THIS)
            return
        turn.incoming = turn.incoming.model_copy(update={"text": from_answer.told(turn)})
    if removing.typed(turn, run):
        return
    if removed.can_restore(run.flow):
        state, text = removed.read(turn, run.state, turn.incoming.text, run.stamp.by)
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
    if given is None and (asks_something_else(turn, run) or wants_other_flow(turn, run)):
        return
    if showing.moved_on(turn, run) and not (given or "").startswith("!"):
        showing.show(turn, run, lead=COLLEAGUE_MOVED)
        return
    given = given or _answer(turn, run, text, loosely=True)
    # at a step that takes any text, only a word like "help" asks for something else
    several = run.step.kind in ("tekst", "opsomming") and not words.steers(text)
    if given is None and not several and (_about_me(turn) or says_topic(turn, run)):
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
