"""What `make capacity` found, as Markdown."""

from collections.abc import Mapping, Sequence
from typing import Any

from tools.capacity.assumptions import Assumptions, stated
from tools.capacity.intervals import Interval
from tools.capacity.search import FIRST, Found, Row
from tools.capacity.service import Service, is_of
from tools.capacity.simulation_check import Theory

COMMAND = "make capacity ARGS=--keep"


def as_markdown(
    found: Sequence[Found],
    service: Service,
    peak: Assumptions,
    here: str,
    theory: Sequence[Theory],
    check: Mapping[str, Any] | None,
) -> str:
    """The page; `here` names this machine, and `check` is a kept real load."""
    parts = [
        "# Capacity\n\nHow many workers keep the 95th percentile (p95) of answer times under "
        f"{peak.wanted_s:g} second in a morning peak with a phase change. A simulation (SimPy) "
        f"with measured service times; written by `{COMMAND}`, not by hand.",
        *[f"> **Warning.** {one}" for one in warnings(service, here)],
        "## Result\n\n" + _result(found, service, peak),
        "![p95 by number of workers](capacity.svg)",
        "## What breaks first\n\n" + _breaks(found[-1], service, peak),
        "![Messages per second over the peak](capacity-peak.svg)",
        "## Service times\n\n" + _service(service),
        "## Assumptions\n\n" + _assumptions(peak),
        "## By number of workers\n\n" + _legend(found),
        *[_tables(one) for one in found],
        "## Is the simulation right?\n\n" + _checked(theory, check),
    ]
    return "\n\n".join(parts) + "\n"


def warnings(service: Service, here: str) -> list[str]:
    """What makes the figures doubtful."""
    told = []
    if not is_of(service, here):
        told.append(
            f"The service times of {service.source} are of another machine ({service.machine}) "
            f"than this one ({here})."
        )
    if service.mean_s * 1000 > 2 * service.cpu_ms:
        told.append(
            f"A message kept a worker busy for {service.mean_s * 1000:.0f} ms, of which only "
            f"{service.cpu_ms:.0f} ms was its own CPU time: the machine had other work when this "
            "was measured, and a quiet one needs fewer workers."
        )
    return told


def _result(found: Sequence[Found], service: Service, peak: Assumptions) -> str:
    lines = [
        "| practices | messages in the hour | most per second, in one minute | workers needed | "
        "p95 then | busy then, in the busiest five minutes | CPU cores for them in that minute | "
        "Telegram bots needed |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for one in found:
        row = one.enough or one.rows[-1]
        most = _most(row, "per_s")
        enough = one.enough.workers if one.enough else f"more than {row.workers}"
        bots = one.bots_enough.bots if one.bots_enough else f"more than {len(one.bots)}"
        lines.append(
            f"| {one.practices:,} | {row.mean('messages'):,.0f} | {most:.1f} | **{enough}** | "
            f"{_seconds(row.of('busiest'))} | {row.mean('used_busiest'):.0%} | "
            f"{most * service.cpu_ms / 1000:.1f} | {bots} |"
        )
    return "\n".join(lines) + (
        "\n\nEnough is judged in the five minutes in which p95 is highest, not over the whole "
        "hour, and by the upper end of its 95% confidence interval. The p95 here is that of the "
        "answers themselves; what Telegram's limit adds is in the last column: so many bots bring "
        f"p95 over Telegram under {peak.wanted_s:g} s as well."
    )


def _breaks(found: Found, service: Service, peak: Assumptions) -> str:
    row = found.enough or found.rows[-1]
    per_worker = 1 / service.mean_s
    at_telegram = found.practices * peak.telegram_per_s / max(_most(row, "telegram_per_s"), 1e-9)
    at_worker = found.practices * per_worker / _most(row, "per_s")
    if at_worker < at_telegram:
        first = (
            f"So CPU breaks first, as long as there is one worker: at {at_worker:,.0f} practices. "
            f"From {at_telegram / at_worker:.1f} workers' worth of load on, Telegram does."
        )
    else:
        first = f"So Telegram breaks first, at {at_telegram:,.0f} practices, whatever the workers."
    one_bot = found.bots[0] if found.bots else row
    return (
        f"One worker does {per_worker:.1f} messages per second at most: the busiest minute of "
        f"{at_worker:,.0f} practices. One bot sends {peak.telegram_per_s:g} messages per second, "
        f"and an answer is {service.mean_parts:.2f} of them on average: with "
        f"{peak.telegram_share:.0%} of the people on Telegram, the busiest minute of "
        f"{at_telegram:,.0f} practices. {first} Workers can be added; Telegram's limit cannot be "
        "raised.\n\n"
        f"With {found.practices:,} practices and {row.workers} workers on one bot, p95 over "
        f"Telegram is {_seconds(one_bot.of('telegram'))} s in the busiest five minutes, against "
        f"{_seconds(row.of('busiest'))} s in a browser. What helps is a bot per region, as each "
        "has its own limit, or the browser. A notice of the phase change to everybody on Telegram "
        f"takes at least {_broadcast(found, peak) / 60:.1f} minutes over one bot, in which it "
        "sends no answers; the simulation takes it that people hear of the change in another way "
        "or that notices give way to answers."
    )


def _broadcast(found: Found, peak: Assumptions) -> float:
    people = found.practices * peak.people_per_practice * peak.telegram_share
    return people / peak.telegram_per_s


def _service(service: Service) -> str:
    shares = (0.05, 0.5, 0.9, 0.95, 0.99, 1.0)
    head = " | ".join("longest" if share == 1 else f"p{share * 100:g}" for share in shares)
    times = " | ".join(f"{service.at(share):.1f}" for share in shares)
    spread = " ".join(f"{size} ({times})" for size, times in service.parts)
    return (
        f"Setup: {service.setup}, of `docs/{service.source}`. Machine: {service.machine}.\n\n"
        f"| milliseconds a worker is busy per message | mean | {head} | of which own CPU |\n"
        f"|---|{'---:|' * (len(shares) + 2)}\n"
        f"| | {service.mean_s * 1000:.1f} | {times} | {service.cpu_ms:.1f} |\n\n"
        "Between the quantiles of the file the time grows by the same factor per step. Telegram "
        f"messages per answer, over the conversations of docs/voorbeelden (times seen): {spread}."
    )


def _assumptions(peak: Assumptions) -> str:
    rows = [f"| {what} | {value} | {source} |" for what, value, source in stated(peak)]
    return "\n".join(["| what | value | source |", "|---|---|---|", *rows])


def _legend(found: Sequence[Found]) -> str:
    runs = ", ".join(f"{len(one.rows[-1].runs)} for {one.practices:,}" for one in found)
    return (
        "Seconds, with the half-width of the 95% confidence interval (Student's t over "
        f"independent mornings: {runs} practices, and {FIRST} where p95 is far from enough; "
        "seeds 0, 1, 2, ...; the same seed is the same "
        "conversations whatever the workers). p50 to p99: over the whole hour. Busiest: p95 of the "
        "five minutes in which it is highest. "
        "Busy: share of the workers' time, in the whole hour and in the busiest five minutes. "
        "Queue: messages that wait, on average and at most. People wait for an answer before they "
        "go on, so too few workers make the peak longer rather than the queue endless. For that "
        "reason the workers are counted without Telegram's limit, which would spare them."
    )


def _tables(found: Found) -> str:
    lines = [
        f"### {found.practices:,} practices\n",
        "| workers | p50 | p95 | p99 | busiest | busy | queue |",
        "|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for row in found.rows:
        mark = "**" if found.enough and row.workers == found.enough.workers else ""
        lines.append(
            f"| {mark}{row.workers}{mark} | {_seconds(row.of('p50'))} | {_seconds(row.of('p95'))} "
            f"| {_seconds(row.of('p99'))} | {_seconds(row.of('busiest'))} "
            f"| {row.mean('used'):.0%}, {row.mean('used_busiest'):.0%} "
            f"| {row.mean('mean_queue'):.1f}, {row.mean('longest_queue'):.0f} |"
        )
    told = "; ".join(f"{row.bots}: {_seconds(row.of('telegram'))}" for row in found.bots)
    if told:
        lines.append(
            "\nOver Telegram with its limit, busiest five minutes, with the workers in bold, by "
            f"number of bots: {told}."
        )
    return "\n".join(lines)


def _checked(theory: Sequence[Theory], check: Mapping[str, Any] | None) -> str:
    lines = [
        "Against theory, where it has an answer (mean seconds of waiting; Erlang C, and "
        "Pollaczek-Khinchine for fixed times; also in tests/test_capacity.py):\n",
        "| queue | theory | simulation | within the interval |",
        "|---|---:|---:|---|",
    ]
    for one in theory:
        within = "yes" if one.simulated.holds(one.expected) else "no"
        lines.append(
            f"| {one.name} | {one.expected:.4f} | {one.simulated.mean:.4f} "
            f"± {one.simulated.half:.4f} | {within} |"
        )
    return "\n".join(lines) + "\n\n" + _real(check)


def _real(check: Mapping[str, Any] | None) -> str:
    if check is None:
        return "Against the real thing: not measured yet (`make capacity ARGS='--check --keep'`)."
    rows = zip(("p50", "p95", "p99"), check["real_ms"], check["low_ms"], check["high_ms"],
               strict=True)  # fmt: skip
    table = "\n".join(
        f"| {name} | {real:.0f} | {low:.0f} to {high:.0f} | {_within(real, low, high)} |"
        for name, real, low, high in rows
    )
    return (
        f"Against the real thing, once: {check['messages']} messages of {check['people']} people "
        f"on {check['workers']} worker process{'es' if check['workers'] != 1 else ''} and "
        f"PostgreSQL, {check['per_s']:.1f} per second, workers busy {check['used']:.0%}, service "
        f"time {check['mean_service_ms']:.0f} ms on average in that run. The simulation had the "
        "same people, and the service times of that run.\n\n"
        "| answer time, ms | real | 95% of simulated runs | within |\n|---|---:|---:|---|\n" + table
    )


def _within(real: float, low: float, high: float) -> str:
    return "yes" if low <= real <= high else "no"


def _most(row: Row, name: str) -> float:
    """The busiest minute, of the mean over the runs per minute."""
    runs: list[tuple[float, ...]] = [getattr(run, name) for run in row.runs]
    means: list[float] = [sum(values) / len(values) for values in zip(*runs, strict=True)]
    return max(means)


def _seconds(found: Interval) -> str:
    digits = 2 if found.mean >= 0.1 else 3
    return f"{found.mean:.{digits}f} ± {found.half:.{digits}f}"
