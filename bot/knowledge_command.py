"""The `regiowijzer knowledge` commands: drafts of a region's own plan."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:  # loading these takes time, and every command loads this module
    from bottlenecks.own_plans import Read, TakenUp

app = typer.Typer(help="Take up a region's own plan.", no_args_is_help=True)
MAX_SHOWN_CHARS = 70


@app.callback()
def _commands() -> None:
    """Keep `draft` a command of its own, also while it is the only one."""


class DraftError(Exception):
    """A plan cannot be taken up; the message is one line that says why."""


@app.command()
def draft(
    plan: Annotated[Path, typer.Argument(help="The plan: Word (.docx), pdf, Markdown or text.")],
    region: Annotated[str, typer.Option(help="The region that the plan is of.")],
    title: Annotated[str, typer.Option(help="The title of the plan.")],
    publisher: Annotated[str, typer.Option(help="Who published it.")],
    date: Annotated[
        str | None, typer.Option(help="Its date as in a sentence, such as 'maart 2026'.")
    ] = None,
) -> None:
    """Make drafts of a plan; officers find them at the desk, under Inhoud."""
    from bot.opening import configure_logging, open_store
    from bot.settings import load_settings
    from bottlenecks import own_plans
    from bottlenecks.desk.people.audit_words import SERVER
    from knowledge import load
    from knowledge.plan import PlanError

    knowledge = load()
    if region not in knowledge.regions:
        known = ", ".join(knowledge.regions)
        raise DraftError(f"unknown region {region}: choose from {known}")
    about = own_plans.Description(
        region, title.strip(), publisher.strip(), (date or "").strip() or None
    )
    if not about.title or not about.publisher:
        raise DraftError("--title and --publisher may not be empty")
    try:
        found = own_plans.read(plan.name, plan.read_bytes(), knowledge)
    except OSError as error:
        raise DraftError(f"{plan} cannot be read: {error.strerror}") from error
    except PlanError as error:
        raise DraftError(f"{plan}: {error}") from error
    settings = load_settings()
    configure_logging(settings)
    try:
        with open_store(settings) as database, database.work() as work:
            taken = own_plans.take_up(work, knowledge, found, about, actor=None)
            work.audit.add(
                SERVER, "plan-ingelezen", taken.source_id, regio=region, concepten=len(taken.topics)
            )
    except own_plans.KnownPlanError as error:
        raise DraftError(f"{plan} was taken up before, as {error.source_id}") from error
    _show(taken, found)


def _show(taken: "TakenUp", found: "Read") -> None:
    pieces = len(found.plan.passages)
    print(f"{taken.source_id}: {pieces} pieces of text, {len(taken.topics)} drafts")
    for one in found.matches:
        places = ", ".join(dict.fromkeys(passage.place for passage in one.passages))
        print(f"draft\t{one.topic}\t{places}")
    for passage in taken.unmatched:
        print(f"no topic\t{passage.place}\t{_short(passage.text)}")
    for note in found.plan.notes:
        print(f"not read\t{note}")
    if found.removed:
        print(f"taken out\t{found.removed}")
    print("See /beheer/inhoud/plannen: nothing is told before it is rewritten and approved.")


def _short(text: str) -> str:
    return text if len(text) <= MAX_SHOWN_CHARS else text[: MAX_SHOWN_CHARS - 1] + "…"
