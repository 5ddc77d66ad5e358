"""`make capacity`: see `tools.capacity`."""

import argparse
import os
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor

from rich.console import Console

from bot.settings import ROOT
from tools.capacity.assumptions import Assumptions
from tools.capacity.peak import Morning, Numbered, simulate
from tools.capacity.picture import minutes, waiting
from tools.capacity.report import as_markdown, warnings
from tools.capacity.search import RUNS, search
from tools.capacity.service import (
    MEASURED,
    NoServiceTimesError,
    is_of,
    keep,
    kept_check,
    load,
    machine,
)
from tools.capacity.simulation_check import compare

PAGE = ROOT / "docs" / "capacity.md"
PICTURE, PEAK_PICTURE = PAGE.with_suffix(".svg"), ROOT / "docs" / "capacity-peak.svg"


def main() -> int:
    """Measure where asked, simulate, print; gives 1 when there is nothing to simulate with."""
    options = _options()
    console = Console(stderr=True)
    if options.measure or not MEASURED.exists():
        # here, because a simulation needs no model
        from tools.capacity.measure import measure

        console.print("measuring the worker over the example conversations")
        keep(measure(), None, MEASURED)
    try:
        service = load()
    except NoServiceTimesError as error:
        console.print(str(error))
        return 1
    here, peak = machine(), Assumptions()
    for warning in warnings(service, here):
        console.print(f"warning: {warning}")
    if options.check:
        from tools.capacity.load import check

        if not is_of(service, here):
            console.print("the load is planned with service times of another machine")
        console.print(f"holding a real load on {options.workers} worker(s)")
        keep([], check(service, options.workers).as_data(), MEASURED)
    found = []

    def side_by_side(mornings: Sequence[Morning]) -> Iterator[Numbered]:
        for one in mornings[:1]:
            console.print(f"{one.practices} practices, {one.workers} workers, {one.bots} bots")
        return pool.map(simulate, mornings)

    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        for practices in options.practices:
            began = time.monotonic()
            found.append(search(practices, service, peak, side_by_side, options.runs, options.seed))
            took = time.monotonic() - began
            console.print(f"{practices} practices: simulated in {took:.0f} s")
    page = as_markdown(found, service, peak, here, compare(), kept_check())
    print(page)
    if options.keep:
        PAGE.write_text(page, encoding="utf-8")
        PICTURE.write_bytes(waiting(found, peak.wanted_s))
        drawn = minutes(found[-1], peak.telegram_per_s, 1 / service.mean_s)
        PEAK_PICTURE.write_bytes(drawn)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make capacity", description=__doc__)
    parser.add_argument("--keep", action="store_true", help="write docs/capacity.md and pictures")
    parser.add_argument("--measure", action="store_true", help="measure service times first")
    parser.add_argument("--check", action="store_true", help="hold a short real load as well")
    parser.add_argument("--workers", type=int, default=1, help="processes for --check")
    parser.add_argument("--practices", type=int, nargs="+", default=list(RUNS), choices=RUNS)
    parser.add_argument("--runs", type=int, help="mornings per number of workers")
    parser.add_argument("--seed", type=int, default=0, help="of the first morning")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
