"""The form of a rule that warns officers."""

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, IntegerField, RadioField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange
from wtforms.widgets import NumberInput

from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.fields import ticks
from bottlenecks.desk.session import DeskForm
from bottlenecks.lists import lists
from bottlenecks.roles import Officer, Scope
from bottlenecks.signals import MAX_DAYS, MAX_MORE_THAN, Condition
from bottlenecks.store.officers import OfficerView
from bottlenecks.store.signal_rules import RuleDraft, RuleView

APART, TOGETHER = "apart", "samen"
# the fields that say what is counted; a try-out needs no others
COUNTING = ("soort", "ernst", "regio", "tellen", "meer_dan", "dagen")
NO_REGION = "Kies minstens één regio. Een regel voor alle regio's kan alleen wie alle regio's ziet."
NOBODY = "Kies minstens één persoon."


def _number(label: str, least: int, most: int) -> IntegerField:
    wrong = f"Vul een heel getal in van {least} tot en met {most}."
    return IntegerField(
        label,
        [InputRequired(wrong), NumberRange(least, most, message=wrong)],
        widget=NumberInput(step=1, min=least, max=most),
    )


class RuleForm(DeskForm):
    """A rule. Call `offering` before it is checked or shown."""

    naam = StringField(
        "Naam van de regel",
        [
            DataRequired("Geef de regel een naam."),
            Length(max=100, message="Neem hoogstens 100 tekens."),
        ],
    )
    soort = ticks("Soort melding")
    ernst = ticks("Ernst")
    regio = ticks("Regio's")
    tellen = RadioField(
        "Hoe tel je?",
        choices=[(APART, "Elke regio apart"), (TOGETHER, "De gekozen regio's bij elkaar")],
        validators=[InputRequired("Kies hoe je telt.")],
    )
    meer_dan = _number("Meer dan zoveel meldingen", 0, MAX_MORE_THAN)
    dagen = _number("In zoveel dagen", 1, MAX_DAYS)
    ontvangers = ticks("Wie krijgt het signaal?")
    mail = BooleanField("Ook per e-mail")
    telegram = BooleanField("Ook in Telegram")
    aan = BooleanField("Deze regel staat aan")
    versie = StringField()

    needs_region: bool = False

    def offering(
        self, desk: DeskContext, officer: Officer, people: Iterable[OfficerView]
    ) -> "RuleForm":
        """Let one choose from what exists, and of regions from what the officer sees."""
        self.soort.choices = [(one.id, one.name) for one in lists().categories.values()]
        self.ernst.choices = [(one.id, one.name) for one in lists().severities.values()]
        self.regio.choices = list(desk.regions_of(officer.scope).items())
        self.ontvangers.choices = [
            (view.officer.id, _described(view.officer, desk)) for view in people if view.is_active
        ]
        self.needs_region = not officer.scope.all_regions
        return self

    def validate(self, extra_validators: Any = None) -> bool:
        """Somebody must be told; who sees some regions makes rules for those."""
        good: bool = super().validate(extra_validators)
        if not self.ontvangers.data and not self.ontvangers.errors:
            self.ontvangers.errors = [NOBODY]
            good = False
        if self.needs_region and not self.regio.data and not self.regio.errors:
            self.regio.errors = [NO_REGION]
            good = False
        return good

    def only_counting(self) -> "RuleForm":
        """Show no faults but those in what is counted: for who only tries out."""
        for field in self:
            if field.short_name not in COUNTING:
                field.errors = []
        return self

    def condition(self) -> Condition | None:
        """What is counted; None as long as that is not filled in right. Call `validate` first."""
        if any(self[name].errors for name in COUNTING):
            return None
        return Condition(
            categories=tuple(self.soort.data or ()),
            severities=tuple(self.ernst.data or ()),
            regions=tuple(self.regio.data or ()),
            per_region=self.tellen.data == APART,
            more_than=int(self.meer_dan.data or 0),
            days=int(self.dagen.data or 0),
        )

    def draft(self, name: str) -> RuleDraft:
        """The rule, under this name. Only for a form that is filled in right."""
        condition = self.condition()
        assert condition is not None
        return RuleDraft(
            name,
            condition,
            tuple(self.ontvangers.data or ()),
            by_mail=bool(self.mail.data),
            by_telegram=bool(self.telegram.data),
            is_active=bool(self.aan.data),
        )


def values_of(rule: RuleDraft) -> dict[str, Any]:
    """What to fill in for a rule."""
    condition = rule.condition
    return {
        "naam": rule.name,
        "soort": list(condition.categories),
        "ernst": list(condition.severities),
        "regio": list(condition.regions),
        "tellen": APART if condition.per_region else TOGETHER,
        "meer_dan": condition.more_than,
        "dagen": condition.days,
        "ontvangers": list(rule.recipients),
        "mail": rule.by_mail,
        "telegram": rule.by_telegram,
        "aan": rule.is_active,
        "versie": rule.updated_at.isoformat() if isinstance(rule, RuleView) else "",
    }


def first_values(officer: Officer) -> dict[str, Any]:
    """What to fill in for a new rule."""
    regions = () if officer.scope.all_regions else tuple(officer.scope.regions)
    return {**values_of(RuleDraft("", Condition(regions=regions), (officer.id,))), "naam": ""}


def _described(officer: Officer, desk: DeskContext) -> str:
    return officer.name + _limits(officer.scope, desk)


def _limits(scope: Scope, desk: DeskContext) -> str:
    """Who sees some regions is told of no others: say so where people are chosen."""
    if scope.all_regions:
        return ""
    names = sorted(desk.regions.get(region, region) for region in scope.regions)
    return f" (alleen {', '.join(names)})" if names else " (geen regio)"
