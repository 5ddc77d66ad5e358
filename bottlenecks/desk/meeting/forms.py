"""The forms of a report for a meeting: begin one, and write it."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from starlette.datastructures import FormData
from wtforms import (
    DateField,
    IntegerField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from bottlenecks.dates import monday
from bottlenecks.desk.fields import ticks
from bottlenecks.desk.figures.query import TO_COME, WRONG_WAY
from bottlenecks.desk.reports.filters import YEARS
from bottlenecks.desk.reports.forms import LENGTH, MAX_TEXT, stripped
from bottlenecks.desk.session import DeskForm
from bottlenecks.privacy import KINDS, OTHER_THAN_CONTACTS, screen
from bottlenecks.quotes import quotable
from bottlenecks.roles import Scope
from bottlenecks.store.meeting_reports import MeetingDraft, Quote
from bottlenecks.store.report_rows import REFERENCE
from bottlenecks.store.report_search import ReportRow

MAX_LINE = 120
MAX_DAYS = 366
# how many whole weeks a report is usually about
PERIODS = {1: "laatste week", 4: "laatste 4 weken", 12: "laatste 12 weken"}
USUAL = 4
QUOTE = "citaat-"
NEEDED = "Vul dit in."
NO_DAY = "Vul een dag in, zoals 2026-03-31."
TOO_LONG = "Kies hoogstens een jaar."
LINE = Length(max=MAX_LINE, message=f"Neem hoogstens {MAX_LINE} tekens.")


def _line(label: str) -> StringField:
    return StringField(label, filters=[stripped], validators=[DataRequired(NEEDED), LINE])


class SelectionForm(DeskForm):
    """Which days and regions; call `offering` before it is checked or shown."""

    vanaf = DateField("Eerste dag", validators=[Optional()])
    tot = DateField("Laatste dag", validators=[Optional()])
    regio = ticks("Regio's")

    today: date = date.max

    def offering(self, regions: Mapping[str, str], today: date) -> None:
        """Let one choose from these regions, and days up to today."""
        self.regio.choices = list(regions.items())
        self.today = today

    def validate(self, extra_validators: Any = None) -> bool:
        """Both days must be there, and make a period."""
        good: bool = super().validate(extra_validators)
        return self._days_are_good() and good

    def _days_are_good(self) -> bool:
        for field in (self.vanaf, self.tot):
            if field.data is None or field.data.year not in YEARS:
                field.errors = [NO_DAY]
        if self.vanaf.errors or self.tot.errors:
            return False
        since, until = self.days()
        if since > until:
            self.vanaf.errors = [WRONG_WAY]
        elif until > self.today:
            self.tot.errors = [TO_COME]
        elif (until - since).days >= MAX_DAYS:
            self.vanaf.errors = [TOO_LONG]
        return not self.vanaf.errors and not self.tot.errors

    def days(self) -> tuple[date, date]:
        """The first and last day. Only when both are filled in right."""
        assert self.vanaf.data is not None and self.tot.data is not None
        return self.vanaf.data, self.tot.data

    def regions(self, scope: Scope) -> tuple[str, ...]:
        """What was ticked; nothing means all that one sees."""
        chosen = self.regio.data or ([] if scope.all_regions else scope.regions)
        return tuple(sorted(chosen))


class StartForm(SelectionForm):
    """What a new report is about."""

    voor = _line("Voor wie is het?")


class MeetingForm(SelectionForm):
    """All of a report; quotes are fields of their own, see `quote_field`."""

    versie = IntegerField(validators=[InputRequired()])
    titel = _line("Titel")
    voor = _line("Voor wie")
    afzender = _line("Van wie")
    groep = ticks("Groepen", coerce=int, validate_choice=False)
    inleiding = TextAreaField("Inleiding", filters=[stripped], validators=[LENGTH])
    vraag = TextAreaField("Wat vraag je?", filters=[stripped], validators=[LENGTH])


class RemoveForm(DeskForm):
    """A report is thrown away."""


class QuoteForm(DeskForm):
    """A report is quoted."""

    melding = StringField(validators=[DataRequired()])


def whole_weeks(number: int, today: date) -> tuple[date, date]:
    """The last weeks that are over, from Monday to Sunday."""
    this_week = monday(today)
    return this_week - timedelta(weeks=number), this_week - timedelta(days=1)


def quote_field(reference: str) -> str:
    """The name of the field with the quote from a report."""
    return QUOTE + reference


def typed_quotes(draft: MeetingDraft, data: FormData | None) -> list[Quote]:
    """The quotes of a draft as they were sent; those that were not, as they are kept.

    With what was typed for a quote that somebody took out meanwhile.
    """
    kept = {one.reference: one.text for one in draft.quotes}
    sent = {
        name.removeprefix(QUOTE): str(text).strip()
        for name, text in (data or {}).items()
        if name.startswith(QUOTE) and REFERENCE.fullmatch(name.removeprefix(QUOTE))
    }
    return [Quote(reference, text) for reference, text in (kept | sent).items()]


def quote_problem(quotes: list[Quote]) -> str:
    """What is wrong with what was typed as quotes; empty: nothing."""
    long = [one.reference for one in quotes if len(one.text) > MAX_TEXT]
    if not long:
        return ""
    return f"Kort het citaat uit {', '.join(long)} in: neem hoogstens {MAX_TEXT} tekens."


def values_of(draft: MeetingDraft) -> dict[str, Any]:
    """What to fill in for a draft."""
    return {
        "titel": draft.title,
        "voor": draft.audience,
        "afzender": draft.sender,
        "vanaf": draft.since,
        "tot": draft.until,
        "regio": list(draft.regions),
        "groep": list(draft.groups),
        "inleiding": draft.introduction,
        "vraag": draft.request,
    }


def draft_of(
    form: MeetingForm,
    quotes: list[Quote],
    reports: Mapping[str, ReportRow],
    practices: list[str],
    scope: Scope,
) -> tuple[MeetingDraft, list[str]]:
    """The draft that a form asks for, screened, and in Dutch what was taken out of it.

    Args:
        form: filled in right.
        quotes: as they were typed; what is empty is left out.
        reports: those that are quoted, as far as they can be.
        practices: names that no quote may hold.
        scope: what the officer sees.
    """
    removed: list[str] = []

    def clean(text: Any, *, names: bool = False) -> str:
        # officers sign with their name
        kinds = OTHER_THAN_CONTACTS - {"naam"} if names else OTHER_THAN_CONTACTS
        found = screen(str(text or ""), kinds=kinds, bold=False)
        removed.extend(KINDS[kind] for kind in found.removed)
        return found.text

    def clean_quote(one: Quote) -> Quote:
        report = reports.get(one.reference)
        found = quotable(one.text, practices, report.practice if report else None)
        removed.extend(found.removed)
        return Quote(one.reference, found.text)

    since, until = form.days()
    draft = MeetingDraft(
        # a marker in the place of what was removed can make it longer
        title=clean(form.titel.data)[:MAX_LINE],
        audience=clean(form.voor.data)[:MAX_LINE],
        sender=clean(form.afzender.data, names=True)[:MAX_LINE],
        since=since,
        until=until,
        regions=form.regions(scope),
        groups=tuple(sorted(form.groep.data or ())),
        quotes=tuple(clean_quote(one) for one in quotes if one.text),
        introduction=clean(form.inleiding.data),
        request=clean(form.vraag.data),
    )
    return draft, list(dict.fromkeys(removed))
