"""The forms on the page of a report."""

from collections.abc import Collection
from typing import Any

from fastapi import Request
from wtforms import IntegerField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.questions.topic_names import subjects
from bottlenecks.desk.session import DeskForm, form_for
from bottlenecks.lists import lists
from bottlenecks.roles import Officer
from bottlenecks.store.report_desk import CaseView
from bottlenecks.workflow import DESK_LABELS, MOVES, ORGANISATIONS, Status

NOBODYS = "niemand"
MAX_TEXT = 4_000
NO_REGION = ""
LENGTH = Length(max=MAX_TEXT, message=f"Neem hoogstens {MAX_TEXT} tekens.")


def stripped(value: str | None) -> str:
    """A field without white space at its ends."""
    return (value or "").strip()


class AnswerForm(DeskForm):
    """An answer to the reporter, another state, or both."""

    version = IntegerField(validators=[InputRequired()])
    antwoord = TextAreaField("Antwoord aan de melder", filters=[stripped], validators=[LENGTH])
    status = SelectField("Status", validators=[Optional()])

    def validate_status(self, field: SelectField) -> None:
        """Who is turned away hears why."""
        if field.data == Status.REJECTED and not self.antwoord.data:
            raise ValidationError("Leg de melder uit waarom je de melding afwijst.")


class NoteForm(DeskForm):
    """An internal note."""

    notitie = TextAreaField(
        "Interne notitie",
        filters=[stripped],
        validators=[DataRequired("Typ eerst een notitie."), LENGTH],
    )


class OwnerForm(DeskForm):
    """Who handles the report."""

    version = IntegerField(validators=[InputRequired()])
    eigenaar = SelectField("Eigenaar")


class CorrectionForm(DeskForm):
    """What the report is about."""

    version = IntegerField(validators=[InputRequired()])
    soort = SelectField("Soort")
    regio = SelectField("Regio", validators=[Optional()])
    ernst = SelectField("Ernst")


class TopicForm(DeskForm):
    """The topic that the report points to."""

    version = IntegerField(validators=[InputRequired()])
    onderwerp = SelectField("Onderwerp", validators=[Optional()])


def forms_of(
    request: Request,
    desk: DeskContext,
    case: CaseView,
    handlers: list[Officer],
    data: Any,
    sent: type[DeskForm] | None,
) -> dict[type[DeskForm], Any]:
    """The forms of the page; the one that was `sent` is filled with it, the others as it is now."""

    def form(kind: type[DeskForm], **now: Any) -> Any:
        return form_for(request, kind, data if kind is sent else None, **now)

    answer = form(AnswerForm, version=case.version)
    # only its reporter withdraws a report
    moves = MOVES[case.status] - {Status.WITHDRAWN}
    answer.status.choices = [("", f"blijft: {DESK_LABELS[case.status]}"), *status_choices(moves)]
    ownership = form(OwnerForm, version=case.version, eigenaar=case.owner_id or NOBODYS)
    owners = [one for one in handlers if one.scope.sees(case.region)]
    ownership.eigenaar.choices = [(NOBODYS, "niemand"), *((one.id, one.name) for one in owners)]
    correction = form(
        CorrectionForm,
        version=case.version,
        soort=case.category,
        regio=case.region or NO_REGION,
        ernst=case.severity,
    )
    correction.soort.choices = [(entry.id, entry.name) for entry in lists().categories.values()]
    correction.ernst.choices = [(entry.id, entry.name) for entry in lists().severities.values()]
    topic = form(TopicForm, version=case.version, onderwerp=case.topic or "")
    topics = dict(subjects(desk.knowledge))
    gone = {case.topic: case.topic} if case.topic and case.topic not in topics else {}
    topic.onderwerp.choices = [("", "geen onderwerp"), *gone.items(), *topics.items()]
    unknown = case.region_other or "niet bekend"
    correction.regio.choices = [(NO_REGION, unknown), *desk.regions.items()]
    return {
        AnswerForm: answer,
        NoteForm: form(NoteForm),
        OwnerForm: ownership,
        CorrectionForm: correction,
        TopicForm: topic,
    }


def status_choices(statuses: Collection[Status]) -> list[tuple[str, str]]:
    """States to choose from; forwarding is to somebody, so it is a choice per organisation."""
    found = []
    for status in Status:
        if status is Status.FORWARDED and status in statuses:
            found += [
                (f"{status.value}:{id_}", f"doorgezet naar {name}")
                for id_, name in ORGANISATIONS.items()
            ]
        elif status in statuses:
            found.append((status.value, DESK_LABELS[status]))
    return found
