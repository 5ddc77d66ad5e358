"""Example reports for a demo: made up, marked as such, over the twelve weeks before now."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from bottlenecks.desk.examples.asked import add_asked
from bottlenecks.desk.examples.content import add_content
from bottlenecks.desk.examples.groups import add_groups
from bottlenecks.roles import EVERYWHERE, Role
from bottlenecks.signals import Condition
from bottlenecks.store import Database, Work
from bottlenecks.store.database import Clock
from bottlenecks.store.report_rows import REPORTER
from bottlenecks.store.reports import Draft
from bottlenecks.store.signal_rules import RuleDraft
from bottlenecks.workflow import Status

FILE = Path(__file__).parent / "voorbeelden.yml"
RULES = Path(__file__).parent / "voorbeeldregels.yml"
LOGIN = "voorbeeld@regiowijzer.invalid"
# public, so the account is refused where other machines get in (`bot.serve`)
PASSWORD = "regiowijzer-voorbeeld"
NAME = "Voorbeeld Beheerder"
COLLEAGUE = ("collega@regiowijzer.invalid", "Voorbeeld Collega")


def add_examples(database: Database, password_hash: str, now: datetime) -> int:
    """Add the example login and the example reports; gives how many reports.

    Nothing happens when anybody can sign in or anything was reported already: gives 0.
    """
    with database.work() as work:
        if work.officers.all() or work.reports.count():
            return 0
        officers = [
            work.officers.add(
                LOGIN, NAME, Role.ADMIN, EVERYWHERE, password_hash=password_hash, is_example=True
            ),
            work.officers.add(*COLLEAGUE, Role.HANDLER, EVERYWHERE, is_example=True),
        ]
        _add_rules(work, officers)
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    reports = data["meldingen"]
    filed = sorted(((_filed_at(one, now), one) for one in reports), key=lambda pair: pair[0])
    references = []
    for at, one in filed:
        with database.work(clock=_stopped_at(at)) as work:
            references.append((at, _file(work, one), one))
    for number, (at, reference, one) in enumerate(references):
        officer = officers[number % len(officers)]
        for event in one.get("verloop") or ():
            moment = min(at + timedelta(hours=event["na_uren"]), now)
            with database.work(clock=_stopped_at(moment)) as work:
                _happen(work, reference, event, officer)
    members: dict[str, list[str]] = {}
    for _, reference, one in references:
        members.setdefault(one.get("groep", ""), []).append(reference)
    add_groups(database, data["groepen"], members, officers, now)
    add_asked(database, now)
    add_content(database, officers, now)
    return len(references)


def _add_rules(work: Work, officers: list[str]) -> None:
    """Rules that warn both; what they say now is looked at when the site is served."""
    for one in yaml.safe_load(RULES.read_text(encoding="utf-8"))["regels"]:
        condition = Condition.model_validate(one["conditie"])
        draft = RuleDraft(one["naam"], condition, tuple(officers))
        work.signals.add_rule(draft, created_by=officers[0], is_example=True)


def _stopped_at(moment: datetime) -> Clock:
    return lambda: moment


def _filed_at(one: Mapping[str, Any], now: datetime) -> datetime:
    day = now.astimezone(UTC) - timedelta(days=one["dagen_geleden"])
    return min(day.replace(hour=one["uur"], minute=(one["dagen_geleden"] * 7) % 60), now)


def _file(work: Work, one: Mapping[str, Any]) -> str:
    return work.reports.file(
        Draft(
            category=one["soort"],
            region=one["regio"],
            region_other=one.get("regio_anders"),
            description=one["omschrijving"],
            tried=one["geprobeerd"],
            severity=one["ernst"],
            answer_wanted=one["antwoord_gewenst"],
            topic=one.get("onderwerp"),
        ),
        person_id=None,
        account_id=None,
        practice_id=work.accounts.practice_id(one["praktijk"]) if one["praktijk"] else None,
        is_example=True,
    )


def _happen(work: Work, reference: str, event: Mapping[str, Any], officer: str) -> None:
    text = event.get("tekst", "")
    match event["soort"]:
        case "eigenaar":
            work.cases.assign(reference, EVERYWHERE, officer, actor=officer)
        case "antwoord":
            work.cases.reply(reference, EVERYWHERE, actor=officer, text=text)
        case "notitie":
            work.cases.note(reference, EVERYWHERE, actor=officer, text=text)
        case "aanvulling":
            work.cases.add_for_reporter(reference, text)
        case "status":
            to = Status(event["naar"])
            actor = REPORTER if to in (Status.WITHDRAWN, Status.REOPENED) else officer
            organisation = event.get("organisatie")
            work.cases.move(
                reference, EVERYWHERE, to, actor=actor, text=text or None, organisation=organisation
            )
