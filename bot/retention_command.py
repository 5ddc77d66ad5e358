"""The `regiowijzer retention` command: erase what is kept no longer, or tell what that is."""

from typing import Annotated

import typer


def retention(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would be erased; change nothing.")
    ] = False,
) -> None:
    """Erase what is kept no longer, as `serve` does every hour; one line per kind."""
    from bot.opening import configure_logging, open_store
    from bot.settings import load_settings
    from bottlenecks import tidying
    from bottlenecks.retention import periods

    settings = load_settings()
    configure_logging(settings)
    kinds = periods(settings.keep_closed_reports_days)
    with open_store(settings) as database:
        numbers = (tidying.too_old if dry_run else tidying.erase)(database, kinds)
        with database.reading() as work:
            now = work.now()
    for one in kinds:
        print(
            f"{one.kind}: {numbers[one.kind]} {'to erase' if dry_run else 'erased'}, "
            f"{one.since} before {one.before(now):%Y-%m-%d %H:%M} UTC ({one.kept.days} days)"
        )
