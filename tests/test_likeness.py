"""How much reports are alike: what is shared counts, and the labelled pairs are told apart."""

from datetime import UTC, datetime, timedelta

import pytest
import yaml

from bottlenecks.likeness import RULES, Alike, Described, _cosines, likeness
from bottlenecks.lists import lists
from knowledge import load
from tools.evaluate_groups import FLOORS, HIGHEST_STRANGERS, measure
from tools.group_pairs import FOLDER, read_pairs

DAY = datetime(2026, 3, 2, tzinfo=UTC)
EVENING = "Na zes uur 's avonds is in Overvecht geen wijkverpleging meer te krijgen"


def report(
    text: str, category: str = "thuiszorg", region: str | None = "utrecht", days: int = 0
) -> Described:
    return Described(text, category, region, DAY + timedelta(days=days))


def compare(one: Described, other: Described) -> Alike:
    [found] = likeness().of(one, [other])
    return found


def test_the_same_in_other_words_is_alike() -> None:
    other = report("Avondzorg lukt niet: alle thuiszorgorganisaties zitten vol", days=3)
    found = compare(report(EVENING), other)
    assert found.likeness >= likeness().limits.suggest
    assert found.why[:3] == ("zelfde soort", "zelfde regio", "binnen een week")
    assert "thuiszorg" in found.why[3] and "avond" in found.why[3]


def test_something_else_is_not_alike() -> None:
    for text, category in (
        ("De handschoenen maat M zijn op en de groothandel levert pas in april", "materialen-pbm"),
        ("Het HIS ligt eruit, we werken op papier", "ict-his"),
        ("Rapportages van de wijkverpleging in Overvecht staan in een app", "thuiszorg"),
    ):
        found = compare(report(EVENING), report(text, category))
        assert found.likeness < likeness().limits.suggest, text


def test_the_same_text_is_most_alike_and_the_order_does_not_matter() -> None:
    other = report("Avondzorg is niet te krijgen in Overvecht", days=40)
    same = compare(report(EVENING), report(EVENING))
    assert same.likeness > 0.9
    there, back = compare(report(EVENING), other), compare(other, report(EVENING))
    assert there.likeness == pytest.approx(back.likeness)
    assert there.likeness < same.likeness


def test_another_region_makes_it_less_likely_and_an_unknown_one_does_not_say() -> None:
    text = "Avondzorg is niet te krijgen, de thuiszorg zit vol"
    here = compare(report(EVENING), report(text)).likeness
    unknown = compare(report(EVENING), report(text, region=None))
    far = compare(report(EVENING), report(text, region="westelijke-mijnstreek"))
    assert here > unknown.likeness > far.likeness
    assert "zelfde regio" not in unknown.why and "zelfde regio" not in far.why


def test_two_unknown_regions_are_not_the_same_one() -> None:
    found = compare(report(EVENING, region=None), report(EVENING, region=None))
    assert "zelfde regio" not in found.why


def test_words_in_common_count_by_their_weight() -> None:
    ours = {"a": 3.0, "b": 4.0}
    theirs = [ours, {"b": 2.0}, {"a": 1.0, "c": 1.0}, {"c": 1.0}, {}]
    found = _cosines(ours, theirs)
    assert found.tolist() == pytest.approx([1.0, 0.8, 0.6 / 2**0.5, 0.0, 0.0])
    assert _cosines({}, theirs).tolist() == [0.0] * 5


@pytest.mark.parametrize(
    "text", ["", "???", "7", "🚑🚑", "a" * 4_000, "'s", "-", "NULL", "na " * 999]
)
def test_any_text_can_be_compared(text: str) -> None:
    assert 0 <= compare(report(text), report(EVENING)).likeness <= 1
    assert 0 <= compare(report(EVENING), report(text)).likeness <= 1
    for weight, beginnings in likeness().searches(text):
        assert weight > 0 and all(word.isalnum() for word in beginnings)


def test_a_step_of_the_checklist_that_failed_is_no_outage() -> None:
    failed = 'Bij "Checklist: een praktijk valt weg" lukt dit niet: Patiënten informeren.'
    outage = report("Het HIS ligt er bij ons al de hele dag uit", category="ict-his", days=1)
    assert compare(report(failed), outage).likeness < likeness().limits.suggest


def test_nothing_to_compare_with() -> None:
    assert likeness().of(report(EVENING), []) == []


def test_rare_words_are_searched_for_first_and_plain_ones_not_at_all() -> None:
    searches = likeness().searches("Wij hebben in de praktijk geen autoclaaf meer")
    words = [word for _, beginnings in searches for word in beginnings]
    assert "autoclaaf" in searches[0][1]
    assert "praktijk" not in words and "hebben" not in words


def test_a_concept_is_said_once() -> None:
    rules = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    names = [name for family in rules["begrippen"].values() for name in family]
    assert len(names) == len(set(names))
    for family in rules["begrippen"].values():
        for name, said in family.items():
            assert len(said) == len(set(said)), name


@pytest.mark.parametrize("name", ["dev", "test"])
def test_the_pairs_are_well_formed(name: str) -> None:
    pairs = yaml.safe_load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"))["paren"]
    regions = {*load().regions, None}
    for pair in pairs:
        for side in (pair["a"], pair["b"]):
            assert side["soort"] in lists().categories and side["regio"] in regions, side


def test_together_there_are_at_least_two_hundred_pairs_of_both_sorts() -> None:
    pairs = [*read_pairs("dev"), *read_pairs("test")]
    same = sum(pair.is_same for pair in pairs)
    assert len(pairs) >= 200 and 0.3 < same / len(pairs) < 0.7


def test_no_pair_was_used_to_choose_the_numbers_and_to_measure() -> None:
    dev = {one.text for pair in read_pairs("dev") for one in (pair.a, pair.b)}
    test = {one.text for pair in read_pairs("test") for one in (pair.a, pair.b)}
    assert not dev & test


@pytest.mark.parametrize("limit", ["suggest", "offer"])
def test_the_labelled_pairs_are_told_apart(limit: str) -> None:
    got = measure(read_pairs("test"), getattr(likeness().limits, limit), 500)
    assert got.precision >= FLOORS[limit]["precision"]
    assert got.recall >= FLOORS[limit]["recall"]
    # of fewer strangers, so with more chance
    assert got.strangers <= HIGHEST_STRANGERS[limit] + 0.01
