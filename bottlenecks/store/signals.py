"""The signals that came of rules: what is true now, whom it concerns, who saw it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, literal_column, select

from bottlenecks.models_insight import Signal, SignalReading, SignalRule
from bottlenecks.models_reports import Report
from bottlenecks.roles import Officer, Scope
from bottlenecks.signals import Condition, Seen, Standing, Verdict, judge
from bottlenecks.store.report_search import BATCH, listed, visible
from bottlenecks.store.signal_rules import RuleView, SignalRules, rule_view
from bottlenecks.workflow import Status

# what nobody looked at for so long is not shown as new any more
UNREAD_FOR = timedelta(days=28)
# a message names at most so many reports
NAMED = 5


@dataclass(frozen=True)
class SignalView:
    """A rule that came true in a region; `ended_at` None: it still is.

    `region` is None where regions were counted together, and for reports of no known region.
    `reports` is how many there were when it was last told. `condition` is the rule's as it was.
    `for_me` and `is_new`: whoever asked is a recipient, and has not seen it since it was last told.
    """

    id: int
    rule_id: str
    rule_name: str
    condition: Condition
    region: str | None
    reports: int
    began_at: datetime
    told_at: datetime
    ended_at: datetime | None
    is_example: bool
    for_me: bool = False
    is_new: bool = False

    @property
    def is_open(self) -> bool:
        """Whether its rule is still true."""
        return self.ended_at is None

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories that its rule counts; empty: all."""
        return self.condition.categories

    @property
    def severities(self) -> tuple[str, ...]:
        """The severities that its rule counts; empty: all."""
        return self.condition.severities


@dataclass(frozen=True)
class Telling:
    """A signal that people must hear of now; `again`: they know it, and it grew.

    `references` are the newest reports since it was last told, at most `NAMED`.
    """

    signal: SignalView
    rule: RuleView
    again: bool
    references: tuple[str, ...]


class Signals(SignalRules):
    """Reads and writes rules and signals within one transaction."""

    def open(self, scope: Scope) -> list[SignalView]:
        """The signals whose rule is true now, the one told last first."""
        found = (_view(signal, rule) for signal, rule in self._found(Signal.ended_at.is_(None)))
        return [one for one in found if one.condition.shown_to(scope, one.region)]

    def latest(self, officer: Officer, *, limit: int = 50) -> list[SignalView]:
        """Signals that an officer may see: open ones first, then the one told last."""
        return self._for(officer)[:limit]

    def unread(self, officer: Officer) -> int:
        """How many signals this officer should hear of and has not seen."""
        return sum(one.is_new for one in self._for(officer, self._recent()))

    def mark_read(self, officer: Officer, signal_id: int | None = None) -> int:
        """Keep that an officer saw a signal (None: all that are new to them); gives how many."""
        found = [
            one
            for one in self._for(officer, self._recent())
            if one.is_new and signal_id in (None, one.id)
        ]
        for one in found:
            self._session.merge(
                SignalReading(signal_id=one.id, user_id=officer.id, at=self._clock())
            )
        self._session.flush()
        return len(found)

    def numbers_now(self, signals: Iterable[SignalView]) -> dict[int, int]:
        """How many reports count now, by id, for those of which the rule is still true."""
        found: dict[int, int] = {}
        counted: dict[str, dict[str | None, tuple[int, int]]] = {}
        for one in signals:
            if one.is_open:
                name = one.condition.model_dump_json()
                if name not in counted:
                    counted[name] = self._counts(one.condition)
                found[one.id] = counted[name].get(one.region, (0, 0))[0]
        return found

    def pulse(self) -> tuple[int, datetime | None]:
        """Something that differs when a report came in or a rule changed; quick to read."""
        newest = self._session.scalar(select(func.max(Report.serial))) or 0
        return newest, self._session.scalar(select(func.max(SignalRule.updated_at)))

    def evaluate(self, rule_id: str) -> list[Telling]:
        """Look at a rule now: begin, tell again and end its signals; gives what is to be told.

        Two processes that do this at once do not tell it twice.
        """
        row = self._locked(rule_id)
        if row is None or not row.is_active:
            return []
        rule = rule_view(row)
        counts, latest = self._counts(rule.condition), self._latest_signals(rule)
        now, told = self._clock(), []
        for region in sorted({*counts, *latest}, key=lambda one: one or ""):
            signal = latest.get(region)
            reports, newest = counts.get(region, (0, 0))
            standing = None
            if signal is not None:
                is_open = signal.ended_at is None
                standing = Standing(signal.reports, signal.last_serial, signal.told_at, is_open)
            verdict = judge(rule.condition, standing, reports, newest, now)
            again = verdict is Verdict.AGAIN
            since = signal.last_serial if again and signal is not None else 0
            if verdict is Verdict.BEGIN:
                signal = self._new_signal(rule, region, now)
            if signal is None:
                continue
            if verdict.is_told:
                signal.reports, signal.last_serial, signal.told_at = reports, newest, now
            elif verdict is not Verdict.NOTHING:
                signal.ended_at = now if verdict is Verdict.END else None
            self._session.flush()
            if verdict.is_told:
                named = self._references(rule.condition, region, since)
                told.append(Telling(_view(signal, row), rule, again, named))
        return told

    def reports_since(self, condition: Condition, scope: Scope, since: datetime) -> list[Seen]:
        """What a rule would look at of the reports that `scope` sees, for a replay."""
        query = select(
            Report.serial, Report.created_at, Report.region, Report.category, Report.severity
        ).where(visible(scope), *_counting(condition, since))
        # a batch at a time: with all rows at hand, Python looks through everything for what is gone
        rows = self._session.execute(query.execution_options(yield_per=BATCH))
        return [Seen._make(row) for row in rows]

    def _new_signal(self, rule: RuleView, region: str | None, now: datetime) -> Signal:
        condition = rule.condition.model_dump(mode="json")
        signal = Signal(rule_id=rule.id, condition=condition, region=region, began_at=now)
        self._session.add(signal)
        return signal

    def _counts(self, condition: Condition) -> dict[str | None, tuple[int, int]]:
        """By what they are counted under: how many reports count now, and the newest serial."""
        where = _counting(condition, self._clock() - condition.window)
        number, newest = func.count(), func.max(Report.serial)
        if not condition.per_region:
            count, serial = self._session.execute(select(number, newest).where(*where)).one()
            return {None: (count, serial or 0)}
        # by an expression, or SQLite reads all reports in the order of an index of regions
        region = func.coalesce(Report.region, literal_column("''"))
        rows = self._session.execute(select(region, number, newest).where(*where).group_by(region))
        return {region or None: (count, serial) for region, count, serial in rows}

    def _references(self, condition: Condition, region: str | None, since: int) -> tuple[str, ...]:
        """The newest reports with a serial after `since`."""
        query = (
            select(Report.reference)
            .where(*_counting(condition, self._clock() - condition.window), Report.serial > since)
            .order_by(Report.serial.desc())
            .limit(NAMED)
        )
        if condition.per_region:
            query = query.where(Report.region == region)
        return tuple(self._session.scalars(query))

    def _latest_signals(self, rule: RuleView) -> dict[str | None, Signal]:
        """The last signal of a rule in each region, where it counted the same."""
        newest = select(func.max(Signal.id)).where(Signal.rule_id == rule.id)
        rows = self._session.scalars(
            select(Signal).where(Signal.id.in_(newest.group_by(Signal.region)))
        )
        return {
            row.region: row
            for row in rows
            if Condition.model_validate(row.condition) == rule.condition
        }

    def _recent(self) -> ColumnElement[bool]:
        return Signal.told_at > self._clock() - UNREAD_FOR

    def _found(self, *where: ColumnElement[bool]) -> list[tuple[Signal, SignalRule]]:
        """Signals with their rules: open ones first, then the one told last."""
        rows = self._session.execute(
            select(Signal, SignalRule)
            .join(SignalRule, SignalRule.id == Signal.rule_id)
            .where(*where)
            .order_by(Signal.ended_at.is_not(None), Signal.told_at.desc(), Signal.id.desc())
            .limit(1_000)
        )
        return [(signal, rule) for signal, rule in rows]

    def _for(self, officer: Officer, *where: ColumnElement[bool]) -> list[SignalView]:
        """What an officer may see, with what they have seen of it."""
        readings = self._session.execute(
            select(SignalReading.signal_id, SignalReading.at)
            .join(Signal, Signal.id == SignalReading.signal_id)
            .where(SignalReading.user_id == officer.id, *where)
        )
        read = {signal_id: at for signal_id, at in readings}
        oldest_new = self._clock() - UNREAD_FOR
        found = []
        for signal, rule in self._found(*where):
            mine = officer.id in rule.recipients
            is_new = mine and signal.told_at > read.get(signal.id, oldest_new)
            one = _view(signal, rule, for_me=mine, is_new=is_new)
            if one.condition.shown_to(officer.scope, one.region):
                found.append(one)
        return found


def _counting(condition: Condition, since: datetime) -> list[ColumnElement[bool]]:
    """What a rule counts of the reports after `since`; what was withdrawn does not count."""
    return [
        *listed((), condition.categories, condition.regions, condition.severities),
        Report.status != Status.WITHDRAWN.value,
        Report.created_at > since,
    ]


def _view(
    signal: Signal, rule: SignalRule, *, for_me: bool = False, is_new: bool = False
) -> SignalView:
    return SignalView(
        signal.id,
        signal.rule_id,
        rule.name,
        Condition.model_validate(signal.condition),
        signal.region,
        signal.reports,
        signal.began_at,
        signal.told_at,
        signal.ended_at,
        rule.is_example,
        for_me,
        is_new,
    )
