"""The capacity simulation: against queueing theory, and its order."""

import math
from functools import partial
from random import Random

import pytest

from tests.capacity_inputs import PEAK, SERVICE
from tools.capacity.arrivals import Talk, geometric, homogeneous, morning
from tools.capacity.assumptions import Assumptions
from tools.capacity.intervals import interval
from tools.capacity.peak import Morning, simulate
from tools.capacity.simulation import Bucket, Office
from tools.capacity.simulation_check import compare
from tools.capacity.theory import erlang_c, mean_wait_md1, mean_wait_mmc


def constant(service_s: float, workers: int = 1, peak: Assumptions = PEAK) -> Office:
    return Office(workers, lambda: service_s, Random(1), peak)


def test_erlang_c_gives_its_known_values() -> None:
    # one worker: as often as it is busy; two workers: 2 rho^2 / (1 + rho)
    assert erlang_c(1, 0.7) == pytest.approx(0.7)
    assert erlang_c(2, 1.0) == pytest.approx(1 / 3)
    # as the formula has it, term by term
    top = 5.0**8 / math.factorial(8) * 8 / (8 - 5)
    below = sum(5.0**number / math.factorial(number) for number in range(8)) + top
    assert erlang_c(8, 5.0) == pytest.approx(top / below)
    assert erlang_c(500, 400.0) < 1e-4
    assert mean_wait_mmc(1, 3.5, 0.2) == pytest.approx(2 * mean_wait_md1(3.5, 0.2))
    with pytest.raises(ValueError, match="must be between"):
        erlang_c(2, 2.0)
    with pytest.raises(ValueError, match="must be between"):
        mean_wait_md1(5.0, 0.2)


def test_the_simulation_agrees_with_theory_within_the_confidence_interval() -> None:
    found = compare(runs=10, until_s=900)
    assert [one.name[:5] for one in found] == ["M/M/1", "M/M/3", "M/D/1", "M/D/1"]
    for one in found:
        assert one.simulated.holds(one.expected), one
        # an interval that holds anything would prove nothing
        assert one.simulated.half < 0.2 * one.expected, one


def test_the_share_that_waits_is_that_of_erlang_c() -> None:
    shares = []
    for seed in range(10):
        chance = Random(seed)
        office = Office(4, partial(chance.expovariate, 5), Random(0), PEAK)
        found = office.run(homogeneous(14, 300, Random(100 + seed)))
        shares.append(sum(wait > 0 for wait in found.queued_s) / len(found.queued_s))
    simulated = interval(shares)
    assert simulated.holds(erlang_c(4, 14 / 5)) and simulated.half < 0.05


def test_a_conversation_is_handled_one_message_at_a_time_and_in_order() -> None:
    hasty = Assumptions(hasty_share=1, hasty_after_s=0.1)
    found = constant(1.0, workers=3, peak=hasty).run([Talk(0, 4)])
    ends = [at + took for at, took in zip(found.arrived_s, found.answered_s, strict=True)]
    assert found.arrived_s == pytest.approx([0, 0.1, 0.2, 0.3])
    assert ends == pytest.approx([1, 2, 3, 4])


def test_a_busy_conversation_does_not_hold_up_others() -> None:
    hasty = Assumptions(hasty_share=1, hasty_after_s=0.1)
    found = constant(1.0, workers=2, peak=hasty).run([Talk(0, 3), Talk(0.5, 1)])
    ends = {at: at + took for at, took in zip(found.arrived_s, found.answered_s, strict=True)}
    assert ends[0.5] == pytest.approx(1.5)


def test_the_oldest_message_goes_first_also_after_waiting_for_its_conversation() -> None:
    hasty = Assumptions(hasty_share=1, hasty_after_s=0.1)
    found = constant(1.0, peak=hasty).run([Talk(0, 2), Talk(0.05, 1), Talk(0.5, 1)])
    assert found.arrived_s == pytest.approx([0, 0.05, 0.1, 0.5])


def test_people_think_after_they_have_read() -> None:
    still = Assumptions(hasty_share=0, think_least_s=3, think_mean_s=3)
    found = constant(1.0, peak=still).run([Talk(5, 3)])
    assert found.arrived_s == pytest.approx([5, 9, 13])


def test_telegram_sends_a_bucketful_at_once_and_then_its_rate() -> None:
    bot = Bucket(rate=2, burst=3)
    assert [bot.send(10) for _ in range(5)] == pytest.approx([10, 10, 10, 10.5, 11])
    # an hour later the bucket is empty again, and not more than that
    assert [bot.send(3_600) for _ in range(4)] == pytest.approx([3_600] * 3 + [3_600.5])


def test_only_telegram_waits_for_its_limit_and_every_part_counts() -> None:
    still = Assumptions(hasty_share=0)
    office = Office(1, lambda: 0.001, Random(1), still, [Bucket(1, 1)], lambda: 2)
    found = office.run([Talk(0, 1, True), Talk(0, 1, False), Talk(0, 1, True)])
    assert found.sent_s == pytest.approx([1.001, 0.002, 3.001])
    assert found.answered_s == pytest.approx([0.001, 0.002, 0.003])


def test_a_morning_has_the_assumed_messages_and_peaks() -> None:
    talks = [talk for seed in range(5) for talk in morning(500, PEAK, Random(seed))]
    people = 5 * 500 * PEAK.people_per_practice
    messages = sum(talk.messages for talk in talks)
    assert messages == pytest.approx(people * PEAK.messages_per_person, rel=0.03)
    assert sum(talk.on_telegram for talk in talks) == pytest.approx(len(talks) / 2, rel=0.05)
    starts = [talk.start_s for talk in talks]
    assert 0 <= min(starts) and max(starts) <= PEAK.peak_s

    def between(begin: float, end: float) -> int:
        return sum(begin <= start < end for start in starts)

    at_eight, before, after, late = (
        between(begin, begin + 300) for begin in (0, 900, PEAK.phase_change_at_s, 3_000)
    )
    assert after > 3 * at_eight and at_eight > before > late


def test_a_geometric_number_has_its_mean() -> None:
    chance = Random(3)
    found = [geometric(6, chance) for _ in range(20_000)]
    assert min(found) == 1 and sum(found) / len(found) == pytest.approx(6, rel=0.03)
    assert geometric(1, chance) == 1


def test_the_same_seed_gives_the_same_morning() -> None:
    assert simulate(Morning(50, 1, 1, 7, SERVICE, PEAK)) == simulate(
        Morning(50, 1, 1, 7, SERVICE, PEAK)
    )
    assert simulate(Morning(50, 1, 1, 8, SERVICE, PEAK)) != simulate(
        Morning(50, 1, 1, 7, SERVICE, PEAK)
    )


def test_an_interval_is_students() -> None:
    found = interval([1.0, 2.0, 3.0])
    assert found.mean == 2 and found.half == pytest.approx(4.303 / math.sqrt(3), abs=1e-3)
    assert found.high == found.mean + found.half and not found.holds(5)
    assert interval([1.0]).half == math.inf
    with pytest.raises(ValueError, match="no runs"):
        interval([])


def test_drawn_service_times_have_the_measured_quantiles() -> None:
    draw = SERVICE.draws(Random(2))
    found = sorted(draw() * 1000 for _ in range(20_000))
    for share, ms in SERVICE.quantiles[1:-1]:
        assert found[int(share * len(found))] == pytest.approx(ms, rel=0.03)
    assert found[0] >= 60 and found[-1] <= 400
    assert sum(found) / len(found) == pytest.approx(SERVICE.mean_s * 1000, rel=0.02)
    parts = SERVICE.part_draws(Random(2))
    drawn = [parts() for _ in range(10_000)]
    assert sum(drawn) / len(drawn) == pytest.approx(SERVICE.mean_parts, rel=0.02)
