"""Tells who types a patient's data in a question that it is not kept, and not to send it."""

import re

from bottlenecks.privacy import Found, screen
from bottlenecks.privacy.words import folded, word_lists
from bottlenecks.store.flows import FlowView
from dialogues.flows import failing
from dialogues.flows.removed import counted
from dialogues.flows.state import FlowState
from dialogues.reply import Reply
from dialogues.turn import Turn

_SEEN = {
    "naam": "een naam",
    "bsn": "een BSN",
    "telefoon": "een telefoonnummer",
    "e-mail": "een e-mailadres",
    "geboortedatum": "een geboortedatum",
    "adres": "een adres",
    "nummer": "een patiënt- of polisnummer",
}
# "de naam", and not "het BSN": "die" stands for it
_COMMON_GENDER = (_SEEN["naam"], _SEEN["geboortedatum"])
_ADVICE = "Stuur liever geen gegevens van patiënten."
_TITLE = re.compile(r"\b(?:mw|mevr|mevrouw|dhr|heer|meneer|mijnheer|mnr|mej)\.?\s+$", re.IGNORECASE)
_PATIENT = re.compile(r"\b(?:pati[eë]nt(?:e|je)?|pte?|cli[eë]nte?)\.?\s+$", re.IGNORECASE)
_OWN_NAME = re.compile(r"\b(?:ik ben|ik heet|mijn naam is|groet(?:en|jes)?|gr)\b[\s,.:]*$", re.I)
# at these steps what is typed is an answer, and is screened as one
_FREE_STEPS = ("tekst", "opsomming")


def tell(turn: Turn, before: FlowView | None) -> None:
    """Add a line to the last reply when the message held data that look like a patient's.

    `before` is the flow that ran when the message came.
    """
    if turn.incoming.choice is not None or not turn.replies:
        return
    if _is_answer(turn, before):
        return
    seen = seen_in(turn.incoming.text)
    if not seen:
        return
    what = ", ".join(seen[:-1]) + f" en {seen[-1]}" if len(seen) > 1 else seen[0]
    it = "Die" if len(seen) > 1 or seen[0] in _COMMON_GENDER else "Dat"
    line = f"Ik zag {what} in je bericht. {it} bewaar ik niet. {_ADVICE}"
    last = turn.replies[-1]
    if last.copyable:
        turn.say(Reply(text=line))
    else:
        turn.replies[-1] = last.model_copy(update={"text": f"{last.text}\n\n{line}"})


def seen_in(text: str) -> list[str]:
    """The kinds of data in a text that are told, in Dutch; of names only those that are sure."""
    # what is kept of the text is screened so anyway; mostly it holds nothing, and nothing sure then
    if not screen(text).found:
        return []
    kinds = {
        found.kind
        for found in screen(text, bold=False).found
        if found.kind != "naam" or _is_surely_a_name(text, found)
    }
    return [name for kind, name in _SEEN.items() if kind in kinds]


def _is_surely_a_name(text: str, found: Found) -> bool:
    """Whether it is a known name: after a title, or with a capital where that tells a name.

    Screening takes out more than that: to take too much out costs less than to miss a name. To
    tell someone of a name that is none, costs trust.
    """
    before = text[: found.start]
    words = re.findall(r"[^\W\d_][\w'’-]*", found.text)
    capitals = [word for word in words if word[:1].isupper()]
    lists = word_lists()
    if _OWN_NAME.search(before):
        return False
    if _TITLE.search(before) and any(lists.is_name(folded(word)) for word in words):
        return True
    if not capitals:
        return False
    first = folded(capitals[0])
    if _TITLE.search(before) or _PATIENT.search(before):
        return lists.is_name(first) or first not in lists.ordinary
    if first not in lists.first or first in lists.places:
        return False
    return len(capitals) > 1 or (first not in lists.ordinary and first not in lists["never"])


def _is_answer(turn: Turn, before: FlowView | None) -> bool:
    """Whether the message was taken as an answer in a flow, or stands in a report now."""
    after = turn.flow
    if after is not None and after.flow_id.startswith(failing.OF_REPORTS):
        if counted(FlowState.from_data(after.state)):
            return True  # its summary shows what was taken out
    if before is None:
        return False
    flow = turn.knowledge.flows.get(before.flow_id)
    step = (
        next((one for one in flow.steps if one.id == before.state.get("step")), None)
        if flow
        else None
    )
    if step is None or step.kind in _FREE_STEPS or step.other:
        return True
    if after is None or after.run_id != before.run_id:
        return before.flow_id.startswith(failing.OF_REPORTS)
    changed = ("answers", "trouble", "asking")
    return any(after.state.get(name) != before.state.get(name) for name in changed)
