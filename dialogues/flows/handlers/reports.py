"""The flows about reports: filing one, adding to it, withdrawing it."""

import re
from collections.abc import Mapping, Sequence

from bottlenecks.lists import ListEntry, lists
from bottlenecks.store.reports import Draft
from bottlenecks.workflow import MoveNotAllowedError
from dialogues.flows import removed
from dialogues.flows.handlers import joining
from dialogues.flows.handlers.base import UNKNOWN_REGION, Answers, Handler, region_choices
from dialogues.flows.handlers.own_reports import (
    chosen_report,
    closed_reply,
    closed_report,
    describe,
    own_closed_choices,
    own_open_choices,
    region_name,
)
from dialogues.flows.state import Answer, FlowState, Lists
from dialogues.flows.view import Setting
from dialogues.reply import Choice, Reply
from dialogues.report_reading import SURE, SURE_OF_SEVERITY
from dialogues.turn import Turn
from knowledge.flow_model import Flow, FlowChoice

_TRIED = re.compile(
    r"\b(?:al|reeds)\b[^.,!?;]*\b(?:gebeld|geprobeerd|gemaild|benaderd|gevraagd|afgebeld)\b"
    r"|\b(?:gebeld met|rondgebeld)\b[^.,!?;]*",
    re.IGNORECASE,
)
_ADDED = re.compile(
    r"^.*?\b(?:toevoegen|aanvullen|aanvulling|toevoeging|vul aan|voeg toe)\b[^:]{0,40}:\s*(.+)$",
    re.IGNORECASE | re.DOTALL,
)
_TAKEN_BACK = re.compile(r"\b(?:toch )?niet\b.*\bintrek|\btoch niet\b", re.IGNORECASE)
# a request without a story holds nothing to fill in: so many words beside those of the request
_MIN_STORY_WORDS = 5
_REQUEST = frozenset(
    "ik wij we wil willen wou zou graag een het de iets dat die er in is aub even nog eens ook "
    "hier knelpunt knelpunten probleem melden melding meld doen maken doorgeven bij over van voor "
    "aan rho regio regio-organisatie hoe kan kun waar moet je u kunt dit".split()
)


class ReportHandler(Handler):
    """Reporting a bottleneck."""

    def lists(self, turn: Turn, state: FlowState | None) -> Lists:
        """Categories, severities and regions."""
        unknown = FlowChoice(
            value=UNKNOWN_REGION,
            label="Weet ik niet",
            synonyms=("weet ik niet", "weet niet", "geen idee"),
        )
        return {
            "categories": [
                FlowChoice(value=e.id, label=e.name, synonyms=e.words)
                for e in lists().categories.values()
            ],
            "severities": [
                FlowChoice(value=e.id, label=e.name, synonyms=e.words)
                for e in lists().severities.values()
            ],
            "regions": [*region_choices(turn), unknown],
        }

    def prefill(self, turn: Turn, text: str) -> Answers | Reply:
        """What `text` (screened) and the person's profile surely tell; the rest is asked."""
        answers: dict[str, Answer] = {}
        practice = turn.desk.practice()
        if practice.asked:
            answers["praktijk"] = practice.name
        own_region = turn.desk.profile().region
        if own_region is not None:
            answers["regio"] = own_region
        read = turn.read_report(removed.plain(text))
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

    def absorb(self, turn: Turn, text: str) -> Answers:
        """What a story tells, as at the start."""
        read = self.prefill(turn, text)
        known = ("soort", "regio", "wat", "geprobeerd", "ernst")
        return {} if isinstance(read, Reply) else {k: v for k, v in read.items() if k in known}

    def summary(self, turn: Turn, flow: Flow, state: FlowState, setting: Setting) -> str:
        """All answers, who reads them and when, and what was taken out."""
        answers = state.answers
        shown = {
            "soort": _entry_name(lists().categories, state.text("soort")),
            "regio": region_name(turn, state.text("regio")),
            "wat": state.text("wat"),
            "geprobeerd": state.text("geprobeerd") or "nog niets",
            "ernst": _entry_name(lists().severities, state.text("ernst")),
            "praktijk": _practice(state.text("praktijk")),
            "antwoord": state.text("antwoord"),
        }
        lines = [
            f"{step.summary_label}: {shown[step.id]}"
            for step in flow.steps
            if step.id in shown and step.id in answers
        ]
        if (topic := turn.knowledge.topics.get(state.about or "")) is not None:
            lines.append(f"Onderwerp: {topic.title}")
        return "\n".join(lines) + "\n\n" + _who_reads(turn, state) + "\n\n" + _screening(state)

    def complete(self, turn: Turn, flow: Flow, state: FlowState, setting: Setting) -> Reply:
        """File the report and give its reference."""
        region, other = _region_and_other(state.text("regio"))
        reference = turn.desk.file(
            Draft(
                category=state.text("soort") or "anders",
                region=region,
                region_other=other,
                description=state.text("wat") or "",
                tried=state.text("geprobeerd"),
                severity=state.text("ernst") or "laag",
                answer_wanted=state.text("antwoord") == "ja",
                topic=state.about,
            ),
            state.text("praktijk"),
        )
        return Reply(
            text=f"Je melding is gedaan. Het meldingsnummer is {reference}.\n\n"
            "Met dat nummer kun je hier de status bekijken, iets toevoegen of intrekken.",
            choices=_follow_ups(),
            topic="knelpunt/melden",
            reference=reference,
        )

    def afterwards(self, turn: Turn, done: Reply) -> Sequence[Reply]:
        """Asks whether it belongs to reports about the same."""
        asked = joining.question(turn, done.reference) if done.reference else None
        return (asked,) if asked is not None else ()


class AdditionHandler(Handler):
    """Adding text to one's own open report."""

    def lists(self, turn: Turn, state: FlowState | None) -> Lists:
        """The person's open reports."""
        return {"own_open_reports": own_open_choices(turn)}

    def prefill(self, turn: Turn, text: str) -> Answers | Reply:
        """The report that the message names, or the only one; and the text after a colon."""
        chosen = chosen_report(turn, text)
        told = _ADDED.match(text)
        if told and not isinstance(chosen, Reply):
            return {**chosen, "tekst": told[1].strip()}
        return chosen

    def summary(self, turn: Turn, flow: Flow, state: FlowState, setting: Setting) -> str:
        """The report and the text."""
        return f"{_reference(state)}: {state.text('tekst') or ''}\n\n" + _screening(state)

    def complete(self, turn: Turn, flow: Flow, state: FlowState, setting: Setting) -> Reply:
        """Add the text."""
        reference = _reference(state)
        try:
            turn.desk.add_text(reference, state.text("tekst") or "")
        except LookupError:
            return closed_reply(reference)
        return Reply(
            text=f"Ik heb je tekst toegevoegd aan {reference}.",
            choices=_follow_ups(),
            topic="knelpunt/aanvullen",
            reference=reference,
        )


class ReopeningHandler(AdditionHandler):
    """Opening one's own closed report again."""

    def lists(self, turn: Turn, state: FlowState | None) -> Lists:
        """The person's reports that can be opened again."""
        return {"own_closed_reports": own_closed_choices(turn)}

    def prefill(self, turn: Turn, text: str) -> Answers | Reply:
        """The report that the message names, or the only one that can be opened again."""
        return closed_report(turn, text)

    def complete(self, turn: Turn, flow: Flow, state: FlowState, setting: Setting) -> Reply:
        """Open it again."""
        reference = _reference(state)
        try:
            turn.desk.reopen(reference, state.text("tekst") or "")
        except (LookupError, MoveNotAllowedError):
            return Reply(
                text=f"Melding {reference} kan ik niet heropenen: die is niet meer afgerond.",
                choices=_follow_ups()[:1],
            )
        return Reply(
            text=f"Melding {reference} is heropend. Je regio-organisatie ziet wat er nog speelt.",
            choices=_follow_ups(),
            topic="knelpunt/status",
            reference=reference,
        )


class WithdrawalHandler(AdditionHandler):
    """Withdrawing one's own open report."""

    def prefill(self, turn: Turn, text: str) -> Answers | Reply:
        """The report that the message names, or the only one."""
        if _TAKEN_BACK.search(text):
            return Reply(
                text="Een melding die is ingetrokken, kun je niet terughalen. Je kunt wel een "
                "nieuwe melding doen.",
                choices=_follow_ups()[:1],
            )
        return chosen_report(turn, text)

    def summary(self, turn: Turn, flow: Flow, state: FlowState, setting: Setting) -> str:
        """The report as it stands."""
        reference = _reference(state)
        found = [report for report in turn.desk.own() if report.reference == reference]
        return describe(turn, found[0]) if found else reference

    def complete(self, turn: Turn, flow: Flow, state: FlowState, setting: Setting) -> Reply:
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


def _region_and_other(value: str | None) -> tuple[str | None, str | None]:
    if not value or value == UNKNOWN_REGION:
        return None, None
    return (None, value[1:101]) if value.startswith("=") else (value, None)


def _practice(name: str | None) -> str:
    """The practice, which may be one that was filled in; and that it need not be told."""
    return f'{name}. Liever niet? Typ "anoniem".' if name else "anoniem"


def _who_reads(turn: Turn, state: FlowState) -> str:
    region = turn.knowledge.regions.get(state.text("regio") or "")
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
    """What was taken out, and that it may not be all."""
    counted = removed.counted(state)
    said = f"Ik heb dit uit je tekst gehaald: {counted}. " if counted else ""
    return said + 'Ik herken niet alles. Zie je nog iets van een patiënt? Kies "Meer weghalen".'


def _reference(state: FlowState) -> str:
    return (state.text("melding") or "").upper()


def _follow_ups() -> tuple[Choice, ...]:
    return (
        Choice(label="Status bekijken", value="t:knelpunt/status"),
        Choice(label="Iets toevoegen", value="t:knelpunt/aanvullen"),
    )


def _entry_name(entries: Mapping[str, ListEntry], value: str | None) -> str:
    return entries[value].name if value and value in entries else "nog niet gekozen"
