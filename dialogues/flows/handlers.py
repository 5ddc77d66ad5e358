"""What the flows about reports prepare, show in their summary, and do at the end."""

import re
from collections.abc import Mapping
from typing import Protocol

from bottlenecks.lists import lists
from bottlenecks.store.reports import Draft, ReportView
from bottlenecks.workflow import LABELS, MoveNotAllowedError
from dialogues.entities import normalised_reference
from dialogues.flows.engine import FlowState, Lists
from dialogues.reply import Choice, Reply
from dialogues.report_reading import SURE, SURE_OF_SEVERITY
from dialogues.turn import Turn
from knowledge.flow_model import Flow, FlowChoice

UNKNOWN_REGION = "weet-niet"
_TRIED = re.compile(
    r"\b(?:al|reeds)\b[^.,!?;]*\b(?:gebeld|geprobeerd|gemaild|benaderd|gevraagd|afgebeld)\b"
    r"|\b(?:gebeld met|rondgebeld)\b[^.,!?;]*",
    re.IGNORECASE,
)
# a request without a story holds nothing to fill in: so many words beside those of the request
_MIN_STORY_WORDS = 5
_REQUEST = frozenset(
    "ik wij we wil willen wou zou graag een het de iets dat die er in is aub even nog eens ook "
    "hier knelpunt knelpunten probleem melden melding meld doen maken doorgeven bij over van voor "
    "aan rho regio regio-organisatie hoe kan kun waar moet je u kunt dit".split()
)


class Handler(Protocol):
    """What a flow needs beside its steps."""

    def lists(self, turn: Turn) -> Lists:
        """The lists that steps name."""

    def prefill(self, turn: Turn, text: str) -> Mapping[str, str | None] | Reply:
        """Answers that the first message already holds; a Reply when the flow cannot begin."""

    def summary(self, turn: Turn, flow: Flow, state: FlowState) -> str:
        """What is shown at the step that confirms."""

    def complete(self, turn: Turn, state: FlowState) -> Reply:
        """Do what was confirmed."""


class ReportHandler:
    """Reporting a bottleneck."""

    def lists(self, turn: Turn) -> Lists:
        """Categories, severities and regions."""
        return {
            "categories": [
                FlowChoice(value=e.id, label=e.name, synonyms=e.words)
                for e in lists().categories.values()
            ],
            "severities": [
                FlowChoice(value=e.id, label=e.name, synonyms=e.words)
                for e in lists().severities.values()
            ],
            "regions": [
                *(
                    FlowChoice(
                        value=region.id,
                        label=region.name,
                        synonyms=(*region.aliases, *(place.lower() for place in region.places)),
                    )
                    for region in turn.knowledge.regions.values()
                ),
                FlowChoice(
                    value=UNKNOWN_REGION,
                    label="Weet ik niet",
                    synonyms=("weet ik niet", "weet niet", "geen idee"),
                ),
            ],
        }

    def prefill(self, turn: Turn, text: str) -> Mapping[str, str | None] | Reply:
        """What `text` (screened) surely tells; what it tells less surely is asked."""
        answers: dict[str, str | None] = {}
        practice = turn.desk.practice()
        if practice.asked:
            answers["praktijk"] = practice.name
        read = turn.read_report(text)
        place = read.place
        if place is not None and place.region and read.region.confidence >= SURE:
            answers["regio"] = place.region
        elif place is not None and not place.region and place.name and place.name != place.area:
            answers["regio"] = "=" + place.name
        words = re.findall(r"[\w-]+", text.lower())
        story = sum(word not in _REQUEST for word in words) >= _MIN_STORY_WORDS
        category: str | None
        if story and read.category.confidence >= SURE:
            category = read.category.label
        else:
            category = lists().recognise_category(text)
        if category:
            answers["soort"] = category
        if story:
            answers["wat"] = text.strip()
            tried = _TRIED.search(text)
            if tried:
                answers["geprobeerd"] = tried.group().strip()
            if read.severity.confidence >= SURE_OF_SEVERITY:
                answers["ernst"] = read.severity.label
        return answers

    def summary(self, turn: Turn, flow: Flow, state: FlowState) -> str:
        """All answers, who reads them and when, and what was taken out."""
        shown = {
            "soort": lists().categories[state.answers["soort"] or "anders"].name,
            "regio": region_name(turn, state.answers["regio"]),
            "wat": state.answers["wat"],
            "geprobeerd": state.answers["geprobeerd"] or "nog niets",
            "ernst": lists().severities[state.answers["ernst"] or "laag"].name,
            "praktijk": state.answers["praktijk"] or "anoniem",
            "antwoord": state.answers["antwoord"],
        }
        lines = [
            f"{step.summary_label}: {shown[step.id]}" for step in flow.steps if step.id in shown
        ]
        return "\n".join(lines) + "\n\n" + _who_reads(turn, state) + "\n\n" + _screening(state)

    def complete(self, turn: Turn, state: FlowState) -> Reply:
        """File the report and give its reference."""
        answers = state.answers
        region, other = _region_and_other(answers["regio"])
        reference = turn.desk.file(
            Draft(
                category=answers["soort"] or "anders",
                region=region,
                region_other=other,
                description=answers["wat"] or "",
                tried=answers["geprobeerd"],
                severity=answers["ernst"] or "laag",
                answer_wanted=answers["antwoord"] == "ja",
            ),
            answers["praktijk"],
        )
        return Reply(
            text=f"Je melding is gedaan. Het meldingsnummer is {reference}.\n\n"
            "Met dat nummer kun je hier de status bekijken, iets toevoegen of intrekken.",
            choices=_follow_ups(),
            topic="knelpunt/melden",
            reference=reference,
        )


class AdditionHandler:
    """Adding text to one's own open report."""

    def lists(self, turn: Turn) -> Lists:
        """The person's open reports."""
        return {"own_open_reports": own_open_choices(turn)}

    def prefill(self, turn: Turn, text: str) -> Mapping[str, str | None] | Reply:
        """The report that the message names, or the only one."""
        return chosen_report(turn, text)

    def summary(self, turn: Turn, flow: Flow, state: FlowState) -> str:
        """The report and the text."""
        return f"{_reference(state)}: {state.answers['tekst']}\n\n" + _screening(state)

    def complete(self, turn: Turn, state: FlowState) -> Reply:
        """Add the text."""
        reference = _reference(state)
        try:
            turn.desk.add_text(reference, state.answers["tekst"] or "")
        except LookupError:
            return closed_reply(reference)
        return Reply(
            text=f"Ik heb je tekst toegevoegd aan {reference}.",
            choices=_follow_ups(),
            topic="knelpunt/aanvullen",
            reference=reference,
        )


class WithdrawalHandler(AdditionHandler):
    """Withdrawing one's own open report."""

    def summary(self, turn: Turn, flow: Flow, state: FlowState) -> str:
        """The report as it stands."""
        reference = _reference(state)
        found = [report for report in turn.desk.own() if report.reference == reference]
        return describe(turn, found[0]) if found else reference

    def complete(self, turn: Turn, state: FlowState) -> Reply:
        """Withdraw it."""
        reference = _reference(state)
        try:
            turn.desk.withdraw(reference)
        except (LookupError, MoveNotAllowedError):
            return closed_reply(reference)
        return Reply(
            text=f"Melding {reference} is ingetrokken.",
            topic="knelpunt/intrekken",
            reference=reference,
        )


HANDLERS: dict[str, Handler] = {
    "report": ReportHandler(),
    "addition": AdditionHandler(),
    "withdrawal": WithdrawalHandler(),
}


def own_open_choices(turn: Turn) -> list[FlowChoice]:
    """The person's open reports as choices."""
    return [
        FlowChoice(
            value=report.reference.lower(),
            label=f"{report.reference} {lists().categories[report.category].name}",
            synonyms=(report.reference.lower(),),
        )
        for report in turn.desk.own()
        if report.is_open
    ]


def chosen_report(turn: Turn, text: str) -> Mapping[str, str | None] | Reply:
    """The open report to go on with; a Reply when there is none or the reference is unknown."""
    choices = own_open_choices(turn)
    wanted = normalised_reference(text)
    if wanted and wanted.lower() not in {choice.value for choice in choices}:
        return closed_reply(wanted)
    if not choices:
        return Reply(
            text="Je hebt hier geen open meldingen. Wil je een knelpunt melden?",
            choices=(Choice(label="Een knelpunt melden", value="t:knelpunt/melden"),),
        )
    if wanted:
        return {"melding": wanted.lower()}
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
    added = sum(event.kind == "addition" for event in report.events)
    lines = [
        f"{report.reference} ({lists().categories[report.category].name}, "
        f"{region_name(turn, report.region)}), gemeld op {report.created_at:%d-%m-%Y}",
        f"Status: {LABELS[report.status]}",
        f"Jouw tekst: {report.description}",
    ]
    if added:
        lines.append(f"Toegevoegd: {added} keer")
    lines.append(f"Laatste reactie: {answer.text}" if answer else "Nog geen reactie.")
    return "\n".join(lines)


def region_name(turn: Turn, value: str | None) -> str:
    """A region as shown: its name, what was typed, or that it is not known."""
    if not value or value == UNKNOWN_REGION:
        return "niet bekend"
    region = turn.knowledge.regions.get(value)
    return region.name if region else value.removeprefix("=")


def _region_and_other(value: str | None) -> tuple[str | None, str | None]:
    if not value or value == UNKNOWN_REGION:
        return None, None
    return (None, value[1:101]) if value.startswith("=") else (value, None)


def _who_reads(turn: Turn, state: FlowState) -> str:
    region = turn.knowledge.regions.get(state.answers["regio"] or "")
    who = "je regio-organisatie (RHO)"
    if region is not None and region.organisation:
        who = f"je regio-organisatie ({region.organisation})"
    when = (
        f"Leestijden: {region.reading_times}."
        if region is not None and region.reading_times
        else "Wanneer zij meldingen leest, is hier niet bekend."
    )
    return f"De melding is voor {who}. {when} Dit is geen spoedlijn."


def _screening(state: FlowState) -> str:
    removed = f"Ik heb dit uit je tekst gehaald: {state.removed}. " if state.removed else ""
    return removed + "Let op: namen herken ik nog niet. Staat er een naam in? Pas de tekst dan aan."


def _reference(state: FlowState) -> str:
    return (state.answers["melding"] or "").upper()


def _follow_ups() -> tuple[Choice, ...]:
    return (
        Choice(label="Status bekijken", value="t:knelpunt/status"),
        Choice(label="Iets toevoegen", value="t:knelpunt/aanvullen"),
    )
