"""A person's own reports: which there are, how they stand, and which one is meant."""

from bottlenecks.lists import lists
from bottlenecks.store.reports import ReportView
from bottlenecks.workflow import LABELS, Status
from dialogues import profile
from dialogues.entities import normalised_reference
from dialogues.flows.handlers import leaving
from dialogues.flows.handlers.base import UNKNOWN_REGION, Answers
from dialogues.reply import Choice, Reply
from dialogues.turn import Turn
from knowledge.flow_model import FlowChoice

STATUS = "knelpunt/status"
# what is asked under a button that begins a report, and what a typed "ja" then stands for
OFFER, TO_REPORT = "Wil je een knelpunt melden?", "t:knelpunt/melden"
SHOWN_REPORTS = 5
# the inputs of the buttons under a notice; a reference may follow
REACT = "reageer:"
# behind a reference: what was typed before is the reaction
TYPED = "+"
REOPEN = "heropen:"
REOPENING = "knelpunt/heropenen"


def own_open_choices(turn: Turn) -> list[FlowChoice]:
    """The person's open reports as choices."""
    return [_choice(report) for report in turn.desk.own() if report.is_open]


def reactions(turn: Turn) -> tuple[Choice, ...]:
    """What was typed, as a reaction on a report whose reporter was asked something."""
    return tuple(
        Choice(label=f"Reactie op {report.reference}", value=f"{REACT}{report.reference}{TYPED}")
        for report in turn.desk.own()
        if report.status is Status.WAITING
    )


def own_closed_choices(turn: Turn) -> list[FlowChoice]:
    """The person's solved and rejected reports as choices."""
    return [_choice(report) for report in turn.desk.own() if report.can_reopen]


def chosen_report(turn: Turn, text: str) -> Answers | Reply:
    """The open report to go on with; a Reply when there is none or the reference is unknown."""
    choices = own_open_choices(turn)
    wanted = normalised_reference(text)
    if wanted and wanted.lower() not in {choice.value for choice in choices}:
        if wanted.lower() in {choice.value for choice in own_closed_choices(turn)}:
            return Reply(
                text=f"Melding {wanted} is al afgerond. Wil je er nog iets over zeggen? Heropen de "
                "melding dan.",
                choices=(Choice(label="Heropenen", value=f"{REOPEN}{wanted}"),),
            )
        return closed_reply(wanted)
    if not choices:
        return Reply(
            text=f"Je hebt hier geen open meldingen. {OFFER}",
            choices=(Choice(label="Een knelpunt melden", value=TO_REPORT),),
        )
    if wanted:
        return {"melding": wanted.lower()}
    return {"melding": choices[0].value} if len(choices) == 1 else {}


def closed_report(turn: Turn, text: str) -> Answers | Reply:
    """The closed report to open again; a Reply when there is none."""
    choices = own_closed_choices(turn)
    wanted = (normalised_reference(text) or "").lower()
    if wanted in {choice.value for choice in choices}:
        return {"melding": wanted}
    if not choices or wanted:
        return Reply(
            text="Die melding kan ik niet heropenen. Alleen een melding van jou die opgelost of "
            "afgewezen is, kun je heropenen.",
            choices=(Choice(label="Mijn meldingen", value="t:knelpunt/status"),),
        )
    return {"melding": choices[0].value} if len(choices) == 1 else {}


def closed_reply(reference: str) -> Reply:
    """What is said of a report that is not there, not one's own, or closed."""
    return Reply(
        text=f"Ik vind geen open melding {reference} van jou. Kijk of het nummer klopt. "
        "Je ziet hier alleen meldingen die je zelf hebt gedaan.",
        choices=(Choice(label="Mijn meldingen", value="t:knelpunt/status"),),
    )


def describe(turn: Turn, report: ReportView) -> str:
    """A report for its reporter: what, where, status, latest answer."""
    answer = report.last_answer
    added = [event for event in report.events if event.kind == "addition" and event.text]
    lines = [
        f"{report.reference} ({lists().categories[report.category].name}, "
        f"regio {region_name(turn, report.region)}), gemeld op {report.created_at:%d-%m-%Y}",
        f"Status: {LABELS[report.status]}",
        *([f'Hoort bij: "{report.group.title}"'] if report.group else []),
        f"Jouw tekst: {report.description}",
    ]
    lines += [f"Al geprobeerd: {report.tried}"] if report.tried else []
    lines += [f"Toegevoegd op {event.at:%d-%m-%Y}: {event.text}" for event in added]
    lines.append(f"Laatste reactie: {answer.text}" if answer else "Nog geen reactie.")
    return "\n".join(lines)


def region_name(turn: Turn, value: str | None) -> str:
    """A region as shown: its name, what was typed, or that it is not known."""
    if not value or value == UNKNOWN_REGION:
        return "niet bekend"
    return profile.region_name(value, turn.knowledge)


def _choice(report: ReportView) -> FlowChoice:
    return FlowChoice(
        value=report.reference.lower(),
        label=f"{report.reference} {lists().categories[report.category].name}",
        synonyms=(report.reference.lower(),),
    )


def status(turn: Turn) -> Reply:
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
    if turn.flow is not None and turn.flow.flow_id == "knelpunt/melden":
        lead = f"De melding die je nu invult, is nog niet verstuurd.\n\n{lead}"
    if not reports:
        text = lead + "Je hebt hier nog geen meldingen gedaan. Je ziet alleen je eigen meldingen."
        choices: tuple[Choice, ...] = (
            Choice(label="Een knelpunt melden", value="t:knelpunt/melden"),
        )
    else:
        text = lead + "\n\n".join(describe(turn, report) for report in reports[:SHOWN_REPORTS])
        choices = ()
        if any(report.is_open for report in reports):
            choices = (
                Choice(label="Iets toevoegen", value="t:knelpunt/aanvullen"),
                Choice(label="Melding intrekken", value="t:knelpunt/intrekken"),
            )
        if any(report.can_reopen for report in reports):
            choices += (Choice(label="Melding heropenen", value=REOPEN),)
        choices += leaving.choices(reports[:SHOWN_REPORTS])
    return Reply(text=text, choices=choices, topic=STATUS, flow=STATUS)
