"""Looks at the rules that warn officers, and tells whom they concern."""

import asyncio
import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bot.bells import first_of
from bot.notices import as_reply
from bot.settings import Settings
from bottlenecks.notices import Notice
from bottlenecks.signals import (
    MAIL,
    TELEGRAM,
    days_in_words,
    place_in_words,
    reports_in_words,
    subject_in_words,
)
from bottlenecks.store import Database, Work
from bottlenecks.store.officers import OfficerView
from bottlenecks.store.signals import Telling
from knowledge import Knowledge

LOGGER = logging.getLogger(__name__)

# what only time changes is looked at so often; reports that came in, within a second
EVERY_S = 60.0
TOGETHER_S = 1.0
PAGE = "/beheer/signalen"


@dataclass(frozen=True)
class Teller:
    """How officers are told.

    Attributes:
        regions: names of regions by id.
        ways: the channels that work here, of `MAIL` and `TELEGRAM`.
        url: the address of the site as officers know it; None: it is not known.
    """

    regions: Mapping[str, str]
    ways: Collection[str]
    url: str | None = None

    def tell(self, work: Work, telling: Telling) -> int:
        """Put the messages about a signal in the outbox; gives how many.

        Nobody hears of a region that they may not see.
        """
        rule, signal = telling.rule, telling.signal
        payload = as_reply(Notice(self.text(telling))).model_dump_json()
        accounts = []
        for officer_id in dict.fromkeys(rule.recipients):
            view = work.officers.get(officer_id)
            if view is None or not view.is_active:
                continue
            if not signal.condition.shown_to(view.officer.scope, signal.region):
                continue
            if rule.by_mail and MAIL in self.ways:
                login = view.officer.login
                accounts.append(work.accounts.find_or_create(MAIL, login, login).id)
            if rule.by_telegram and TELEGRAM in self.ways:
                accounts += _telegram_of(work, view)
        receivers = dict.fromkeys(accounts)
        for account_id in receivers:
            work.outbox.add(account_id, payload)
        return len(receivers)

    def text(self, telling: Telling) -> str:
        """What they are told: how many and where, never what a report says."""
        signal, condition = telling.signal, telling.signal.condition
        place = place_in_words(condition, signal.region, self.regions)
        subject = subject_in_words(condition.model_copy(update={"regions": ()}), self.regions)
        about = f" {subject}" if subject else ""
        counted = f"{reports_in_words(signal.reports)}{about}"
        days = "dag" if condition.days == 1 else days_in_words(condition.days)
        more = "Het zijn er nu meer: " if telling.again else ""
        lines = [
            f"Signaal: {telling.rule.name} ({place})",
            f"{more}{counted} in de laatste {days}.",
        ]
        if telling.references:
            lines.append(f"Nieuwste: {', '.join(telling.references)}.")
        here = f"in beheer: {self.url}{PAGE}" if self.url else "in beheer, bij Signalen."
        lines.append(f"Bekijk het {here}")
        return "\n\n".join(lines)


class Watch:
    """Looks at all rules, when something happened and each minute."""

    def __init__(self, database: Database, teller: Teller) -> None:
        """Nothing is looked at yet."""
        self._database = database
        self._teller = teller
        self._pulse: object = None

    def look(self) -> int:
        """Look at every rule now, each in a transaction of its own; gives how many signals told.

        What came in meanwhile is looked at the next time.
        """
        with self._database.reading() as work:
            self._pulse = work.signals.pulse()
            rules = work.signals.active_rules()
        told = 0
        for rule_id in rules:
            try:
                with self._database.work() as work:
                    tellings = work.signals.evaluate(rule_id)
                    for telling in tellings:
                        self._teller.tell(work, telling)
                    told += len(tellings)
            except Exception as error:  # one rule may not hold up the others
                LOGGER.error("signal rule failed", exc_info=error, extra={"rule_id": rule_id})
        return told

    def look_if_changed(self) -> int:
        """The same, when reports came in or rules changed since the last look."""
        with self._database.reading() as work:
            pulse = work.signals.pulse()
        return self.look() if pulse != self._pulse else 0

    async def run(self, stop: asyncio.Event, wake: asyncio.Event) -> None:
        """Look until `stop` is set: each minute, and for changes each time `wake` is set."""
        loop = asyncio.get_running_loop()
        looked_at = -EVERY_S
        while not stop.is_set():
            wake.clear()
            try:
                if loop.time() - looked_at >= EVERY_S:
                    looked_at = loop.time()
                    await asyncio.to_thread(self.look)
                else:
                    await asyncio.to_thread(self.look_if_changed)
            except Exception as error:  # a database may work again later
                LOGGER.error("signals cannot be looked at", exc_info=error)
            await first_of(max(0.0, looked_at + EVERY_S - loop.time()), wake, stop)
            if wake.is_set():  # in a busy hour many messages come together: one look for all
                await first_of(TOGETHER_S, stop)


def teller_of(settings: Settings, knowledge: Knowledge) -> Teller:
    """How officers are told with these settings."""
    ways = {MAIL: settings.smtp_host, TELEGRAM: settings.telegram_token}
    return Teller(
        regions={region.id: region.name for region in knowledge.regions.values()},
        ways=frozenset(way for way, is_set in ways.items() if is_set is not None),
        url=settings.public_url,
    )


def _telegram_of(work: Work, view: OfficerView) -> list[str]:
    """The account at which an officer is told over Telegram, where they linked one."""
    if view.person_id is None:
        return []
    account_id = work.accounts.on_channel(view.person_id, TELEGRAM)
    return [account_id] if account_id else []
