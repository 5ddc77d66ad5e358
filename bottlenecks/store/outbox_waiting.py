"""Which replies of the outbox may be sent now: one statement, put together once for each use."""

from functools import cache

from sqlalchemy import ColumnElement, Integer, Select, bindparam, func, literal_column, or_, select
from sqlalchemy.orm import aliased

from bottlenecks.models import Account, OutboxItem
from bottlenecks.store.pace import Lane


@cache
def waiting(lane: Lane, *, is_paced: bool, is_of_one: bool) -> Select[tuple[OutboxItem, Account]]:
    """What may be sent now, passing over what another process is looking at; made once.

    Its parameters: `channel`, `now`, `most`; `inbox` of which update, when it is of one;
    `told_since` and `told_until` when it is paced; `no_lease`, after which no lease can end.
    """
    earlier, recent = aliased(OutboxItem), aliased(OutboxItem)
    now = bindparam("now", type_=OutboxItem.not_before.type)
    # looked up for one reply after another: with NOT EXISTS all that wait would be joined
    first = select(func.min(earlier.id)).where(
        earlier.account_id == OutboxItem.account_id,
        earlier.status == literal_column("'pending'"),
    )
    if lane == "replies":
        first = first.where(earlier.broadcast_id.is_(None))
    query = (
        select(OutboxItem, Account)
        .join(Account, Account.id == OutboxItem.account_id)
        .where(
            *_waits(lane),
            OutboxItem.channel == bindparam("channel"),
            # of later than now: the clock was put back, and it must not wait for that
            or_(OutboxItem.not_before <= now, OutboxItem.created_at > now),
            # its lease has ended; see `is_over` of pace.py
            or_(
                OutboxItem.claimed_until.is_(None),
                OutboxItem.claimed_until <= now,
                OutboxItem.claimed_until > bindparam("no_lease", type_=OutboxItem.not_before.type),
            ),
            OutboxItem.id == first.scalar_subquery(),
        )
        .order_by(OutboxItem.id)
        .limit(bindparam("most", type_=Integer()))
        .with_for_update(of=OutboxItem, skip_locked=True)
    )
    if is_of_one:
        query = query.where(OutboxItem.inbox_id == bindparam("inbox"))
    if not is_paced:
        return query
    moment = OutboxItem.not_before.type
    since, until = bindparam("told_since", type_=moment), bindparam("told_until", type_=moment)
    told = select(recent.id).where(
        recent.account_id == OutboxItem.account_id, recent.sent_at.between(since, until)
    )
    return query.where(or_(OutboxItem.inbox_id.is_not(None), ~told.exists()))


def _waits(lane: Lane) -> tuple[ColumnElement[bool], ...]:
    """As the indexes say it: what is to be delivered in a lane."""
    of_broadcast = OutboxItem.broadcast_id
    return (
        OutboxItem.status == literal_column("'pending'"),
        of_broadcast.is_(None) if lane == "replies" else of_broadcast.is_not(None),
    )
