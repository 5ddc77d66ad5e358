"""Offers to report a step of which someone says that it cannot be done."""

from dataclasses import replace

from dialogues.flows import failing, inputs, removed, runner, showing
from dialogues.flows.showing import Running
from dialogues.flows.view import FAILS
from dialogues.turn import Turn


def offers_report(turn: Turn, run: Running, text: str) -> bool:
    """Offer to report a step that cannot be done, with why; False when nobody says so."""
    if not failing.can_be_reported(run.flow, run.step):
        return False
    told = failing.tells(run.step, text)
    if not told and not (run.state.trouble and failing.asks_to_report(text)):
        return False
    # what is taken out here can be restored in the report
    kinds = runner.kinds_for(run.step)
    state, text = removed.read(turn, run.state, turn.incoming.text, run.stamp.by, kinds)
    # "kan niet" after a reason takes no reason away
    why = (failing.reason(text) if told else "") or run.state.trouble
    run = replace(run, state=replace(state, trouble=why))
    if not told or failing.wants_report(text):
        runner.go_on(turn, run, inputs.REPORT)
        return True
    filled = " Wat je net schreef, staat er dan al in." if why else ""
    lead = f'Lukt dit niet? Dat kun je melden: kies "{FAILS}".{filled} De stap blijft open.'
    showing.show(turn, run, lead=lead, text=run.step.again or "")
    last = turn.replies[-1]
    first = sorted(last.choices, key=lambda choice: choice.label != FAILS)
    turn.replies[-1] = last.model_copy(update={"choices": tuple(first)})
    return True
