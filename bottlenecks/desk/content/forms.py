"""The form of a topic: from data to fields and back, with rows for sources, facts and relations."""

from collections.abc import Mapping
from typing import Any

from wtforms import (
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from bottlenecks.desk.reports.forms import stripped
from bottlenecks.desk.session import DeskForm
from bottlenecks.privacy import KINDS, screen
from knowledge.data import canonical

MAX_TEXT = 4_000
MAX_LINE = 300
MAX_REASON = 1_000
MOST_ROWS = 20
EVERYONE = ""
# how officers' texts are reached is checked against the sources; these are never in an answer
_PERSONAL = frozenset({"bsn", "geboortedatum"})
_TEXT = Length(max=MAX_TEXT, message=f"Neem hoogstens {MAX_TEXT} tekens.")
_LINE = Length(max=MAX_LINE, message=f"Neem hoogstens {MAX_LINE} tekens.")

LABELS = {
    "titel": "Titel",
    "antwoord": "Antwoord",
    "meer": "Meer uitleg",
    "geldt_voor": "Geldt voor",
    "gedateerd": "Datum in de eerste zin",
    "bron": "Bronnen",
    "toegespitst": "Eerste zin voor wie al belde",
    "feiten": "Feiten",
    "verwant": "Verwante onderwerpen",
}


class SourceRow(Form):
    """A source document, and where in it."""

    document = SelectField("Document", choices=[], validators=[Optional()])
    onderdeel = StringField("Onderdeel", filters=[stripped], validators=[_LINE])


class FactRow(Form):
    """A fact that the text must hold, and the words that prove that it does."""

    feit = TextAreaField("Feit", filters=[stripped], validators=[_LINE])
    ankers = TextAreaField("Woorden in de tekst", filters=[stripped], validators=[_TEXT])
    waar = SelectField(
        "Staat in",
        choices=[("antwoord", "antwoord"), ("meer", "meer uitleg")],
        default="antwoord",
    )


class TopicForm(DeskForm):
    """A topic to change. Call `offering` before it is checked or shown."""

    regio = SelectField("Voor wie geldt deze tekst?", choices=[])
    titel = StringField("Titel", filters=[stripped], validators=[_LINE])
    antwoord = TextAreaField("Antwoord", filters=[stripped], validators=[_TEXT])
    meer = TextAreaField("Meer uitleg", filters=[stripped], validators=[_TEXT])
    geldt_voor = SelectField("Geldt voor", choices=[])
    gedateerd = StringField("Datum in de eerste zin", filters=[stripped], validators=[_LINE])
    bron = FieldList(FormField(SourceRow), max_entries=MOST_ROWS)
    feiten = FieldList(FormField(FactRow), max_entries=MOST_ROWS)
    verwant = FieldList(SelectField("Onderwerp", choices=[], default=""), max_entries=MOST_ROWS)
    reden = TextAreaField(
        "Waarom deze wijziging?",
        filters=[stripped],
        validators=[Length(max=MAX_REASON, message=f"Neem hoogstens {MAX_REASON} tekens.")],
    )
    version = IntegerField(validators=[Optional()])

    def offering(
        self,
        *,
        regions: Mapping[str, str],
        areas: Mapping[str, str],
        sources: Mapping[str, str],
        topics: Mapping[str, str],
    ) -> None:
        """Let one choose from these: names by what is sent. Adds an empty row where there is room.

        What is chosen and no longer offered stays to be seen: the check tells what is wrong.
        """
        self.regio.choices = list(regions.items())
        self.geldt_voor.choices = _with(areas, self.geldt_voor.data)
        for rows in (self.bron, self.feiten, self.verwant):
            self._empty_row(rows)
        for row in self.bron:
            document: SelectField = row.form.document
            document.choices = [("", "kies…"), *_with(sources, document.data)]
        for one in self.verwant:
            one.choices = [("", "geen"), *_with(topics, one.data)]

    @staticmethod
    def _empty_row(rows: "FieldList[Any]") -> None:
        # without what was emptied, so that rows have the numbers that the check names
        kept = [row for row in rows.entries[:-1] if _is_filled(row.data)]
        rows.entries[:] = [*kept, *rows.entries[-1:]]
        last = rows.entries[-1].data if rows.entries else None
        if (_is_filled(last) or not rows.entries) and len(rows.entries) < MOST_ROWS:
            rows.append_entry()

    def topic_data(self, known: Mapping[str, Any]) -> dict[str, Any]:
        """What was filled in, as a topic; what the form does not show stays as in `known`."""
        return canonical(
            {
                **known,
                "titel": self.titel.data,
                "geldt_voor": self.geldt_voor.data,
                "bron": [
                    {"document": row["document"], "onderdeel": row["onderdeel"]}
                    for row in self.bron.data
                    if row["document"] or row["onderdeel"]
                ],
                "gedateerd": self.gedateerd.data,
                "antwoord": self.antwoord.data,
                "meer": self.meer.data,
                "feiten": [
                    {
                        "feit": row["feit"],
                        "ankers": [line for line in row["ankers"].splitlines() if line.strip()],
                        "waar": row["waar"],
                    }
                    for row in self.feiten.data
                    if row["feit"] or row["ankers"]
                ],
                "verwant": [chosen for chosen in self.verwant.data if chosen],
            }
        )

    def personal_data(self) -> str:
        """What in the texts looks like personal data, in Dutch; empty when nothing does."""
        texts = [str(self[name].data or "") for name in ("titel", "antwoord", "meer")]
        texts += [f"{row['feit']} {row['ankers']}" for row in self.feiten.data]
        # what is found cannot be saved: so only what is sure
        screened = (screen(text, kinds=_PERSONAL, bold=False) for text in texts)
        found = {kind for one in screened for kind in one.removed}
        return ", ".join(name for kind, name in KINDS.items() if kind in found)


class DecisionForm(DeskForm):
    """What is done with a proposal; `geldt` is what was live when the page was made."""

    version = IntegerField(validators=[InputRequired()])
    geldt = HiddenField()
    waarom = TextAreaField(
        "Waarom niet?",
        filters=[stripped],
        validators=[Length(max=MAX_REASON, message=f"Neem hoogstens {MAX_REASON} tekens.")],
    )


class BackForm(DeskForm):
    """A proposal to go back to what the files say."""

    regio = StringField(validators=[Optional()])
    waarom = TextAreaField(
        "Waarom terug?",
        filters=[stripped],
        validators=[
            InputRequired("Schrijf kort op waarom."),
            Length(max=MAX_REASON, message=f"Neem hoogstens {MAX_REASON} tekens."),
        ],
    )


class ReviewForm(DeskForm):
    """That a topic was read and is true."""

    regio = StringField(validators=[Optional()])


def values(data: Mapping[str, Any], region: str | None) -> dict[str, Any]:
    """What to fill in for a topic as data."""
    return {
        "regio": region or EVERYONE,
        "titel": data.get("titel", ""),
        "antwoord": data.get("antwoord", ""),
        "meer": data.get("meer", ""),
        "geldt_voor": data.get("geldt_voor", "landelijk"),
        "gedateerd": data.get("gedateerd", ""),
        "bron": list(data.get("bron") or ()),
        "feiten": [
            {
                "feit": fact.get("feit", ""),
                "ankers": "\n".join(fact.get("ankers") or ()),
                "waar": fact.get("waar", "antwoord"),
            }
            for fact in data.get("feiten") or ()
        ],
        "verwant": list(data.get("verwant") or ()),
    }


def _is_filled(row: Any) -> bool:
    """Whether something is in a row; where a fact stands is always chosen."""
    if isinstance(row, dict):
        return any(value for name, value in row.items() if name not in ("waar", "csrf_token"))
    return bool(row)


def _with(offered: Mapping[str, str], chosen: str | None) -> list[tuple[str, str]]:
    """The choices, with what was chosen before among them."""
    known = list(offered.items())
    if chosen and chosen not in offered:
        known.append((chosen, f"{chosen} (onbekend)"))
    return known
