"""After a report was sent: does it belong to reports about the same bottleneck?

Answering is optional: any other message goes on as usual.
"""

import re
from collections.abc import Callable

from bottlenecks.small_counts import FEWEST
from bottlenecks.store.report_rows import REPORTER
from bottlenecks.store.reports import ReportView, Together
from bottlenecks.workflow import LABELS
from dialogues.entities import normalised_reference
from dialogues.flows.handlers import just_sent, leaving
from dialogues.flows.handlers.just_sent import Sent
from dialogues.flows.handlers.own_reports import REACT
from dialogues.flows.words import folded, says_no, says_yes
from dialogues.reply import Choice, Incoming, Reply
from dialogues.turn import Turn
from dialogues.understanding import Understood
from nlu.danger import POSSIBLE
from nlu.topics import EMERGENCY

# the inputs of the buttons; the report and the number of the group follow
JOIN, APART = "erbij:", "apart:"
_LABELS = {JOIN: "Ja, hoort erbij", APART: "Nee, iets anders"}
_VALUE = re.compile(r"(?:erbij|apart):(KP-[0-9]{4}-[0-9]{4,6}):([0-9]{1,9})")
_FOLLOW = Choice(label="Status bekijken", value="t:knelpunt/status")
# longer messages tell something else
MAX_WORDS = 9
_FIRST = r"^(?:(?:nou|uh|eh|oh|o) )?"
_YES = re.compile(_FIRST + r"(?:ja+|jawel|jazeker|yes|klopt|inderdaad)\b")
_NO = re.compile(_FIRST + r"(?:ja )?(?:nee+|neen|nope)\b")
_BARE = re.compile(
    r"(?:ja+|jawel|jazeker)(?: hoor| graag| zeker| inderdaad)?(?: (?:het)?zelfde\b.*)?"
    r"|(?:nee+|neen)(?: hoor)?(?: (?:dat is |dit is )?iets anders)?"
)
_IN_BETWEEN = r"(?:(?:ook|wel|toch|zeker|inderdaad|gewoon) )*"
_HERE = re.compile(rf"\bhoort {_IN_BETWEEN}(?:er|hier|daar) ?{_IN_BETWEEN}bij\b")
_SAME = re.compile(r"\b(?:het)?zelfde\b")
_OTHER = re.compile(
    r"\biets (?:heel )?anders\b|\bniet\b.*zelfde\b"
    r"|\been andere? (?:probleem|knelpunt|melding|verhaal|geval)\b"
)
_WRONG = re.compile(r"\b(?:klopt|inderdaad)\b(?: \w+)? niet\b")
# after "ja" or "nee": what asks or wants something else
_ELSE = re.compile(
    r"^(?:(?:en|maar|ok|oke|oké|hoor|dan) )*(?:wie|wat|waar\w*|wanneer|welke?|hoe\w*|mag|kan|kun"
    r"|moet|is er|zijn er|weet|ken|vertel|geef|leg|zoek|toon|laat|help|start|begin|stop\w*"
    r"|annuleer\w*|ik (?:wil|wou|zou|moet|ga)|wij willen|we willen|trek|voeg)\b"
    r"|\b(?:melden|meld|(?:nog een|nieuwe?) (?:melding|knelpunt)|intrekken|toevoegen|vraag|vragen"
    r"|status|dank\w*|bedankt)\b"
)


def question(turn: Turn, reference: str) -> Reply | None:
    """Asks whether a report that was just sent belongs to a group; None: to none, as it seems."""
    group = turn.desk.similar_group(reference)
    just_sent.remember(turn, reference, group.number if group else None)
    if group is None:
        return None
    # fewer practices are not told: they could be recognised
    many = group.named_practices >= FEWEST
    who = f"{group.named_practices} praktijken meldden ook" if many else "Al eerder gemeld"
    return Reply(
        text=f'{who}: "{group.title}". Hoort jouw melding hierbij? Dan krijg je hetzelfde '
        "antwoord. Antwoorden hoeft niet.",
        choices=tuple(
            Choice(label=label, value=f"{value}{reference}:{group.number}")
            for value, label in _LABELS.items()
        ),
        topic="knelpunt/melden",
        reference=reference,
    )


def typed(turn: Turn, text: str, understand: Callable[[str], Understood]) -> Incoming | None:
    """The button that a typed message about a sent report stands for; None when it is for none.

    `understand` tells whether it may be about danger now, which comes first.
    """
    if turn.memory.flow is not None:
        return None
    sent = just_sent.recall(turn)
    if sent is not None and just_sent.takes_back(sent, text):
        return Incoming(text=text, choice=just_sent.ALREADY + sent.reference)
    value = None
    if sent is not None and sent.group is not None and _is_about(sent, text):
        said = _answer(sent, text)
        value = f"{said}{sent.reference}:{sent.group}" if said else None
    value = value or leaving.typed(turn, text, sent.reference if sent else None)
    if value is None:
        return None
    if not (says_yes(text) or says_no(text)):
        understood = understand(text)
        if understood.topic == EMERGENCY or understood.danger >= POSSIBLE:
            return None
    return Incoming(text=text, choice=value)


def is_answered(turn: Turn, sent: Sent | None) -> bool:
    """Whether this turn answered the question about the report that was just sent."""
    choice = turn.incoming.choice or ""
    return sent is not None and choice.startswith((JOIN + sent.reference, APART + sent.reference))


def answered(turn: Turn, value: str) -> Reply:
    """Carry out a button of the question."""
    found = _VALUE.fullmatch(value)
    if found is None:
        return Reply(text="Die knop werkt niet meer. Typ je vraag.")
    reference, number = found[1], int(found[2])
    report = next((one for one in turn.desk.own() if one.reference == reference), None)
    if report is not None and report.group is not None:
        return _is_in_group(turn, report, report.group, number, leaves=value.startswith(APART))
    if value.startswith(APART):
        return _keep_apart(turn, reference, number)
    try:
        answer = turn.desk.join(reference, number)
    except LookupError:
        return Reply(
            text="Dat kan niet meer: de meldingen waar het om ging zijn intussen afgerond of "
            f"verplaatst. Je melding {reference} blijft gewoon staan.",
            choices=(_FOLLOW,),
            reference=reference,
        )
    own = turn.desk.own()
    report = next((one for one in own if one.reference == reference), None)
    status = f" Status: {LABELS[report.status]}." if report is not None else ""
    text = f"Goed, je melding {reference} hoort er nu bij.{status}"
    choices: tuple[Choice, ...] = (_FOLLOW,)
    if answer is None:
        text += " Een antwoord komt hier vanzelf."
    else:
        had_it = [
            one.reference
            for one in own
            if one.reference != reference
            and any(event.kind == "reply" and event.text == answer for event in one.events)
        ]
        if had_it:
            text += f"\n\nHet antwoord dat je kreeg bij {had_it[0]}, geldt ook voor deze melding."
        else:
            text += f"\n\nDit antwoordde je regio-organisatie (RHO) al:\n{answer}"
        text += "\n\nEen volgend antwoord komt hier vanzelf."
        if report is not None and report.is_open:
            choices = (Choice(label="Reageren", value=REACT + reference), _FOLLOW)
    return Reply(text=text, choices=choices, topic="knelpunt/status", reference=reference)


def _is_in_group(
    turn: Turn, report: ReportView, group: Together, number: int, *, leaves: bool
) -> Reply:
    """The question was about `number`, but meanwhile the report is in a group already."""
    reference = report.reference
    joined = [one for one in report.events if one.kind == "group"]
    by_officer = bool(joined) and joined[-1].actor != REPORTER
    if leaves and group.number == number:
        done = leaving.left(turn, f"{leaving.LEAVE}{reference}:{number}")
        if not by_officer:
            return done
        lead = f'Je regio-organisatie (RHO) had deze melding al gezet bij: "{group.title}".'
        return done.model_copy(update={"text": f"{lead} {done.text}"})
    if group.number == number:
        text = f"Je melding {reference} hoort er al bij."
        if by_officer:
            text += " Je regio-organisatie (RHO) had dat al gedaan."
        return Reply(text=text, choices=(_FOLLOW,), topic="knelpunt/status", reference=reference)
    if leaves:
        _refuse(turn, reference, number)
    text = f'Je melding {reference} hoort al bij: "{group.title}".'
    if by_officer:
        text = (
            f'Je regio-organisatie (RHO) heeft je melding {reference} gezet bij: "{group.title}".'
        )
    return Reply(
        text=text,
        choices=(*leaving.choices([report]), _FOLLOW),
        topic="knelpunt/status",
        reference=reference,
    )


def _refuse(turn: Turn, reference: str, number: int) -> None:
    try:
        turn.desk.keep_apart(reference, number)
    except LookupError:
        pass  # nothing has to be kept of a report that is not theirs


def _keep_apart(turn: Turn, reference: str, number: int) -> Reply:
    _refuse(turn, reference, number)
    return Reply(
        text=f"Goed, je melding {reference} blijft op zichzelf staan.",
        choices=(_FOLLOW,),
        topic="knelpunt/status",
        reference=reference,
    )


def _is_about(sent: Sent, text: str) -> bool:
    """Whether a message can be an answer: short, no question, and not about another report."""
    named = normalised_reference(text)
    short = len(text.split()) <= MAX_WORDS and "?" not in text
    return short and named in (None, sent.reference)


def _answer(sent: Sent, text: str) -> str | None:
    """What a message answers: `JOIN`, `APART` or neither."""
    said = folded(text)
    if leaving.NOT_HERE.search(said):
        return APART
    if _HERE.search(said):
        return JOIN
    if not sent.bare_yes:
        return None
    if sent.passed and not _BARE.fullmatch(said):
        return None  # "ok" or "ja dat wist ik" later on is about what was said last
    if says_yes(text) or says_no(text):
        return JOIN if says_yes(text) else APART
    rest = _YES.sub("", _NO.sub("", said, 1), 1).strip()
    if _ELSE.search(rest) or _WRONG.search(said):
        return None
    if _NO.search(said) or _OTHER.search(said):
        return APART
    return JOIN if _YES.search(said) or _SAME.search(said) else None
