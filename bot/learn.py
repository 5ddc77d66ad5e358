"""The `regiowijzer learn` commands: questions out to be labelled, and in as training sentences."""

import sys
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="Learn from questions that were declined, clarified or answered wrongly.",
    no_args_is_help=True,
)


@app.command("export")
def export_questions(
    out: Annotated[
        Path | None, typer.Option(help="File to write; standard output when left out.")
    ] = None,
) -> None:
    """Give the questions of the last 90 days as YAML to label: wrong ones first, then unsure."""
    from bot.application import configure_logging, open_store
    from bot.settings import load_settings
    from nlu.learning import LearningError, to_yaml

    settings = load_settings()
    configure_logging(settings)
    with open_store(settings) as database, database.work() as work:
        rows = work.questions.export()
    document = to_yaml(rows)
    if out is None:
        print(document, end="", flush=True)
    else:
        try:
            # never over a file that someone may have put labels in
            with out.open("x", encoding="utf-8") as file:
                file.write(document)
        except FileExistsError as error:
            raise LearningError(f"{out} is there already: give another name to --out") from error
        except OSError as error:
            raise LearningError(f"{out} cannot be written: {error.strerror}") from error
    with_choice = sum(row.chosen is not None for row in rows)
    print(f"{len(rows)} questions, {with_choice} with a choice", file=sys.stderr)


@app.command("import")
def import_questions(
    file: Annotated[Path, typer.Argument(help="A file of `learn export` with labels filled in.")],
) -> None:
    """Add the labelled questions to the training files; exit status 1 when any is refused."""
    from bot.settings import ROOT
    from bottlenecks.privacy import screen
    from knowledge import load
    from nlu import data
    from nlu.learning import add_to_training, read_labelled

    labelled = read_labelled(file, sorted(load().topics))
    result = add_to_training(
        labelled, data.HERE, ROOT / "tests" / "nlu", lambda text: bool(screen(text).removed)
    )
    for entry, reason in result.refused:
        print(f"refused: entry {entry.number} ({entry.topic}): {reason}")
    print(f"added {len(result.added)}, refused {len(result.refused)}")
    if result.added:
        print("Run make test now; the model trains itself at the next start.")
    if result.refused:
        raise typer.Exit(1)
