"""The tables of a run, and `docs/performance.md` around them."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from bot.settings import ROOT
from tools.bench import picture
from tools.bench.results import Bench, Level, Setup
from tools.bench.shares import CONVERSATIONS
from tools.bench.targets import SQLITE, targets

PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- begin of the last run -->", "<!-- end of the last run -->"
FIGURES = "performance.json"
PICTURES = {"performance-throughput.svg": picture.throughput, "performance-p95.svg": picture.p95}
NOT_RUN = "not run"
Row = Sequence[str]


def write(bench: Bench, folder: Path) -> list[Path]:
    """Write the page, the pictures and the figures into `folder`; gives the files."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    page = folder / PAGE.name
    page.write_text(f"{before}{BEGIN}\n{as_text(bench)}\n{END}{after}", encoding="utf-8")
    files = [page]
    for name, draw in PICTURES.items():
        files.append(folder / name)
        files[-1].write_bytes(draw(bench))
    files.append(folder / FIGURES)
    bench.save(files[-1])
    return files


def as_text(bench: Bench) -> str:
    """Everything that was measured, in Markdown."""
    quick = "\n\n**A quick run: short loads, rough figures.**" if bench.quick else ""
    parts = [f"Measured on {bench.measured_at} on {bench.machine}.{quick}", *_absent(bench.setups)]
    loads = _loads(bench.setups)
    if loads:
        heads = ["setup", *(_load_name(*load) for load in loads)]
        parts += [
            "### Messages per second",
            table(heads, _rows(bench.setups, loads, lambda level: f"{level.per_second:.1f}")),
            f"![Messages per second]({next(iter(PICTURES))})",
            "### How long an answer takes: p50 / p95 / p99, ms",
            table(heads, _rows(bench.setups, loads, _waits)),
            f"![How long an answer takes, 95%]({list(PICTURES)[1]})",
            "### CPU per message in our own processes, ms (and in the database's)",
            table(heads, _rows(bench.setups, loads, _cpu)),
            "### What it takes",
            table(HEADS, [_costs(setup) for setup in bench.setups]),
        ]
        parts += ["### Not as expected", *_odd(bench.setups, heads, loads)]
        parts += ["### Sustained", *_sustained(bench.setups)]
        found = [(one.what, one.measured, one.verdict) for one in targets(bench.setups)]
        parts += ["### Targets", table(("wanted", "measured", "holds"), found)]
    if bench.shares is not None:
        parts += ["### Where the time goes with (3)", *_shares(bench)]
    if bench.command is not None:
        lines = "\n".join(f"- {line}" for line in bench.command.lines()[1:])
        parts += ["### `regiowijzer bench`", lines]
    return "\n\n".join(parts) + "\n"


def table(heads: Row, rows: Iterable[Row]) -> str:
    """A table in Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


HEADS = (
    "setup",
    "ready, s",
    "memory (RSS / PSS), MB",
    "training, s",
    "libraries, MB",
    "model, MB",
    "handling one message, median / 95%, ms",
)


def _costs(setup: Setup) -> Row:
    if setup.not_run is not None:
        return _named(setup), *([NOT_RUN] * (len(HEADS) - 1))
    median, p95 = setup.service_ms[10:20:9] if setup.service_ms else (None, None)
    return (
        _named(setup),
        _number(setup.ready_s, 1),
        f"{_number(setup.rss_mb)} / {_number(setup.pss_mb)}",
        _number(setup.training_s),
        _number(setup.installed_mb),
        _number(setup.model_mb, 1),
        f"{_number(median, 1)} / {_number(p95, 1)}",
    )


def _rows(
    setups: Sequence[Setup], loads: Sequence[tuple[int, float]], cell: Callable[[Level], str]
) -> list[Row]:
    return [[_named(setup), *(_cell(setup, load, cell) for load in loads)] for setup in setups]


def _cell(setup: Setup, load: tuple[int, float], cell: Callable[[Level], str]) -> str:
    level = setup.level(*load)
    return NOT_RUN if level is None else cell(level)


def _waits(level: Level) -> str:
    return " / ".join(_number(value) for value in (level.p50_ms, level.p95_ms, level.p99_ms))


def _cpu(level: Level) -> str:
    return f"{level.cpu_ms:.1f} ({level.database_cpu_ms:.1f})"


def _odd(setups: Sequence[Setup], heads: Row, loads: Sequence[tuple[int, float]]) -> list[str]:
    def cell(level: Level) -> str:
        return f"{level.unanswered} / {level.unexpected} of {level.messages}"

    told = "Messages without an answer / answered with something else than the script expects:"
    return [told, table(heads, _rows(setups, loads, cell))]


def _sustained(setups: Sequence[Setup]) -> list[str]:
    rows = []
    for setup in setups:
        for level in setup.levels:
            if level.think_s:
                age = "has none" if level.queue_age_s is None else f"{level.queue_age_s:.2f} s"
                offered = f"{level.conversations / level.think_s:.0f}"
                load = _load_name(level.conversations, level.think_s)
                rows.append((_named(setup), load, offered, f"{level.per_second:.1f}", age))
    if not rows:
        return ["not run"]
    heads = ("setup", "conversations", "offered, per s", "answered, per s", "oldest in the inbox")
    return [table(heads, rows)]


def _shares(bench: Bench) -> list[str]:
    cpu = next((one.cpu_ms_per_message for one in bench.setups if one.number == SQLITE), None)
    rows = [
        (part, f"{share:.0f}%", _number(None if cpu is None else share * cpu / 100, 1))
        for part, share in (bench.shares or {}).items()
    ]
    told = (
        f"Which part has Python's interpreter, with {CONVERSATIONS} conversations and no time to "
        "think, and as much of the CPU per message:"
    )
    return [told, table(("part", "share", "ms"), rows)]


def _absent(setups: Sequence[Setup]) -> list[str]:
    lines = [f"- {_named(one)}: {NOT_RUN}: {one.not_run}" for one in setups if one.not_run]
    return ["\n".join(lines)] if lines else []


def _loads(setups: Sequence[Setup]) -> list[tuple[int, float]]:
    found = {(one.conversations, one.think_s) for setup in setups for one in setup.levels}
    return sorted(found, key=lambda load: (load[1], load[0]))


def _load_name(conversations: int, think_s: float) -> str:
    return f"{conversations:,}, {think_s:.0f} s to think" if think_s else f"{conversations:,}"


def _named(setup: Setup) -> str:
    return f"({setup.number}) {setup.name}"


def _number(value: float | None, digits: int = 0) -> str:
    return "not measured" if value is None else f"{value:,.{digits}f}"
