"""Groups of reports about the same bottleneck, as people made them."""

from collections.abc import Mapping, Sequence

from bottlenecks.roles import EVERYWHERE, Scope
from bottlenecks.store.group_reporters import ReporterGroups
from bottlenecks.store.group_views import (
    AlreadyGroupedError,
    GroupPage,
    GroupRow,
    GroupView,
    MoreSuggestion,
    Suggestions,
)
from bottlenecks.workflow import (
    MOVES,
    ORGANISATIONS,
    MoveNotAllowedError,
    Status,
    require_move,
)

__all__ = ["AlreadyGroupedError", "GroupView", "Groups", "Suggestions"]


class Groups(ReporterGroups):
    """Reads and changes groups within one transaction; only what `scope` sees.

    A group is seen when any of its reports is. A report that joins takes the group's owner (when
    it has one) and its status, where the workflow allows that.
    """

    def page(
        self,
        scope: Scope,
        *,
        open_only: bool = True,
        words: str = "",
        region: str | None = None,
        category: str | None = None,
        offset: int = 0,
        limit: int = 50,
    ) -> GroupPage:
        """`limit` groups from `offset` on, those with most reports first.

        `words` are looked for in titles and in the texts of the reports.
        """
        return self._reading.page(
            scope,
            open_only=open_only,
            words=words,
            region=region,
            category=category,
            offset=offset,
            limit=limit,
        )

    def get(self, number: int, scope: Scope) -> GroupView | None:
        """The group with this number; None: it is not there, or not to be seen."""
        return self._reading.get(number, scope)

    def of(self, reference: str, scope: Scope) -> GroupRow | None:
        """The group that a report is in, if any."""
        return self._reading.of(reference, scope)

    def create(
        self,
        title: str,
        references: Sequence[str],
        scope: Scope,
        *,
        actor: str,
        is_example: bool = False,
        told: Mapping[str, int] | None = None,
    ) -> int:
        """Bring reports together and give the group's number.

        The group has the status that its open reports share, else "in behandeling"; and their
        owner, when they have one and the same. `told` has the outbox ids of messages about a new
        status, by reference.

        Raises:
            LookupError: a report is not there or not to be seen, or there is none.
            AlreadyGroupedError: a report is in another group.
        """
        wanted = list(dict.fromkeys(references))
        if not wanted:
            raise LookupError("a group needs a report")
        reports = [self._changes.report(reference, scope) for reference in wanted]
        for report in reports:
            self._changes.require_free(report)
        group = self._changes.make(title, reports, actor, is_example=is_example)
        for report in reports:
            self._changes.let_in(group, report, actor, (told or {}).get(report.reference))
        return group.number

    def add(
        self,
        number: int,
        reference: str,
        scope: Scope,
        *,
        actor: str,
        told: Mapping[str, int] | None = None,
    ) -> None:
        """Add a report to a group; does nothing when it is in it.

        Raises:
            LookupError: group or report is not there, or not to be seen.
            AlreadyGroupedError: the report is in another group.
        """
        group, _ = self._changes.changeable(number, scope, whole=False)
        report = self._changes.report(reference, scope)
        if report.group_id == group.id:
            return
        self._changes.require_free(report)
        self._changes.let_in(group, report, actor, (told or {}).get(reference))

    def remove(self, number: int, reference: str, scope: Scope, *, actor: str) -> None:
        """Take a report out of a group; it is not suggested for it again. Its status stays.

        Raises:
            LookupError: group or report is not there or not to be seen, or it is not in it.
        """
        group, _ = self._changes.changeable(number, scope, whole=False)
        report = self._changes.report(reference, scope)
        if report.group_id != group.id:
            raise LookupError(reference)
        self._changes.let_go(group, report, actor)
        self._changes.refuse(group, report, actor)

    def refuse(self, number: int, reference: str, *, actor: str) -> None:
        """Keep that a report does not belong to a group; it is not suggested or offered again.

        Raises:
            LookupError: there is no such group or report.
        """
        group = self._changes.group(number)
        report = self._changes.report(reference, EVERYWHERE)
        self._changes.refuse(group, report, actor)

    def hold(self, number: int, scope: Scope, *, version: int) -> None:
        """Let nobody else change a group until this transaction ends.

        Raises:
            LookupError, ChangedMeanwhileError, PermissionError: see `rename`.
        """
        self._changes.changeable(number, scope, version)

    def rename(self, number: int, scope: Scope, title: str, *, actor: str, version: int) -> None:
        """Give a group another title.

        Raises:
            LookupError: it is not there, or not to be seen.
            ChangedMeanwhileError: it is not of this `version` any more.
            PermissionError: some of its reports may not be seen, so not changed either.
        """
        group, _ = self._changes.changeable(number, scope, version)
        if group.title != title:
            group.title = title
            self._changes.event(group, actor, "title", text=title)

    def assign(
        self,
        number: int,
        scope: Scope,
        owner_id: str | None,
        *,
        actor: str,
        version: int | None = None,
    ) -> None:
        """Give a group and all its reports to an officer, or to nobody.

        No `version`: nobody can have changed it meanwhile (see `hold`).

        Raises:
            LookupError, ChangedMeanwhileError, PermissionError: see `rename`.
        """
        group, members = self._changes.changeable(number, scope, version)
        for report in members:
            self._changes.cases.assign(report.reference, scope, owner_id, actor=actor)
        if group.owner_id != owner_id:
            group.owner_id = owner_id
            self._changes.event(group, actor, "owner", text=owner_id)

    def move(
        self,
        number: int,
        scope: Scope,
        to: Status,
        *,
        actor: str,
        version: int,
        organisation: str | None = None,
        told: Mapping[str, int] | None = None,
    ) -> tuple[str, ...]:
        """Bring a group, and those of its reports that may go there, to another state.

        Reports that have it already are left alone, and so are those that may not go there. A
        group that has this state already only takes its reports along. `told` has the outbox ids
        of messages about it, by reference. Gives the references of the reports that moved.

        Raises:
            LookupError, ChangedMeanwhileError, PermissionError: see `rename`.
            MoveNotAllowedError: the workflow does not allow it for the group.
            ValueError: forwarded to an organisation that is not known.
        """
        group, members = self._changes.changeable(number, scope, version)
        current = Status(group.status)
        if to is Status.WITHDRAWN:
            # only a reporter withdraws, and only their own
            raise MoveNotAllowedError(current, to)
        if to is not current:
            require_move(current, to)
        if to is Status.FORWARDED and organisation not in ORGANISATIONS:
            raise ValueError(f"a group cannot be forwarded to {organisation}")
        moved = [report.reference for report in members if to in MOVES[Status(report.status)]]
        for reference in moved:
            self._changes.cases.move(
                reference,
                scope,
                to,
                actor=actor,
                organisation=organisation,
                outbox_id=(told or {}).get(reference),
            )
        group.status = to.value
        group.forwarded_to = organisation if to is Status.FORWARDED else None
        if to is not current or moved:
            self._changes.event(group, actor, "status", status_from=current, status_to=to)
        return tuple(moved)

    def note(self, number: int, scope: Scope, *, actor: str, kind: str, text: str) -> None:
        """Keep what was said of a group: `kind` "reply" (sent to all its reporters) or "note".

        Raises:
            LookupError: it is not there, or not to be seen.
            PermissionError: it is a reply, and some of its reports may not be seen.
            ValueError: another kind.
        """
        if kind not in ("reply", "note"):
            raise ValueError(f"unknown kind {kind}")
        group, _ = self._changes.changeable(number, scope, whole=kind == "reply")
        self._changes.event(group, actor, kind, text=text)

    def suggest(self, reference: str, scope: Scope, *, limit: int = 5) -> Suggestions:
        """What a report may belong to: groups, and reports of no group, open and closed ones.

        Raises:
            LookupError: the report is not there, or not to be seen.
        """
        return self._suggesting.suggest(reference, scope, limit)

    def more(self, number: int, scope: Scope, *, limit: int = 10) -> tuple[MoreSuggestion, ...]:
        """Reports of no group that may belong to this one: like its latest reports.

        Raises:
            LookupError: the group is not there, or not to be seen.
        """
        row = self._reading.row(number, scope)
        if row is None:
            raise LookupError(str(number))
        return self._suggesting.more(row.id, scope, limit)
