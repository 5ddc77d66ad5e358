"""The capacity simulation: its input, how many workers it finds, and its page."""

import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.worker import Worker
from bottlenecks.store import Database
from dialogues.assistant import Assistant
from tests.capacity_inputs import PEAK, SERVICE
from tools.capacity.assumptions import ASSUMED, Assumptions, stated
from tools.capacity.measure import hold
from tools.capacity.peak import Morning, Numbered, simulate
from tools.capacity.picture import minutes, waiting
from tools.capacity.report import as_markdown, warnings
from tools.capacity.search import Found, search
from tools.capacity.service import (
    NoServiceTimesError,
    Service,
    from_file,
    is_of,
    keep,
    load,
    machine,
)
from tools.capacity.simulation_check import compare
from tools.capacity.talking import CHANNEL, Person, open_line, scripts


def bench_file(folder: Path, **change: object) -> Path:
    """A file in the form of docs/performance.json."""
    setup = {
        "number": 4,
        "name": "Regiowijzer, PostgreSQL",
        "not_run": None,
        "service_ms": [5.0 + step for step in range(21)],
        "cpu_ms_per_message": 7.5,
    }
    rasa = {"number": 1, "name": "Rasa", "not_run": "no RASA310"}
    data = {"machine": "2 cores Testchip", "setups": {"1": rasa, "4": setup | change}}
    path = folder / "performance.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def test_the_bench_gives_the_times_and_our_own_measurement_the_parts(tmp_path: Path) -> None:
    own = tmp_path / "capacity.json"
    with pytest.raises(NoServiceTimesError, match="--measure"):
        load(tmp_path / "performance.json", own)
    keep([SERVICE], None, own)
    kept = load(tmp_path / "performance.json", own)
    assert (kept.source, kept.cpu_ms, kept.parts) == ("capacity.json", 80.0, SERVICE.parts)
    found = load(bench_file(tmp_path), own)
    assert (found.source, found.cpu_ms, found.parts) == ("performance.json", 7.5, SERVICE.parts)
    assert (found.at(0), found.at(0.5), found.at(1)) == pytest.approx((5, 15, 25))
    assert found.machine == "2 cores Testchip"


@pytest.mark.parametrize("times", [[5.0, 4.0], [0.0, 1.0], ["x", "y"], [3.0]])
def test_times_that_are_none_are_refused(tmp_path: Path, times: object) -> None:
    with pytest.raises(NoServiceTimesError, match="performance.json"):
        from_file(bench_file(tmp_path, service_ms=times))


def test_a_setup_that_was_not_run_is_passed_over(tmp_path: Path) -> None:
    assert from_file(bench_file(tmp_path, service_ms=[])) is None


def test_a_new_measurement_keeps_the_real_load_and_the_other_way_round(tmp_path: Path) -> None:
    path = tmp_path / "capacity.json"
    keep([SERVICE], {"workers": 1}, path)
    keep([SERVICE], None, path)
    assert json.loads(path.read_text(encoding="utf-8"))["check"] == {"workers": 1}
    keep([], {"workers": 2}, path)
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert kept["check"] == {"workers": 2} and kept["machine"] == SERVICE.machine
    assert from_file(path) is not None


@pytest.fixture(scope="module")
def found() -> Found:
    # 100 ms a message: a worker does 9 a second, and 300 practices ask that in a busy minute
    return search(300, SERVICE, PEAK, lambda many: map(simulate, many), runs=3)


def test_more_workers_answer_sooner_until_it_is_enough(found: Found) -> None:
    assert found.enough is not None and found.enough.workers > 1
    assert [row.workers for row in found.rows] == list(range(1, found.enough.workers + 2))
    busiest = [row.mean("busiest") for row in found.rows]
    assert busiest == sorted(busiest, reverse=True)
    for row in found.rows:
        good = row.of("busiest").high < PEAK.wanted_s
        assert good == (row.workers >= found.enough.workers)
        assert row.mean("p50") <= row.mean("p95") <= row.mean("p99")
        assert row.mean("used") < row.mean("used_busiest") <= 1


@pytest.mark.parametrize("needed", [1, 2, 3, 9, 30, 63, 64, 65])
def test_the_least_number_of_workers_is_found_without_trying_each(needed: int) -> None:
    tried: list[int] = []
    like = simulate(Morning(50, 1, 1, 0, SERVICE, PEAK))

    def known(mornings: Sequence[Morning]) -> list[Numbered]:
        """Mornings of which it is known from which number of workers on they go well."""
        tried.extend(one.workers for one in mornings[:1] if not one.bots)
        return [
            replace(like, telegram=0.1, busiest=0.1 if one.workers >= needed else 9.0)
            for one in mornings
        ]

    found = search(5_000, SERVICE, PEAK, known)
    if needed > 64:
        assert found.enough is None and found.rows[-1].workers == 64
        return
    assert found.enough is not None and found.enough.workers == needed
    assert [row.workers for row in found.rows][-2:] == [needed, needed + 1] or needed < 64
    assert len(set(tried)) < needed / 2 + 8


def test_with_many_practices_telegram_breaks_and_more_bots_help() -> None:
    quick = Service("quick", "m", "f", ((0.0, 2.0), (1.0, 4.0)), 3.0)
    slow_bot = Assumptions(telegram_per_s=2)
    found = search(200, quick, slow_bot, lambda many: map(simulate, many), runs=2)
    assert found.enough is not None and found.enough.workers == 1
    one_bot = found.bots[0]
    assert one_bot.mean("telegram") > PEAK.wanted_s > one_bot.mean("busiest")
    more = simulate(Morning(200, 2, 1, 0, quick, slow_bot))
    assert more.telegram > PEAK.wanted_s, "another worker does not help"
    assert found.bots_enough is not None and found.bots_enough.bots > 1


def test_the_page_tells_the_result_the_assumptions_and_the_doubts(found: Found) -> None:
    theory = compare(runs=2, until_s=300)
    check = {
        "workers": 1, "people": 30, "messages": 300, "per_s": 5.0, "used": 0.6,
        "mean_service_ms": 110.0, "real_ms": [100, 300, 420], "low_ms": [90, 310, 350],
        "high_ms": [120, 350, 500],
    }  # fmt: skip
    here = "2 cores Testchip (x86_64)"
    page = as_markdown([found], SERVICE, PEAK, here, theory, check)
    assert found.enough is not None
    assert f"| **{found.enough.workers}** |" in page and "Warning" not in page
    for what, value, source in stated(PEAK):
        assert f"| {what} | {value} | {source} |" in page
    assert "| p50 | 100 | 90 to 120 | yes |" in page and "| p95 | 300 | 310 to 350 | no |" in page
    elsewhere = as_markdown([found], SERVICE, PEAK, "8 cores Otherchip (arm)", theory, None)
    assert "of another machine (2 cores Testchip" in elsewhere and "not measured yet" in elsewhere


def test_the_machine_is_known_again_however_the_bench_writes_it() -> None:
    here = "2 cores Testchip 7 (x86_64)"
    same = "2 cores (Testchip 7, x86_64), 8 GB, Linux 6.1, Python 3.11.7"
    assert is_of(replace(SERVICE, machine=same), here)
    assert is_of(replace(SERVICE, machine=here), here)
    assert not is_of(replace(SERVICE, machine=same.replace("2 cores", "32 cores")), here)
    assert not is_of(replace(SERVICE, machine=same.replace("Testchip", "Otherchip")), here)
    assert is_of(replace(SERVICE, machine=machine()), machine())


def test_a_measurement_on_a_busy_machine_is_doubted() -> None:
    slow = replace(SERVICE, cpu_ms=20.0)
    assert warnings(SERVICE, SERVICE.machine) == []
    (told,) = warnings(slow, SERVICE.machine)
    assert "other work" in told


def test_every_assumption_says_where_it_comes_from() -> None:
    sources = Path("/work/shared/bronnen")
    for what, value, source in stated(PEAK):
        assert what and value and source
        for word in source.replace(";", " ").replace(":", " ").replace(",", " ").split():
            if word.endswith(".md") and sources.exists():
                assert (sources / word).exists(), word
    assert sum(ASSUMED in source for _, _, source in stated(PEAK)) >= 5


def test_pictures_hold_no_script_and_name_their_lines(found: Found) -> None:
    for drawn in (waiting([found], 1.0), minutes(found, 30.0, 9.0)):
        root = ElementTree.fromstring(drawn)
        assert root.get("viewBox") and b"<script" not in drawn and b"javascript" not in drawn
        assert b"@import" not in drawn and b"http" not in drawn.replace(b"http://www.w3.org/", b"")
    names = [
        text.text for text in ElementTree.fromstring(waiting([found], 1.0)).iter() if text.text
    ]
    assert "300 practices" in names and "wanted: 1 s" in names


def test_every_line_of_an_example_is_answered_while_it_is_timed(
    database: Database, assistant: Assistant
) -> None:
    worker = Worker(database, assistant, {CHANNEL: open_line})
    lines = scripts()[-1]
    timed = hold(database, worker, Person("u1", lines))
    assert len(timed) == len(lines)
    assert all(busy > 0 and cpu > 0 and parts >= 1 for busy, cpu, parts in timed)
    with database.work() as work:
        # the script ends with a report that is sent
        assert work.reports.count() == 1
        assert (work.inbox.count("done"), work.outbox.count("pending")) == (len(lines), 0)
