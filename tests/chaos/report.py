"""The report of a chaos run: points times outcomes, as a table."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.chaos.outcome import Outcome
from tests.chaos.rounds import AT_RANDOM, Kill
from tests.crash.points import AFTER, BEFORE, points

HEADS = (
    "killed",
    "times",
    "conversations",
    "confirmed",
    "missing",
    "double",
    "replies",
    "lost",
    "twice",
    "stopped",
)
BEGIN, END = "<!-- begin of the last run -->", "<!-- end of the last run -->"


@dataclass(frozen=True)
class Result:
    """All rounds of a run."""

    kills: Sequence[Kill]
    outcomes: Sequence[Outcome]
    problems: Sequence[str]
    seconds: float
    seed: int
    command: str

    @property
    def is_good(self) -> bool:
        """Whether nothing was lost, nothing is double and every conversation was killed."""
        return not self.problems and all(one.is_good for one in self.outcomes) and not self.unhit

    @property
    def unhit(self) -> int:
        """How many conversations were not interrupted at all."""
        hit = {conversation.number for kill in self.kills for conversation in kill.during}
        return sum(one.conversation.number not in hit for one in self.outcomes)


def rows(result: Result) -> list[tuple[str, ...]]:
    """A row for each point, and one for all: what came of the conversations that it interrupted.

    A conversation that was interrupted at several points counts for each of them. A message that
    came twice counts for the kill after it came first.
    """
    found = []
    named = dict.fromkeys([*points(webhook=False), *points(webhook=True), AT_RANDOM])
    for point in sorted(named, key=_order):
        kills = [kill for kill in result.kills if kill.point == point]
        numbers = {one.number for kill in kills for one in kill.during}
        touched = [one for one in result.outcomes if one.conversation.number in numbers]
        twice = sum(
            _cause(result.kills, moment) == point for one in result.outcomes for moment in one.again
        )
        found.append(_row(point, len(kills), touched, twice))
    twice = sum(len(one.again) for one in result.outcomes)
    found.append(_row("all", len(result.kills), result.outcomes, twice))
    return found


def _order(point: str) -> tuple[str, bool]:
    when, _, action = point.partition(" ")
    named = when in (BEFORE, AFTER)
    return (action if named else "~", when == AFTER)


def _row(point: str, times: int, touched: Sequence[Outcome], twice: int) -> tuple[str, ...]:
    figures = (
        times,
        len(touched),
        sum(one.conversation.has_confirmed for one in touched),
        sum(one.missing for one in touched),
        sum(one.double for one in touched),
        sum(one.replies for one in touched),
        sum(one.lost for one in touched),
        twice,
        sum(not one.conversation.has_gone_on for one in touched),
    )
    return (point, *map(str, figures))


def _cause(kills: Sequence[Kill], moment: float) -> str | None:
    """Where the process died that sent something at this moment."""
    after = [kill for kill in kills if kill.at > moment]
    return min(after, key=lambda kill: kill.at).point if after else None


def as_markdown(result: Result) -> str:
    """The table, how it was made, and what went wrong."""
    by_channel: dict[str, int] = {}
    for one in result.outcomes:
        channel = one.conversation.person.channel
        by_channel[channel] = by_channel.get(channel, 0) + 1
    channels = " and ".join(f"{count} over {name}" for name, count in sorted(by_channel.items()))
    lines = [
        f"`{result.command}`, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, "
        f"{result.seconds / 60:.0f} minutes on {machine()}.",
        "",
        f"{len(result.outcomes)} conversations ({channels}), the service killed "
        f"{len(result.kills)} times; conversations that were never interrupted: {result.unhit}.",
        "",
        "| " + " | ".join(HEADS) + " |",
        "|---|" + "---:|" * (len(HEADS) - 1),
    ]
    lines += ["| " + " | ".join(row) + " |" for row in rows(result)]
    lines.append("")
    bad = [one for one in result.outcomes if not one.is_good]
    if result.is_good:
        lines.append("No problems.")
    lines += [f"- {problem}" for problem in result.problems]
    lines += [
        f"- conversation {one.conversation.number}: {'; '.join(one.problems) or 'stopped'}"
        for one in bad
    ]
    return "\n".join(lines)


def machine() -> str:
    """What it ran on."""
    model = platform.processor() or platform.machine()
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    except OSError:
        pass
    return f"{os.cpu_count()} cores of {model}, {platform.system()}, Python " + (
        platform.python_version()
    )


def keep(file: Path, table: str) -> None:
    """Put the table into the page, in place of the last one."""
    page = file.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    file.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")
