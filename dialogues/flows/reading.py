"""Reads what is typed at a step into what a button would have sent."""

import re
from collections.abc import Sequence

from dialogues.flows import engine, inputs, reading_lists
from dialogues.flows.failing import OF_REPORTS
from dialogues.flows.state import FlowState, Lists, choices_of
from dialogues.flows.words import (
    command,
    folded,
    match,
    match_exactly,
    names,
    says_no,
    says_yes,
    steers,
    stripped,
    words,
)
from knowledge.flow_model import Flow, FlowChoice, Step

# values and beginnings of labels that a plain "ja" or "nee" stands for
_YES_VALUES = ("ja", "gedaan", "gevonden")
_NO_VALUES = ("nee", "niets", "geen-plek", "weigert", "later")
_UNKNOWN_VALUES = ("weet-niet", "onbekend")
# "ja doe maar" agrees to something, and does not say that a task is done
_AGREES = re.compile(r"\b(?:doe|doen|graag|goed|prima|ok|oke|oké|okay|top|maar|akkoord)\b")
# "stuur maar op", where sending is all there is to do
_SENDS = re.compile(
    r"(?:(?:ja|ok|oke|oké|prima|goed|graag|nu) )*(?:(?:je mag|mag je|je kunt|kun je) )?"
    r"(?:(?:het|hem|de melding|dit|dat|alles) )?"
    r"(?:(?:ver)?stuur|(?:ver|op|in|door)?sturen|verzend(?:en)?)"
    r"(?: (?:het|hem|de melding|dit|dat|alles|maar|nu|dan|graag|op|in|door|weg|af|aub|zo|hoor))*"
)
_WRONG = re.compile(
    r"(?:(?:nee|ho|wacht|maar|sorry|oeps) )*(?:(?:dit|dat|het|er|iets) )?(?:klopt|is)"
    r"(?: (?:iets|nog|zo|toch|hier|helemaal|nog steeds))* (?:niet(?: goed| juist)?|fout|verkeerd)"
)
_STATUS = re.compile(r"\b(?:status|stand van zaken|hoe staat)\b")
_NOT_YET = re.compile(r"\b(?:niet|nee|geen|nog|maar|wacht|behalve|fout|later|straks|morgen)\b")
# what ends a flow is said in a few words
_MAX_SEND_WORDS = 4
_MAX_NAME_WORDS = 5


def read(flow: Flow, state: FlowState, lists: Lists, text: str, *, loosely: bool) -> str | None:
    """What a typed message means at the current step, as the input of a button.

    `loosely` also takes misspelt choices, and free text at a step that asks for it; without it
    only what can hardly mean anything else. None: not understood.
    """
    step = flow.step(state.step)
    if step.kind == "keuze" and (named := match_exactly(text, choices_of(step, lists))):
        return named  # "nog geen antwoord" may be a choice, and elsewhere a command
    said = _command_at(flow, step, state, text)
    if said is not None:
        return said
    match step.kind:
        case "bevestigen":
            return _summary(flow, state, step, text)
        case "lezen":
            going_on = folded(text) in {*words().yes, "verder", "volgende", "gelezen"}
            return inputs.READ if going_on else None
        case "meerkeuze":
            return reading_lists.ticks(choices_of(step, lists), text)
        case "opsomming":
            return reading_lists.item(state, step, text) if loosely and _is_content(text) else None
        case "tekst":
            free = loosely and not _answers_another(flow, step, lists, text)
            return _free(text) if free else None
        case _:
            options = choices_of(step, lists)
            value = _yes_or_no(step, options, text) or match(text, options, loosely=loosely)
            free = step.other and loosely and not _answers_another(flow, step, lists, text)
            return _name(text) if value is None and free else value


def _command_at(flow: Flow, step: Step, state: FlowState, text: str) -> str | None:
    """The command that a message is, where it means something at this step."""
    said, written = command(text), folded(text)
    match said:
        case inputs.SKIP if not step.skippable:
            return inputs.READ if step.kind == "lezen" else None
        case inputs.LEAVE if step.id not in state.answers:
            return None
        case inputs.ANONYMOUS if step.id == inputs.PRACTICE:
            return inputs.SKIP
        case inputs.ANONYMOUS if all(one.id != inputs.PRACTICE for one in flow.steps):
            pass  # in other flows "geen naam" may be an answer
        case inputs.FINISH if step.kind == "lezen":
            return inputs.READ
        case inputs.FINISH:
            return said if step.kind in ("meerkeuze", "opsomming") else None
        case inputs.HAND_OVER if step.kind in ("tekst", "opsomming"):
            # "samen met een collega" may be the answer
            explicit = re.match(r"(?:doorgeven|overdragen|geef .*door|draag .*over)", written)
            return said if explicit else None
        case str():
            return said
    if step.kind == "opsomming" and state.picked and written == "laatste weghalen":
        return inputs.UNPICK
    if step.skippable and _leaves_empty(step, written):
        return inputs.FINISH if step.kind == "opsomming" and state.picked else inputs.SKIP
    if step.kind in ("meerkeuze", "opsomming") and written in words().no:
        return inputs.FINISH
    return None


def _leaves_empty(step: Step, written: str) -> bool:
    """Whether the answer is to leave the step empty."""
    if written in {folded(word) for word in (step.skippable or "", *step.skip_words)}:
        return True
    has_unknown = any(choice.value in _UNKNOWN_VALUES for choice in step.choices)
    if written in words().unknown and step.skip_unknown and not has_unknown:
        return True
    # at a step that takes any text, "niet nodig" may well be the answer; at a choice, one of them
    refuses = step.kind == "opsomming" or (step.kind == "tekst" and "nee" in written)
    return refuses and written in words().no


def _yes_or_no(step: Step, options: Sequence[FlowChoice], text: str) -> str | None:
    written = folded(text)
    if step.kind == "taak" and _AGREES.search(written):
        return None
    for said, values, beginning in (
        (words().yes, _YES_VALUES, "ja"),
        (words().no, _NO_VALUES, "nee"),
        (words().unknown, _UNKNOWN_VALUES, "weet"),
    ):
        if written not in said:
            continue
        exact = [option.value for option in options if written in names(option)]
        meant = exact or [
            option.value
            for option in options
            if option.value in values or folded(option.label).split()[:1] == [beginning]
        ]
        return meant[0] if len(set(meant)) == 1 else None
    return None


def _summary(flow: Flow, state: FlowState, step: Step, text: str) -> str | None:
    """What is said of a summary: which answer to change, or what to do with it."""
    written = folded(text)
    labels = {
        other.id: folded(str(other.summary_label)) for other in engine.changeable(flow, state)
    }
    named = [id_ for id_, label in labels.items() if re.search(rf"\b{re.escape(label)}\b", written)]
    # "wat is de status van mijn melding?" changes nothing
    if len(named) == 1 and not _STATUS.search(written):
        return f"{inputs.CHANGE}-{named[0]}"
    if state.choosing or not written:
        return None
    if re.fullmatch(r"(?:iets |nog iets )?(?:aanpassen|wijzigen|veranderen|verbeteren)", written):
        return inputs.CHANGE
    if _WRONG.fullmatch(written) and labels:
        return inputs.CHANGE
    if _SENDS.fullmatch(written) and [choice.value for choice in step.choices] == [inputs.SEND]:
        return inputs.SEND
    if says_no(text) and not labels:
        return inputs.STOP
    exact = match_exactly(written, step.choices) or match_exactly(stripped(written), step.choices)
    if exact is not None:
        return exact
    if says_yes(text) or says_yes(stripped(written)):
        # of several things to do, a plain "ja" or "ok" chooses none
        doing = [choice.value for choice in step.choices if choice.value != inputs.CANCEL]
        return doing[0] if len(doing) == 1 else None
    value = None if written.split()[0].isdigit() else match(text, step.choices, loosely=True)
    if written.isdigit():
        value = match(text, step.choices)
    if value != inputs.SEND:
        return value
    # what ends the flow needs words that say no more than that: "ja, maar" confirms nothing
    few = len(written.split()) <= _MAX_SEND_WORDS
    return value if few and not _NOT_YET.search(written) else None


def _answers_another(flow: Flow, step: Step, lists: Lists, text: str) -> bool:
    """Whether a text is, word for word, one of the choices of another step of a report: "laag".

    What a step takes beside its choices may be anything, so those choices are no sign.
    """
    return flow.id.startswith(OF_REPORTS) and any(
        match_exactly(text, choices_of(other, lists)) is not None
        for other in flow.steps
        if other.id != step.id and other.kind == "keuze" and not other.other
    )


def _is_content(text: str) -> bool:
    """Whether a text says something of its own, and not a word that steers or agrees."""
    written = folded(text)
    steering = steers(text) or command(text) in (inputs.SKIP, inputs.FINISH, inputs.LEAVE)
    agrees = written in words().yes or (written in words().no and "nee" in written)
    return not steering and not agrees and re.search(r"\w", text) is not None


def _free(text: str) -> str | None:
    """Free text; of "nee, het was X" only what it was."""
    if not _is_content(text) or _WRONG.fullmatch(folded(text)):
        return None
    written = text.strip()
    again = reading_lists.SECOND_THOUGHT.match(written)
    if again and again["rest"] and reading_lists.REPLACES.search(written):
        written = again["rest"].strip(" ,")
    return inputs.TYPED + written


def _name(text: str) -> str | None:
    """A name that is not on the list: a few words that are no answer to anything else."""
    written, said = " ".join(text.split()), folded(text).split()
    if not said or len(said) > _MAX_NAME_WORDS or written.endswith("?") or not _is_content(text):
        return None
    known = words().no_name | words().unknown
    if command(text) or written.isdigit() or folded(text) in known or set(said) & words().no_name:
        return None
    return inputs.TYPED + written
