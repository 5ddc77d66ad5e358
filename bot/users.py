"""The `regiowijzer users` commands: who may sign in at the desk."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from bottlenecks.passwords import MAX_LENGTH, MIN_LENGTH, Weakness, hash_password, weakness
from bottlenecks.roles import Role, Scope

if TYPE_CHECKING:  # loading these takes time, and every command loads this module
    from bottlenecks.store import Database, Work
    from bottlenecks.store.officers import OfficerView

app = typer.Typer(help="Manage who may sign in at the desk (/beheer).", no_args_is_help=True)

WHY_WEAK = {
    Weakness.SHORT: f"the password must have at least {MIN_LENGTH} characters",
    Weakness.LONG: f"the password must have at most {MAX_LENGTH} characters",
    Weakness.PERSONAL: "the password must not hold the name, the e-mail address or 'regiowijzer'",
    Weakness.PLAIN: "the password must have more different characters",
}
Email = Annotated[str, typer.Argument(help="The e-mail address of the account.")]
FromStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password as one line from stdin.")
]


class UsersError(Exception):
    """An account cannot be made or changed; the message is one line that says why."""


@app.command()
def add(
    email: Email,
    name: Annotated[str, typer.Option(help="Name, as colleagues see it.")],
    role: Annotated[Role, typer.Option(help="What this person may do.")] = Role.HANDLER,
    region: Annotated[
        list[str] | None,
        typer.Option(help="A region whose reports they see; repeat it. All when left out."),
    ] = None,
    password_stdin: FromStdin = False,
) -> None:
    """Make an account, and ask for its password."""
    from bottlenecks.desk.people.audit_words import SERVER
    from bottlenecks.store.officers import LoginTakenError
    from knowledge import load

    known = load().regions
    unknown = sorted(set(region or ()) - set(known))
    if unknown:
        raise UsersError(f"unknown region {', '.join(unknown)}: choose from {', '.join(known)}")
    if email.count("@") != 1 or not all(email.split("@")) or " " in email:
        raise UsersError(f"{email} is not an e-mail address")
    if not name.strip():
        raise UsersError("--name is empty")
    scope = Scope(regions=frozenset(region)) if region else Scope(all_regions=True)
    with _database() as database:
        with database.reading() as work:
            if any(view.officer.login == email.strip().lower() for view in work.officers.all()):
                raise UsersError(f"there is already an account {email}")
        stored = hash_password(_ask_password(email, name, password_stdin))
        try:
            with database.work() as work:
                added = work.officers.add(email, name, role, scope, password_hash=stored)
                work.audit.add(
                    SERVER, "mens-toegevoegd", added, rol=role.value, regios=region or "alle"
                )
        except LoginTakenError as error:
            raise UsersError(f"there is already an account {email}") from error
    print(f"{email} can sign in at /beheer as {role.value}")


@app.command("list")
def list_accounts() -> None:
    """Show all accounts: e-mail address, role, regions, state, last login and name."""
    with _database() as database, database.reading() as work:
        views = work.officers.all()
    if not views:
        print("no accounts yet: make the first with regiowijzer users add EMAIL --role beheerder")
    for view in views:
        officer = view.officer
        regions = "all" if officer.scope.all_regions else ",".join(sorted(officer.scope.regions))
        state = "active" if view.is_active else "inactive"
        last = f"{view.last_login_at:%Y-%m-%d %H:%M} UTC" if view.last_login_at else "never"
        print("\t".join((officer.login, officer.role.value, regions, state, last, officer.name)))


@app.command()
def password(email: Email, password_stdin: FromStdin = False) -> None:
    """Set a new password; the account is signed out everywhere."""
    from bottlenecks.desk.people.audit_words import SERVER

    with _database() as database:
        with database.reading() as work:
            view = _account(work, email)
        stored = hash_password(_ask_password(email, view.officer.name, password_stdin))
        with database.work() as work:
            work.officers.set_password(view.officer.id, stored)
            work.audit.add(SERVER, "wachtwoord-uitgegeven", view.officer.id)
    print(f"{email} has a new password" + ("" if view.is_active else "; the account is inactive"))


@app.command()
def deactivate(email: Email) -> None:
    """Sign an account out everywhere, and let it in no more; what it did is kept."""
    from bottlenecks.desk.people.audit_words import SERVER
    from bottlenecks.store.officers import LastAdminError

    try:
        with _database() as database, database.work() as work:
            view = _account(work, email)
            officer = view.officer
            work.officers.change(
                officer.id,
                name=officer.name,
                role=officer.role,
                scope=officer.scope,
                is_active=False,
            )
            work.audit.add(
                SERVER,
                "mens-gewijzigd",
                officer.id,
                inloggen={"van": "mag" if view.is_active else "mag niet", "naar": "mag niet"},
            )
    except LastAdminError as error:
        which = "beheerder of all regions" if error.is_any_left else "beheerder"
        raise UsersError(
            f"{email} is the last active {which}: "
            "make another one first, or nobody can manage the accounts"
        ) from error
    print(f"{email} can no longer sign in")


@contextmanager
def _database() -> "Iterator[Database]":
    from bot.opening import configure_logging, open_store
    from bot.settings import load_settings

    settings = load_settings()
    configure_logging(settings)
    with open_store(settings) as database:
        yield database


def _account(work: "Work", email: str) -> "OfficerView":
    for view in work.officers.all():
        if view.officer.login == email.strip().lower():
            return view
    raise UsersError(f"there is no account {email}: see regiowijzer users list")


def _ask_password(email: str, name: str, from_stdin: bool) -> str:
    """A password that is good enough; asked twice at a terminal, where it is not shown."""
    if from_stdin or not sys.stdin.isatty():
        given = sys.stdin.readline().rstrip("\r\n")
        if not given:
            raise UsersError("no password on standard input: give it as one line")
    else:
        given = typer.prompt("Password", hide_input=True, confirmation_prompt="Once more")
    weak = weakness(given, email, name)
    if weak is not None:
        raise UsersError(WHY_WEAK[weak])
    return given
