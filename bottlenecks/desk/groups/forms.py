"""The forms about groups of reports."""

from collections.abc import Collection, Iterable
from typing import Any

from fastapi import Request
from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import (
    AnyOf,
    DataRequired,
    InputRequired,
    Length,
    Optional,
    Regexp,
)

from bottlenecks.desk.reports.forms import LENGTH, NOBODYS, status_choices, stripped
from bottlenecks.desk.session import DeskForm, form_for
from bottlenecks.roles import Officer
from bottlenecks.store.group_views import GroupView
from bottlenecks.store.report_rows import REFERENCE
from bottlenecks.workflow import DESK_LABELS, MOVES, ORGANISATIONS, Status

MAX_TITLE = 120
TITLE = "Titel"
# where one goes after a report was let in or taken out: back to it, or to a page of the group
BACK_TO = ("melding", "naast", "groep", "meer")


def upper(value: str | None) -> str:
    """A reference as it is stored."""
    return (value or "").strip().upper()


class GroupAnswerForm(DeskForm):
    """An answer to all reporters of a group, another state, or both."""

    version = IntegerField(validators=[InputRequired()])
    antwoord = TextAreaField("Antwoord aan alle melders", filters=[stripped], validators=[LENGTH])
    status = SelectField("Status", validators=[Optional()])

    def validate(self, extra_validators: Any = None) -> bool:
        """Something is asked for; and who is turned away hears why."""
        if not super().validate(extra_validators):
            return False
        wrong = ""
        if not self.status.data and not self.antwoord.data:
            wrong = "Typ een antwoord of kies een status."
        elif self.status.data == Status.REJECTED and not self.antwoord.data:
            wrong = "Leg de melders uit waarom je de meldingen afwijst."
        if wrong:
            self.antwoord.errors = [wrong]
        return not wrong


class TitleForm(DeskForm):
    """How a group is called."""

    version = IntegerField(validators=[InputRequired()])
    titel = StringField(
        TITLE,
        filters=[stripped],
        validators=[
            DataRequired("Geef de groep een titel."),
            Length(max=MAX_TITLE, message=f"Neem hoogstens {MAX_TITLE} tekens."),
        ],
    )


class GroupOwnerForm(DeskForm):
    """Who handles a group."""

    version = IntegerField(validators=[InputRequired()])
    eigenaar = SelectField("Eigenaar")


class GroupNoteForm(DeskForm):
    """A note about a group."""

    notitie = TextAreaField(
        "Interne notitie",
        filters=[stripped],
        validators=[DataRequired("Typ eerst een notitie."), LENGTH],
    )


class MemberForm(DeskForm):
    """A report that belongs to a group, or does not."""

    melding = StringField(
        "Meldingsnummer",
        filters=[upper],
        validators=[
            DataRequired("Vul een meldingsnummer in."),
            Regexp(REFERENCE.pattern + "$", message="Een meldingsnummer is zoals KP-2026-0001."),
        ],
    )
    naar = HiddenField(validators=[Optional(), AnyOf(BACK_TO)])


class NewGroupForm(DeskForm):
    """A group that begins; the reports are ticked beside it (`melding`)."""

    titel = StringField(
        TITLE,
        filters=[stripped],
        validators=[
            DataRequired("Geef de groep een titel."),
            Length(max=MAX_TITLE, message=f"Neem hoogstens {MAX_TITLE} tekens."),
        ],
    )


def references_in(values: Iterable[Any]) -> list[str]:
    """The references among what a form or address holds, each once."""
    found = [upper(str(value)) for value in values]
    return list(dict.fromkeys(one for one in found if REFERENCE.fullmatch(one)))


def group_forms(
    request: Request,
    view: GroupView,
    handlers: Collection[Officer],
    data: Any = None,
    sent: type[DeskForm] | None = None,
) -> dict[type[DeskForm], Any]:
    """The forms of a group's page; the one that was `sent` is filled with it."""

    def form(kind: type[DeskForm], **now: Any) -> Any:
        return form_for(request, kind, data if kind is sent else None, **now)

    row = view.row
    answer = form(GroupAnswerForm, version=row.version)
    answer.status.choices = _states(view)
    ownership = form(GroupOwnerForm, version=row.version, eigenaar=row.owner_id or NOBODYS)
    able = [one for one in handlers if all(one.scope.sees(part.region) for part in view.members)]
    ownership.eigenaar.choices = [(NOBODYS, "niemand"), *((one.id, one.name) for one in able)]
    return {
        GroupAnswerForm: answer,
        TitleForm: form(TitleForm, version=row.version, titel=row.title),
        GroupOwnerForm: ownership,
        GroupNoteForm: form(GroupNoteForm),
        MemberForm: form(MemberForm, naar="groep"),
    }


def _states(view: GroupView) -> list[tuple[str, str]]:
    """The states that the group may go to; its own again, when some reports lag behind."""
    row = view.row
    # only a reporter withdraws, and only their own
    found = [
        ("", f"blijft: {DESK_LABELS[row.status]}"),
        *status_choices(MOVES[row.status] - {Status.WITHDRAWN}),
    ]
    lagging = [one for one in view.members if row.status in MOVES[one.status]]
    if lagging:
        value, name = row.status.value, DESK_LABELS[row.status]
        if row.status is Status.FORWARDED:
            value = f"{value}:{row.forwarded_to}"
            name = f"{name} naar {ORGANISATIONS.get(row.forwarded_to or '', '')}"
        found.insert(1, (value, f"{name}, ook voor de meldingen die dat nog niet zijn"))
    return found
