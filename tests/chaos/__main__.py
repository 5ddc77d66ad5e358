"""`make chaos`: 200 conversations while the service is killed; the report goes to docs/chaos.md."""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from random import Random, SystemRandom

from rich.console import Console

from bot.settings import ROOT
from tests.chaos.outcome import Outcome
from tests.chaos.report import Result, as_markdown, keep
from tests.chaos.rounds import Deck, Kill, Plan, Round
from tests.chaos.services import Nursery
from tests.crash.points import points

PAGE = ROOT / "docs" / "chaos.md"
TELEGRAM, WEB = 5, 3
# one round in so many takes Telegram's messages by webhook
WEBHOOK_EVERY = 4


def main() -> int:
    """Run it; gives 1 when anything was lost, double or stopped."""
    options = _options()
    console = Console(stderr=True)
    chance = Random(options.seed)
    decks = {webhook: Deck(chance, points(webhook=webhook)) for webhook in (False, True)}
    kills: list[Kill] = []
    outcomes: list[Outcome] = []
    problems: list[str] = []
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder, Nursery() as nursery:
        for number, first in enumerate(range(1, options.conversations + 1, TELEGRAM + WEB), 1):
            web = min(WEB, options.conversations - first)
            telegram = min(TELEGRAM, options.conversations + 1 - first - web)
            webhook = number % WEBHOOK_EVERY == 0
            one = Round(
                Path(folder, str(number)),
                nursery,
                decks[webhook],
                Random(chance.random()),
                Plan(first, telegram, web, webhook),
            )
            found = one.run()
            kills += one.kills
            outcomes += found
            problems += [f"round {number}: {problem}" for problem in one.problems]
            good = sum(outcome.is_good for outcome in outcomes)
            console.print(
                f"round {number}: {len(one.kills)} kills; so far {len(outcomes)} conversations, "
                f"{good} of them whole, {len(kills)} kills"
            )
    result = Result(
        kills,
        outcomes,
        problems,
        time.monotonic() - began,
        options.seed,
        f"python -m tests.chaos --conversations {options.conversations} --seed {options.seed}",
    )
    table = as_markdown(result)
    print(table)
    if options.keep:
        keep(PAGE, table)
    return 0 if result.is_good else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--conversations", type=int, default=200)
    parser.add_argument(
        "--seed",
        type=int,
        default=SystemRandom().randrange(10**6),
        help="draws the same points and the same conversations again; what happens first, the "
        "machine decides",
    )
    parser.add_argument("--keep", action="store_true", help=f"write the table into {PAGE}")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
