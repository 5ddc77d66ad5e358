"""A step that cannot be done, said in one's own words: "kan niet, wij hebben geen mailadressen"."""

import re

from dialogues.flows.state import FlowState
from dialogues.flows.words import folded
from knowledge.flow_model import Flow, Step

# flows of reports: a second report is not begun in one
OF_REPORTS = "knelpunt/"
_THIS = r"(?:(?:dit|dat|het|deze stap|die stap|deze taak|die taak|stap \d{1,2}) )?"
_FILLING = r"(?: (?:ik|wij|we|ons|mij|me|dit|dat|het|hier|nu|echt|bij|gewoon|helaas|ook|allemaal))*"
_BEGINNING = re.compile(
    r"^(?:(?:nee|sorry|helaas|maar|oei|ja|nou) )*"
    rf"(?:{_THIS}(?:kan|lukt|gaat|werkt|kunnen|(?:ik|wij|we) (?:kan|kunnen)){_FILLING} niet"
    # "gaat niet over ons" and "kan niet wachten" say something else
    r"(?! (?:over|door|wachten|nodig|meer nodig)\b)"
    rf"|{_THIS}(?:is )?(?:(?:echt|gewoon|helaas|hier|bij ons) )*"
    r"(?:onmogelijk|niet mogelijk|niet te doen|onhaalbaar|niet haalbaar))\b"
)
# "kan dat niet later?" asks something; "lukt niet, wat nu?" tells it first
_BREAK = re.compile(r"\bniet\s*[,.;:!]|\bmogelijk\s*[,.;:!]", re.IGNORECASE)
# "wij kunnen ons niet melden" is no wish
_WISH = re.compile(
    r"[\s,.;:!-]*\b(?:(?:ik wil|wil ik|graag|kan ik|kun je|kan je)(?: (?:dit|dat|het))? melden"
    r"|meld)(?: (?:dit|dat|het|maar|dan|even|graag|aub))*[\s.!?]*$"
    r"|[,.;:!-]\s*(?:(?:dit|dat|graag) )?melden[\s.!?]*$",
    re.IGNORECASE,
)
_THAT = r"(?:dit|dat|het|deze|die|(?:deze|die|mijn) vraag)"
_REPORTS_THAT = re.compile(
    rf"(?:(?:ja|nee|ok|oke|oké|graag|dan|dus) )*(?:(?:kan|kun|wil|zou) (?:je|jij|u|ik|ie) )?"
    rf"(?:ik wil |kunnen we )?(?:{_THAT} (?:dan |even |ook |graag |wel )*(?:te )?melden"
    rf"|meld(?:en)? {_THAT})(?: (?:maar|dan|even|graag|aub|svp|alsjeblieft|kan dat))*\??"
)
_ALL = r"(?:iedereen|iedere|alles|alle|allemaal|overal|nergens|niemand|geen enkele|geen een)"
_NO_PLACE = r"(?:vol|volgeboekt|bezet|plek|plekken|plaats|ruimte|capaciteit|wachtlijst\w*)"
_NOWHERE = re.compile(rf"\b{_ALL}\b.*\b{_NO_PLACE}\b|\b{_NO_PLACE}\b.*\b{_ALL}\b")
# words that a bare "lukt niet" has at most: it gives no reason
_MAX_BARE_WORDS = 5


def can_be_reported(flow: Flow, step: Step) -> bool:
    """Whether the step has the button that reports that it does not work."""
    return not flow.id.startswith(OF_REPORTS) and (step.kind == "taak" or step.can_fail)


def tells(step: Step, text: str) -> bool:
    """Whether a message says that the step cannot be done."""
    if step.kind in ("tekst", "opsomming") and _NOWHERE.search(folded(text)):
        return not text.rstrip().endswith("?")
    if not _BEGINNING.match(folded(text)):
        return False
    asks = text.rstrip().endswith("?") and _BREAK.search(text) is None
    return not asks or wants_report(text)


def wants_report(text: str) -> bool:
    """Whether a message that a step cannot be done asks to report that as well."""
    return _wish(text) is not None


def asks_to_report(text: str) -> bool:
    """Whether a message asks to report what was said just before: "kan je dat melden?"."""
    return _REPORTS_THAT.fullmatch(folded(text)) is not None


def reason(text: str) -> str:
    """What a message says of why a step cannot be done; empty when it says no more than that."""
    wish = _wish(text)
    told = (text[: wish.start()] if wish else text).strip()
    beginning = _BEGINNING.match(folded(told))
    bare = beginning is not None and beginning.end() == len(folded(told))
    return "" if bare and len(told.split()) <= _MAX_BARE_WORDS else told


def description(flow: Flow, state: FlowState) -> str:
    """What a report of the step at hand says: which step, and why as far as it was told."""
    name = flow.step(state.step).summary_label or "een stap"
    return with_reason(f'Bij "{flow.title}" lukt dit niet: {name}.', state)


def with_reason(said: str, state: FlowState) -> str:
    """What a report says, and after it why the step cannot be done."""
    why = state.trouble
    return f"{said} {why[:1].upper()}{why[1:]}" if why else said


def _wish(text: str) -> re.Match[str] | None:
    return _WISH.search(text)
