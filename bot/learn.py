"""The `regiowijzer learn` commands: questions out to be labelled, and in as training sentences.

Also reports that officers corrected, as texts from which reading reports is learned.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bottlenecks.store.report_desk import CaseView

app = typer.Typer(
    help="Learn from questions that went wrong, and from reports that officers corrected.",
    no_args_is_help=True,
)
OUT_HELP = "File to write; standard output when left out."
CORRECTED = """\
# Meldingen waarvan iemand bij beheer soort, regio of ernst verbeterde. Zo staan ze er nu.
#
# Haal uit `tekst` alles weg wat over een persoon gaat, ook namen. Zet wat je wilt gebruiken daarna
# in nlu/meldingen.yml. De assistent leert ervan bij de volgende start.
meldingen:
"""


@app.command("export")
def export_questions(
    out: Annotated[Path | None, typer.Option(help=OUT_HELP)] = None,
) -> None:
    """Give the questions of the last 90 days as YAML to label: wrong ones first, then unsure.

    Labels that were given at the desk are filled in; what was set aside there is left out.
    """
    from bot.opening import configure_logging, open_store
    from bot.settings import load_settings
    from bottlenecks.store.questions import UNUSED
    from nlu.learning import to_yaml

    settings = load_settings()
    configure_logging(settings)
    with open_store(settings) as database, database.work() as work:
        rows = [row for row in work.questions.export() if row.label != UNUSED]
    _write(to_yaml(rows), out)
    with_choice = sum(row.chosen is not None for row in rows)
    with_label = sum(row.label is not None for row in rows)
    print(
        f"{len(rows)} questions, {with_choice} with a choice, {with_label} with a label",
        file=sys.stderr,
    )


@app.command("reports")
def export_reports(
    out: Annotated[Path | None, typer.Option(help=OUT_HELP)] = None,
) -> None:
    """Give the reports of which an officer corrected category, region or severity, as YAML."""
    from bot.opening import configure_logging, open_store
    from bot.settings import load_settings

    settings = load_settings()
    configure_logging(settings)
    with open_store(settings) as database, database.reading() as work:
        corrected = work.cases.corrected()
    _write(corrected_as_yaml(corrected), out)
    print(f"{len(corrected)} corrected reports", file=sys.stderr)


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


def corrected_as_yaml(cases: "Iterable[CaseView]") -> str:
    """Corrected reports as a document in the form of nlu/meldingen.yml."""
    from nlu.learning import one_line

    entries = [
        f"  - tekst: {json.dumps(one_line(case.description), ensure_ascii=False)}\n"
        f"    soort: {case.category}\n"
        f"    regio: {case.region or 'null'}\n"
        f"    ernst: {case.severity}\n"
        for case in cases
    ]
    return CORRECTED + ("".join(entries) or "  []\n")


def _write(document: str, out: Path | None) -> None:
    from nlu.learning import LearningError

    if out is None:
        print(document, end="", flush=True)
        return
    try:
        # never over a file that someone may have put labels in
        with out.open("x", encoding="utf-8") as file:
            file.write(document)
    except FileExistsError as error:
        raise LearningError(f"{out} is there already: give another name to --out") from error
    except OSError as error:
        raise LearningError(f"{out} cannot be written: {error.strerror}") from error
