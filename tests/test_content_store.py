"""Proposals: from concept to approved by another, what is live, and who looked at a topic."""

from typing import Any

import pytest

from bottlenecks.proposals import (
    DecisionError,
    ProposalChangedError,
    ProposalStatus,
    SamePersonError,
)
from bottlenecks.roles import EVERYWHERE, Role, Scope
from bottlenecks.store import Database, Work
from tests.conftest import Clock

TOPIC = "thuiszorg/vinden"
UTRECHT = Scope(regions=frozenset({"utrecht"}))
MINES = Scope(regions=frozenset({"westelijke-mijnstreek"}))


@pytest.fixture
def people(database: Database) -> dict[str, str]:
    """Ids of officers by name."""
    with database.work() as work:
        return {
            name: work.officers.add(f"{name}@rho.example", name, Role.HANDLER, EVERYWHERE)
            for name in ("ada", "bo", "cas")
        }


def text(words: str) -> dict[str, Any]:
    return {"id": TOPIC, "soort": "flow", "titel": "Hoe?", "antwoord": words}


def proposed(work: Work, by: str, words: str, region: str | None = None) -> str:
    """A proposal that waits; its version is 2."""
    made = work.content.add_concept(TOPIC, region, text(words), reason="beter", actor=by)
    work.content.propose(made, EVERYWHERE, actor=by, version=1)
    return made


def approve(work: Work, proposal: str, by: str, instead_of: str | None = None) -> None:
    work.content.approve(proposal, EVERYWHERE, actor=by, version=2, instead_of=instead_of)


def live(work: Work) -> dict[str | None, str]:
    """What is live, by region."""
    return {view.region: view.data["antwoord"] for view in work.content.live() if view.data}


def test_a_concept_is_not_live_and_cannot_be_approved(
    database: Database, people: dict[str, str]
) -> None:
    with database.work() as work:
        made = work.content.add_concept(TOPIC, "utrecht", text("een"), source_id=None)
        assert work.content.live() == []
        with pytest.raises(DecisionError, match="nog een concept"):
            work.content.approve(made, EVERYWHERE, actor=people["ada"], version=1, instead_of=None)
        view = work.content.get(made, EVERYWHERE)
    assert view is not None and view.status is ProposalStatus.CONCEPT
    assert (view.proposed_by, view.region, view.data) == (None, "utrecht", text("een"))


def test_another_approves_and_it_is_live(database: Database, people: dict[str, str]) -> None:
    with database.work() as work:
        made = proposed(work, people["ada"], "een")
        assert live(work) == {}
        approve(work, made, people["bo"])
    with database.reading() as work:
        assert live(work) == {None: "een"}
        view = work.content.get(made, EVERYWHERE)
        assert view is not None and view.decided_by == people["bo"]


def test_the_same_person_is_refused(database: Database, people: dict[str, str]) -> None:
    with database.work() as work:
        made = proposed(work, people["ada"], "een")
        with pytest.raises(SamePersonError):
            approve(work, made, people["ada"])
        with pytest.raises(SamePersonError):
            work.content.reject(made, EVERYWHERE, actor=people["ada"], version=2, why="nee")
        assert live(work) == {}


def test_who_wrote_it_last_does_not_approve_it(database: Database, people: dict[str, str]) -> None:
    with database.work() as work:
        made = proposed(work, people["ada"], "een")
        work.content.rewrite(
            made, EVERYWHERE, text("twee"), actor=people["bo"], version=2, reason="zo"
        )
        with pytest.raises(DecisionError, match="concept"):
            work.content.approve(made, EVERYWHERE, actor=people["cas"], version=3, instead_of=None)
        work.content.propose(made, EVERYWHERE, actor=people["bo"], version=3)
        with pytest.raises(SamePersonError):
            work.content.approve(made, EVERYWHERE, actor=people["bo"], version=4, instead_of=None)
        work.content.approve(made, EVERYWHERE, actor=people["ada"], version=4, instead_of=None)
        assert live(work) == {None: "twee"}


def test_a_later_one_replaces_it_even_in_the_same_moment(
    database: Database, people: dict[str, str]
) -> None:
    with database.work() as work:
        first = proposed(work, people["ada"], "een")
        second = proposed(work, people["ada"], "twee")
        approve(work, first, people["bo"])
        with pytest.raises(ProposalChangedError):
            approve(work, second, people["bo"])  # looked before the first was live
        approve(work, second, people["bo"], instead_of=first)
        assert live(work) == {None: "twee"}
        replaced = work.content.get(first, EVERYWHERE)
        assert replaced is not None and replaced.status is ProposalStatus.REPLACED
        assert [view.id for view in work.content.decided(EVERYWHERE)] == sorted((first, second))


def test_back_to_the_files_takes_it_away(database: Database, people: dict[str, str]) -> None:
    with database.work() as work:
        first = proposed(work, people["ada"], "een")
        approve(work, first, people["bo"])
        back = work.content.add_concept(TOPIC, None, None, actor=people["ada"])
        work.content.propose(back, EVERYWHERE, actor=people["ada"], version=1)
        approve(work, back, people["bo"], instead_of=first)
        assert live(work) == {}
        current = work.content.current(TOPIC, None)
        assert current is not None and current.id == back


def test_a_region_has_a_text_beside_everyones(database: Database, people: dict[str, str]) -> None:
    with database.work() as work:
        approve(work, proposed(work, people["ada"], "allen"), people["bo"])
        approve(work, proposed(work, people["ada"], "hier", "utrecht"), people["bo"])
        assert live(work) == {None: "allen", "utrecht": "hier"}


def test_a_proposal_that_changed_is_looked_at_again(
    database: Database, people: dict[str, str]
) -> None:
    with database.work() as work:
        made = proposed(work, people["ada"], "een")
        with pytest.raises(ProposalChangedError):
            work.content.approve(made, EVERYWHERE, actor=people["bo"], version=1, instead_of=None)
        with pytest.raises(ProposalChangedError):
            work.content.rewrite(made, EVERYWHERE, text("x"), actor=people["bo"], version=1)


def test_what_was_decided_stays_so(database: Database, people: dict[str, str]) -> None:
    with database.work() as work:
        made = proposed(work, people["ada"], "een")
        work.content.reject(made, EVERYWHERE, actor=people["bo"], version=2, why="klopt niet")
        for decide in (
            lambda: work.content.withdraw(made, EVERYWHERE, actor=people["ada"], version=3),
            lambda: work.content.rewrite(
                made, EVERYWHERE, text("x"), actor=people["ada"], version=3
            ),
            lambda: work.content.propose(made, EVERYWHERE, actor=people["ada"], version=3),
        ):
            with pytest.raises(DecisionError, match="al besloten"):
                decide()
        view = work.content.get(made, EVERYWHERE)
        assert view is not None and view.decision == "klopt niet"


def test_another_region_is_not_seen_and_not_changed(
    database: Database, people: dict[str, str]
) -> None:
    with database.work() as work:
        here = proposed(work, people["ada"], "hier", "utrecht")
        all_of_us = proposed(work, people["ada"], "allen")
        assert work.content.get(here, MINES) is None
        assert [view.id for view in work.content.open(MINES)] == [all_of_us]
        assert {view.id for view in work.content.open(UTRECHT)} == {here, all_of_us}
        for proposal in (here, all_of_us):  # everyone's text is seen, and not theirs to decide
            with pytest.raises(LookupError):
                work.content.approve(
                    proposal, MINES, actor=people["bo"], version=2, instead_of=None
                )
        work.content.approve(here, UTRECHT, actor=people["bo"], version=2, instead_of=None)
        assert live(work) == {"utrecht": "hier"}


def test_who_looked_last_counts(database: Database, people: dict[str, str], clock: Clock) -> None:
    with database.work() as work:
        work.content.review(TOPIC, None, by=people["ada"])
        work.content.review(TOPIC, "utrecht", by=people["bo"])
    clock.forward(60)
    with database.work() as work:
        work.content.review(TOPIC, None, by=people["cas"])
        assert work.content.looked_at() == {
            (TOPIC, None): (clock.now, people["cas"]),
            (TOPIC, "utrecht"): (work.content.looked_at()[TOPIC, "utrecht"][0], people["bo"]),
        }
    clock.forward(60)
    with database.work() as work:
        approve(work, proposed(work, people["ada"], "een"), people["bo"])
        assert work.content.looked_at()[TOPIC, None] == (clock.now, people["bo"])
