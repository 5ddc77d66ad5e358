"""The clock is put forward or back an hour: nothing is stuck, and nothing works that should not."""

from datetime import timedelta

import pytest

from bottlenecks.roles import EVERYWHERE, Role
from bottlenecks.store import Database
from bottlenecks.store.codes import code_in
from dialogues.assistant import Assistant
from tests.conftest import Clock, Talk

HOUR = 3600


@pytest.mark.parametrize("jump", [HOUR, -HOUR, 26 * HOUR, -26 * HOUR])
def test_a_report_in_the_middle_goes_on(talk: Talk, clock: Clock, jump: int) -> None:
    talk.says("nergens thuiszorg te vinden in Geleen, al drie gebeld, graag melden")
    talk.taps("Hoog")
    clock.forward(jump)
    if jump > 8 * HOUR:  # put aside after a night, and taken up again
        talk.says("hallo")
        talk.says("verder")
    talk.taps("Anoniem melden")
    talk.taps("Ja, graag")
    assert "KP-2026-0001" in talk.taps("Versturen")
    clock.forward(-jump)
    assert "KP-2026-0001" in talk.says("wat is de status van mijn melding?")


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
def test_replies_that_wait_are_sent(database: Database, clock: Clock, jump: int) -> None:
    with database.work() as work:
        account = work.accounts.find_or_create("test", "u1", "u1").id
        work.outbox.add(account, "een")
        [item] = work.outbox.due("test")
        work.outbox.postpone(item.id, "429", wait_s=30)
        work.outbox.add(account, "twee")
    clock.forward(jump)
    sent: list[str] = []
    for _ in range(3):
        clock.forward(30)
        with database.work() as work:
            for item in work.outbox.due("test"):
                sent.append(item.payload)
                work.outbox.sent(item.id)
    assert sent == ["een", "twee"]


def test_a_used_code_stays_used(database: Database, assistant: Assistant, clock: Clock) -> None:
    anna, bert, cas = (Talk(database, assistant, name) for name in ("anna", "bert", "cas"))
    code = code_in(anna.says("koppel"))
    assert code is not None
    bert.says(code)
    bert.taps("Ja, het is mijn code")
    for jump in (-HOUR, -HOUR, 3 * HOUR):
        clock.forward(jump)
        assert "al gebruikt of verlopen" in cas.says(code)


def test_a_code_that_ran_out_stays_so(
    database: Database, assistant: Assistant, clock: Clock
) -> None:
    anna, bert = Talk(database, assistant, "anna"), Talk(database, assistant, "bert")
    code = code_in(anna.says("koppel"))
    assert code is not None
    clock.forward(HOUR)
    assert "al gebruikt of verlopen" in bert.says(code)
    clock.forward(-HOUR)
    assert "al gebruikt of verlopen" in bert.says(code)


def test_an_invitation_that_was_revoked_stays_so(database: Database, clock: Clock) -> None:
    with database.work() as work:
        officer = work.officers.add("ada@rho.example", "Ada", Role.ADMIN, EVERYWHERE)
        token = work.invitations.make("Voorbeeldpraktijk", officer, timedelta(days=1))
        found = work.invitations.look_up(token)
        assert found is not None
        work.invitations.revoke(found.id)
    for jump in (-HOUR, -HOUR, 3 * HOUR):
        clock.forward(jump)
        with database.work() as work:
            assert work.invitations.look_up(token) is None
