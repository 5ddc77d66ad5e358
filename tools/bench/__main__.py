"""`python -m tools.bench`: Regiowijzer and Rasa's own server side by side, in one run.

Nothing is written without --keep; with it the page docs/performance.md, its pictures and
docs/performance.json.
"""

import argparse
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import psutil

from bot.bench import measure as measure_command
from bot.settings import ROOT, Settings
from nlu.training import is_current
from tools.bench.load import NoAnswerError
from tools.bench.measure import measure, plan
from tools.bench.page import as_text, write
from tools.bench.processes import NotReadyError
from tools.bench.rasa_setups import RasaDefault, RasaWithOurModel
from tools.bench.regiowijzer_setups import WORKERS, Regiowijzer
from tools.bench.results import Bench, Setup
from tools.bench.service import Candidate, NotRunError
from tools.bench.shares import measure_shares

CONVERSATIONS = (1, 10, 100, 1_000)
NUMBERS = (1, 2, 3, 4, 5)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it; gives the exit status."""
    chosen = _parser().parse_args(arguments)
    settings = Settings()
    if not is_current(settings.model_dir):
        print("There is no model, or an old one: run regiowijzer train first.", file=sys.stderr)
        return 1
    # first, because it counts the memory of all processes that were started
    say("regiowijzer bench" if not chosen.quick else "regiowijzer bench is left out of --quick")
    figures = None if chosen.quick else measure_command(settings)
    candidates: tuple[Candidate, ...] = (
        RasaDefault(os.environ.get("RASA310")),
        RasaWithOurModel(figures),
        Regiowijzer(3, "Regiowijzer, SQLite", figures, on_postgres=False, workers=0),
        Regiowijzer(4, "Regiowijzer, PostgreSQL", figures, on_postgres=True, workers=0),
        Regiowijzer(
            5,
            f"Regiowijzer, PostgreSQL, {WORKERS} workers",
            figures,
            on_postgres=True,
            workers=WORKERS,
        ),
    )
    work = plan(chosen.conversations, quick=chosen.quick)
    setups = [
        measure(candidate, work, say)
        if candidate.number in chosen.only
        else Setup(candidate.number, candidate.name, not_run="not asked for (--only)")
        for candidate in candidates
    ]
    shares = _shares(candidates[2], chosen) if candidates[2].number in chosen.only else None
    bench = Bench(machine(), date.today().isoformat(), chosen.quick, setups, figures, shares)
    print("\n" + as_text(bench))
    if chosen.keep:
        for file in write(bench, chosen.keep_in):
            say(f"written: {file}")
    return 0


def _shares(candidate: Candidate, chosen: argparse.Namespace) -> Mapping[str, float] | None:
    say(f"where the time goes with ({candidate.number})")
    try:
        return measure_shares(candidate, 6.0 if chosen.quick else 30.0).of_part
    except (NotRunError, NotReadyError, NoAnswerError) as error:
        say(f"    not run: {error}")
        return None


def machine() -> str:
    """The machine in one line."""
    model = platform.processor() or platform.machine()
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    gb = psutil.virtual_memory().total / 1e9
    return (
        f"{os.cpu_count()} cores ({model}, {platform.machine()}), {gb:.0f} GB, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    )


def say(text: str) -> None:
    """Tell how far it is."""
    print(text, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="short loads: rough figures")
    parser.add_argument(
        "--only", type=_numbers, default=NUMBERS, metavar="3,4", help="only these setups"
    )
    parser.add_argument(
        "--conversations",
        type=_numbers,
        default=CONVERSATIONS,
        metavar="1,10",
        help="how many at once; from 100 on also with time to think",
    )
    parser.add_argument("--keep", action="store_true", help="write page, pictures and figures")
    parser.add_argument(
        "--keep-in", type=Path, default=ROOT / "docs", metavar="FOLDER", help="where (docs)"
    )
    return parser


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


if __name__ == "__main__":
    sys.exit(main())
