"""The bench beside a process that serves: every message is answered, and the page has its rows."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest

from tools.bench.load import Load, drive
from tools.bench.measure import Plan, measure
from tools.bench.page import as_text, write
from tools.bench.people import WebPerson, people, session
from tools.bench.rasa_setups import RasaDefault
from tools.bench.regiowijzer_setups import Regiowijzer
from tools.bench.results import Bench, Setup
from tools.bench.shares import REST, shares_of
from tools.bench.targets import targets


@pytest.fixture(scope="module")
def measured() -> Setup:
    """Two conversations at once for some seconds, with a served process on SQLite."""
    candidate = Regiowijzer(3, "Regiowijzer, SQLite", None, on_postgres=False, workers=0)
    return measure(candidate, Plan([Load(2, 0.0, 4.0)], 2.0), lambda line: None)


@pytest.fixture(scope="module")
def bench(measured: Setup) -> Bench:
    """A run in which only one setup could be run."""
    absent = measure(RasaDefault(None), Plan([], 0.0), lambda line: None)
    return Bench("a machine", "2026-11-29", True, [absent, measured], None)


def test_every_message_is_answered_as_the_script_expects(measured: Setup) -> None:
    assert measured.not_run is None
    [level] = measured.levels
    assert level.messages > 0
    assert (level.unanswered, level.unexpected) == (0, 0)


def test_what_it_took_is_counted(measured: Setup) -> None:
    [level] = measured.levels
    assert level.cpu_ms > 0
    assert level.load_cpu_ms > 0
    assert level.database_cpu_ms == 0
    assert len(measured.service_ms) == 21
    assert list(measured.service_ms) == sorted(measured.service_ms)
    assert measured.ready_s is not None and measured.ready_s > 0
    assert measured.pss_mb is not None and measured.rss_mb is not None
    assert 0 < measured.pss_mb <= measured.rss_mb


def test_page_has_a_row_for_every_setup_and_never_a_figure_for_what_was_not_run(
    bench: Bench,
) -> None:
    lines = as_text(bench).splitlines()
    rasa = [line for line in lines if line.startswith("| (1) Rasa")]
    assert len(rasa) == 5
    for line in rasa:
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        assert set(cells[1:]) == {"not run"}
    [level] = bench.setups[1].levels
    ours = [line for line in lines if line.startswith("| (3) Regiowijzer, SQLite")]
    assert f"{level.per_second:.1f}" in ours[0]
    assert any("RASA310 is not set" in line for line in lines)


def test_files_are_written_beside_the_text_of_the_page(bench: Bench, tmp_path: Path) -> None:
    files = write(bench, tmp_path)
    assert [file.name for file in files] == [
        "performance.md",
        "performance-throughput.svg",
        "performance-p95.svg",
        "performance.json",
    ]
    page = files[0].read_text(encoding="utf-8")
    assert "## The five setups" in page
    assert as_text(bench) in page
    assert "<script" not in files[1].read_text(encoding="utf-8")
    figures = json.loads(files[3].read_text(encoding="utf-8"))["setups"]
    assert figures["1"] == {
        "number": 1,
        "name": bench.setups[0].name,
        "not_run": bench.setups[0].not_run,
    }
    assert figures["3"]["cpu_ms_per_message"] == bench.setups[1].cpu_ms_per_message


def test_targets_are_judged_by_what_was_measured(measured: Setup) -> None:
    by_name = {one.what: one for one in targets([measured])}
    cpu = by_name["CPU per message: at most 8 ms"]
    assert measured.cpu_ms_per_message is not None
    assert cpu.verdict == ("yes" if measured.cpu_ms_per_message <= 8 else "no")
    assert by_name["p95 at 100 with time to think: at most 250 ms"].verdict == "not run"


def test_unreachable_service_leaves_messages_without_answer() -> None:
    async def run() -> list[bool]:
        async with session() as http:
            person = people(_NoPage, http, "http://127.0.0.1:9")
            done = await drive(Load(1, 0.0, 0.2), person)
            return [one.answer.at is None for one in done.samples]

    answers = asyncio.run(run())
    assert answers and all(answers)


class _NoPage(WebPerson):
    """Somebody who had the page already when the service went away."""

    async def open(self) -> None:
        """Nothing is loaded."""


def test_a_moment_is_of_the_part_that_stands_innermost() -> None:
    rasa = "run (dialogues/rasa_processor.py:84);handle_message (rasa/core/processor.py:1)"
    found = shares_of(
        [
            f"{rasa};execute (sqlalchemy/engine/base.py:3);f (abc.py:1) 6",
            f"{rasa} 2",
            "run (asyncio/runners.py:1);screen (bottlenecks/privacy/__init__.py:2) 1",
            "f (something/else.py:1) 1",
        ]
    )
    assert found.samples == 10
    assert list(found.of_part.values()) == [60, 20, 10, 10]
    first, second, *_ = found.of_part
    assert first.startswith("the database")
    assert second.startswith("Rasa")
    assert REST in found.of_part


def test_the_page_tells_what_each_part_costs(bench: Bench, measured: Setup) -> None:
    assert "Where the time goes" not in as_text(bench)
    text = as_text(replace(bench, shares={"a part": 25.0}))
    cpu = measured.cpu_ms_per_message
    assert cpu is not None
    assert f"| a part | 25% | {cpu / 4:.1f} |" in text
