"""The `regiowijzer dead-letters` command: what was set aside, for a server without a desk."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bottlenecks.store import Database

ALL = "all"
NOT_THERE = "there is no {} that can be {}: see regiowijzer dead-letters"


class DeadLettersError(Exception):
    """What was asked cannot be done; the message tells an operator why."""


def dead_letters(
    replay: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Try this one again (inbox-12), or `all` of them."),
    ] = None,
    discard: Annotated[
        str | None, typer.Option(metavar="ID", help="Erase the content of this one, for good.")
    ] = None,
) -> None:
    """List what failed too often; never what it says, or whom it concerns."""
    from bot.opening import configure_logging, open_store
    from bot.settings import load_settings

    if replay is not None and discard is not None:
        raise DeadLettersError("give --replay or --discard, not both")
    settings = load_settings()
    configure_logging(settings)
    with open_store(settings) as database:
        if replay is not None:
            said = _replay(database, replay)
        elif discard is not None:
            said = _discard(database, discard)
        else:
            said = _list(database)
    print(said)


def _replay(database: "Database", reference: str) -> str:
    from bottlenecks.desk.people.audit_words import SERVER

    one = None if reference == ALL else _one(reference)
    with database.work() as work:
        if one is None:
            number = work.dead_letters.replay_all(work.now())
            if number:
                work.audit.add(SERVER, "berichten-opnieuw", str(number))
            return f"{number} will be tried again"
        if not work.dead_letters.replay(*one, work.now()):
            raise DeadLettersError(NOT_THERE.format(reference, "tried again"))
        work.audit.add(SERVER, "bericht-opnieuw", reference)
    return f"{reference} will be tried again"


def _discard(database: "Database", reference: str) -> str:
    from bottlenecks.desk.people.audit_words import SERVER

    with database.work() as work:
        if not work.dead_letters.discard(*_one(reference)):
            raise DeadLettersError(NOT_THERE.format(reference, "discarded"))
        work.audit.add(SERVER, "bericht-weggegooid", reference)
    return f"the content of {reference} is erased"


def _list(database: "Database") -> str:
    from bottlenecks.store.dead_letters import kept_until

    with database.reading() as work:
        letters = work.dead_letters.latest()
    if not letters:
        return "nothing was set aside"
    return "\n".join(
        f"{one.reference}  {one.channel}  set aside {one.set_aside_at:%Y-%m-%d %H:%M} UTC  "
        f"{one.error or 'unknown'}  attempts: {one.attempts}  "
        + (
            f"content kept until {kept_until(one):%Y-%m-%d %H:%M} UTC"
            if one.has_content
            else "content erased"
        )
        for one in letters
    )


def _one(reference: str) -> tuple[str, int]:
    from bottlenecks.store.dead_letters import read_reference

    found = read_reference(reference)
    if found is None:
        raise DeadLettersError(f"{reference!r} is no ID such as inbox-12 or outbox-7")
    return found
