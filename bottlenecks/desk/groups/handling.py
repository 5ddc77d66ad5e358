"""Answering all reporters of a group at once: who hears what, which reports change, and why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.reports.handling import Step
from bottlenecks.notices import Notice, report_notice
from bottlenecks.roles import Officer
from bottlenecks.store import Work
from bottlenecks.store.group_changes import shared_status, takes
from bottlenecks.store.group_views import GroupRow, GroupView
from bottlenecks.store.report_desk import CaseView
from bottlenecks.workflow import DESK_LABELS, MOVES, Status


@dataclass(frozen=True)
class Message:
    """What one reporter is told, about all their reports in the group together."""

    account_id: str
    notice: Notice
    references: frozenset[str]


@dataclass(frozen=True)
class Plan:
    """What an answer or another state leads to; `why` is in Dutch, by reference.

    `silent` are reports whose reporter hears nothing, `unmoved` those that keep their state.
    `example` is what reporters would be told if these were no examples.
    """

    messages: tuple[Message, ...]
    moved: tuple[CaseView, ...]
    silent: dict[str, str]
    unmoved: dict[str, str]
    example: Notice | None = None

    @property
    def told(self) -> list[str]:
        """The reports whose reporter hears something."""
        return sorted(one for message in self.messages for one in message.references)


def cases_of(work: Work, officer: Officer, view: GroupView) -> list[CaseView]:
    """The group's reports that this officer sees, newest first."""
    found = [work.cases.get(member.reference, officer.scope) for member in view.members]
    return [case for case in found if case is not None]


def plan(work: Work, cases: Sequence[CaseView], step: Step) -> Plan:
    """What `step` leads to, when it is done with these reports of a group."""
    moved = [case for case in cases if step.to is not None and step.to in MOVES[case.status]]
    silent: dict[str, str] = {}
    told = []
    for case in cases:
        why = _why_silent(case, step, is_moved=case in moved)
        if why:
            silent[case.reference] = why
        else:
            told.append(case)
    unmoved = {
        case.reference: _why_unmoved(case, step.to)
        for case in cases
        if step.to is not None and case not in moved
    }
    messages = _messages(work, told, moved, step)
    only_examples = not messages and all(case.is_example for case in cases)
    example = _example(cases, moved, step) if only_examples else None
    return Plan(messages, tuple(moved), silent, unmoved, example)


def becomes_owner(officer: Officer, row: GroupRow, cases: Sequence[CaseView]) -> bool:
    """Whether who answers owns the group from then on: reports that colleagues own stay theirs."""
    return row.owner_id is None and {case.owner_id for case in cases} <= {None, officer.id}


def answer_all(
    work: Work, desk: DeskContext, officer: Officer, number: int, step: Step, version: int
) -> tuple[Plan, bool]:
    """Do it with all reports of a group; gives what came of it, and if the officer now owns it.

    All commits together: a reporter is told once, or not at all.

    Raises:
        LookupError, ChangedMeanwhileError, PermissionError, MoveNotAllowedError, ValueError: see
            `Groups`.
    """
    scope = officer.scope
    work.groups.hold(number, scope, version=version)
    view = work.groups.get(number, scope)
    assert view is not None, "a group that is held is there"
    cases = cases_of(work, officer, view)
    planned = plan(work, cases, step)
    outbox = _send(work, desk, planned.messages)
    if step.to is not None:
        work.groups.move(
            number,
            scope,
            step.to,
            actor=officer.id,
            version=version,
            organisation=step.organisation,
            # where there is an answer too, that is what tells whether the message arrived
            told=None if step.reply else outbox,
        )
    if step.reply:
        _keep_reply(work, officer, cases, step.reply, outbox)
        work.groups.note(number, scope, actor=officer.id, kind="reply", text=step.reply)
    taken = becomes_owner(officer, view.row, cases)
    if taken:
        work.groups.assign(number, scope, officer.id, actor=officer.id)
    return planned, taken


def _keep_reply(
    work: Work, officer: Officer, cases: Sequence[CaseView], text: str, outbox: Mapping[str, int]
) -> None:
    for case in cases:
        if case.status is not Status.WITHDRAWN:
            work.cases.reply(
                case.reference,
                officer.scope,
                actor=officer.id,
                text=text,
                outbox_id=outbox.get(case.reference),
            )


def let_in(
    work: Work, desk: DeskContext, officer: Officer, row: GroupRow, reference: str
) -> tuple[CaseView, bool]:
    """Add a report to a group; gives it as it is now, and if its reporter is told of its state.

    Raises:
        LookupError, AlreadyGroupedError: see `Groups.add`.
    """
    case = _case(work, officer, reference)
    told = tell_joining(work, desk, [case], row.status, row.forwarded_to)
    work.groups.add(row.number, reference, officer.scope, actor=officer.id, told=told)
    return _case(work, officer, reference), bool(told)


def begin(
    work: Work, desk: DeskContext, officer: Officer, title: str, references: Sequence[str]
) -> tuple[int, int]:
    """Begin a group with these reports; gives its number, and how many reporters are told.

    Raises:
        LookupError, AlreadyGroupedError: see `Groups.create`.
    """
    cases = [_case(work, officer, reference) for reference in references]
    status, organisation = shared_status(cases)
    told = tell_joining(work, desk, cases, status, organisation)
    number = work.groups.create(
        title,
        references,
        officer.scope,
        actor=officer.id,
        is_example=all(case.is_example for case in cases),
        told=told,
    )
    return number, len(set(told.values()))


def tell_joining(
    work: Work,
    desk: DeskContext,
    cases: Sequence[CaseView],
    status: Status,
    organisation: str | None,
) -> dict[str, int]:
    """Tell reporters of the state that their report gets in a group; outbox ids by reference."""
    changing = [case for case in cases if takes(case.status, status)]
    step = Step(to=status, organisation=organisation)
    told = [case for case in changing if not _why_silent(case, step, is_moved=True)]
    return _send(work, desk, _messages(work, told, changing, step))


def _messages(
    work: Work, told: Sequence[CaseView], moved: Sequence[CaseView], step: Step
) -> tuple[Message, ...]:
    """One message for each person, whatever the number of their reports."""
    people = work.accounts.people_of([case.account_id for case in told if case.account_id])
    by_person: dict[str, list[CaseView]] = {}
    for case in told:
        by_person.setdefault(people[case.account_id or ""], []).append(case)
    return tuple(_message(cases, moved, step) for cases in by_person.values())


def _message(cases: Sequence[CaseView], moved: Sequence[CaseView], step: Step) -> Message:
    # about the newest of their reports of which there is most to say
    first = max(cases, key=lambda case: (case in moved and case.answer_wanted, case.created_at))
    others = sorted(case.reference for case in cases if case is not first)
    also = f"Dit geldt ook voor je melding {_listed(others)}." if others else ""
    notice = _notice(first, moved, step, also)
    assert notice is not None and first.account_id is not None, "only who hears something is told"
    return Message(first.account_id, notice, frozenset(case.reference for case in cases))


def _notice(case: CaseView, moved: Sequence[CaseView], step: Step, also: str = "") -> Notice | None:
    return report_notice(
        case.reference,
        reply=step.reply,
        status=step.to if step.to is not None and case in moved else case.status,
        moved=case in moved and case.answer_wanted,
        organisation=step.organisation,
        also=also,
    )


def _example(cases: Sequence[CaseView], moved: Sequence[CaseView], step: Step) -> Notice | None:
    """What the first of these examples that there is something to say about would bring."""
    found = (_notice(case, moved, step) for case in cases if case.status is not Status.WITHDRAWN)
    return next((one for one in found if one is not None), None)


def _send(work: Work, desk: DeskContext, messages: Sequence[Message]) -> dict[str, int]:
    """Put messages in the outbox; gives their ids by the references that they are about."""
    found: dict[str, int] = {}
    for message in messages:
        outbox_id = work.outbox.add(message.account_id, desk.as_payload(message.notice))
        found |= dict.fromkeys(message.references, outbox_id)
    return found


def _why_silent(case: CaseView, step: Step, *, is_moved: bool) -> str:
    """Why the reporter of a report hears nothing; empty when they do."""
    if case.status is Status.WITHDRAWN:
        return "de melder trok deze melding in"
    if case.account_id is None:
        return "een voorbeeld" if case.is_example else "deze melder kan geen antwoord krijgen"
    if step.reply:
        return ""
    if not is_moved:
        return "er verandert niets"
    return "" if case.answer_wanted else "deze melder vroeg niet om een antwoord"


def _why_unmoved(case: CaseView, to: Status | None) -> str:
    if case.status is Status.WITHDRAWN:
        return "de melder trok deze melding in"
    if case.status is to:
        return f"heeft al de status {DESK_LABELS[case.status]}"
    return f"is {DESK_LABELS[case.status]} en kan niet naar {DESK_LABELS[to or case.status]}"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} en {names[-1]}"


def _case(work: Work, officer: Officer, reference: str) -> CaseView:
    case = work.cases.get(reference, officer.scope)
    if case is None:
        raise LookupError(reference)
    return case
