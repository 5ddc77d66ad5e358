"""All addresses of the whole site, and what is in the database, for sweeps over every page."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy import select

from bottlenecks.models import Base
from bottlenecks.store import Database

# what changes by looking alone: who was last seen, and that something was read
NOTED = frozenset({"desk_session", "audit_entry", "api_token", "signal_reading"})


# what is of whoever is signed in, or not yet
ACCOUNT = ("/beheer/inloggen", "/beheer/uitloggen", "/beheer/account")


def routes(app: Any) -> list[tuple[str, str]]:
    """Method and path of every route, such as ("GET", "/beheer/meldingen/{reference}")."""
    return sorted(set(_routes(app.router, "")))


def _routes(router: Any, prefix: str) -> Iterator[tuple[str, str]]:
    for route in router.routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from _routes(inner, prefix + route.include_context.prefix)
        elif hasattr(getattr(route, "app", None), "routes") and not hasattr(route, "methods"):
            yield from _routes(route.app, prefix + route.path)
        elif hasattr(route, "methods"):
            for method in route.methods:
                yield method, prefix + route.path
        else:
            yield "GET", f"{prefix}{route.path}/{{file}}"


def addresses(app: Any, method: str, values: Mapping[str, str]) -> list[str]:
    """Every address of the desk that takes this method, but for one's own account."""
    return [
        filled(path, values)
        for one, path in routes(app)
        if one == method and path.startswith("/beheer") and not path.startswith(ACCOUNT)
    ]


def filled(path: str, values: Mapping[str, str]) -> str:
    """A path with its parts filled in; KeyError on a part without a value, so that none is missed.

    A value is looked up by the path up to its part ("/beheer/groepen/{number}"), else by name.
    """
    while "{" in path:
        before, rest = path.split("{", 1)
        name, after = rest.split("}", 1)
        name = name.split(":")[0]
        here = f"{before}{{{name}}}"
        path = before + values[here if here in values else name] + after
    return path


def contents(database: Database, without: Collection[str] = NOTED) -> dict[str, list[Any]]:
    """All rows of all tables but these."""
    with database.reading() as work:
        return {
            table.name: [tuple(row) for row in work._session.execute(select(table))]
            for table in Base.metadata.sorted_tables
            if table.name not in without
        }
