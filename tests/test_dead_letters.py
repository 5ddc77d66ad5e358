"""What was set aside: put back once, in order, or erased; by the store and by the command."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.dead_letters_command import DeadLettersError, dead_letters
from bottlenecks import tidying
from bottlenecks.crypto import Cipher
from bottlenecks.retention import periods
from bottlenecks.store import Database, open_database
from bottlenecks.store.dead_letters import kept_until, read_reference
from bottlenecks.store.inbox import MAX_ATTEMPTS
from dialogues.assistant import Assistant
from dialogues.reply import Incoming
from tests.conftest import SECRET, Clock, Talk
from tests.postgres_server import empty_database, running
from tests.serving import run


def fails(database: Database, update: str = "1", payload: str = "iets") -> int:
    """An update that fails until it is set aside; gives its id."""
    with database.work() as work:
        work.inbox.receive("test", update, payload)
    with database.work() as work:
        received = work.inbox.next()
        assert received is not None
        for attempt in range(1, MAX_ATTEMPTS + 1):
            assert work.inbox.failed(received.id, "KeyError") is (attempt == MAX_ATTEMPTS)
    return received.id


def gives_up(database: Database, user: str = "anna", payload: str = "{}") -> int:
    """A reply whose receiver blocked the bot; gives its id."""
    with database.work() as work:
        account = work.accounts.find_or_create("test", user, user)
        reply = work.outbox.add(account.id, payload)
        work.outbox.give_up(reply, "Forbidden")
    return reply


def test_references() -> None:
    assert read_reference("inbox-12") == ("inbox", 12)
    assert read_reference("outbox-7") == ("outbox", 7)
    for wrong in ("", "12", "inbox-", "inbox-0", "inbox-1 ", "inbox-9999999999", "in-1", "inbox-١"):
        assert read_reference(wrong) is None


def test_lists_both_latest_first_without_content(database: Database, clock: Clock) -> None:
    update = fails(database, payload="mw. de Wit is ziek")
    clock.forward(60)
    reply = gives_up(database, "anna-met-adres")
    with database.reading() as work:
        letters = work.dead_letters.latest()
        assert work.dead_letters.can_replay() == 2
        assert work.dead_letters.erased() == []
    assert [one.reference for one in letters] == [f"outbox-{reply}", f"inbox-{update}"]
    assert [(one.channel, one.error, one.attempts) for one in letters] == [
        ("test", "Forbidden", 1),
        ("test", "KeyError", MAX_ATTEMPTS),
    ]
    assert "de Wit" not in repr(letters) and "adres" not in repr(letters)
    assert kept_until(letters[0]) == clock.now + timedelta(days=7)


def test_shows_no_more_than_asked_for(database: Database, clock: Clock) -> None:
    for number in range(4):
        fails(database, str(number))
        gives_up(database)
        clock.forward(1)
    with database.reading() as work:
        letters = work.dead_letters.latest(5)
        assert work.dead_letters.can_replay() == 8
    assert len(letters) == 5
    assert [one.set_aside_at for one in letters] == sorted(
        (one.set_aside_at for one in letters), reverse=True
    )


def test_a_replayed_update_gets_all_its_attempts_again(database: Database, clock: Clock) -> None:
    update = fails(database)
    with database.work() as work:
        assert work.dead_letters.replay("inbox", update, clock.now)
        received = work.inbox.next()
    assert received is not None
    assert (received.id, received.payload, received.attempts) == (update, "iets", 0)
    with database.reading() as work:
        assert work.dead_letters.latest() == []


def test_a_replayed_reply_may_go_at_once_and_before_later_ones(
    database: Database, clock: Clock
) -> None:
    reply = gives_up(database, payload="eerste")
    with database.work() as work:
        account = work.accounts.find_or_create("test", "anna", "anna")
        other = work.accounts.find_or_create("test", "bert", "bert")
        later = work.outbox.add(account.id, "tweede")
        of_other = work.outbox.add(other.id, "van een ander")
        assert work.dead_letters.replay("outbox", reply, clock.now)
        due = work.outbox.due("test")
        assert [(one.id, one.attempts) for one in due] == [(reply, 0), (of_other, 0)]
        work.outbox.sent(reply)
        assert later in [one.id for one in work.outbox.due("test")]


def test_asked_twice_it_happens_once(database: Database, clock: Clock) -> None:
    update, reply = fails(database), gives_up(database)
    page_shown_at = clock.now
    with database.work() as work:
        assert work.dead_letters.replay("inbox", update, page_shown_at)
        assert work.dead_letters.replay("outbox", reply, page_shown_at)
        assert not work.dead_letters.replay("inbox", update, page_shown_at)
        assert not work.dead_letters.replay("outbox", reply, page_shown_at)
    # it fails again before the second click arrives
    clock.forward(0.01)
    with database.work() as work:
        for _ in range(MAX_ATTEMPTS):
            work.inbox.failed(update, "KeyError")
        work.outbox.give_up(reply, "Forbidden")
    with database.work() as work:
        assert not work.dead_letters.replay("inbox", update, page_shown_at)
        assert not work.dead_letters.replay("outbox", reply, page_shown_at)
        assert work.dead_letters.replay_all(page_shown_at) == 0
        # and who looks again may ask again
        assert work.dead_letters.replay_all(clock.now) == 2


def test_what_was_not_set_aside_is_left_alone(database: Database, clock: Clock) -> None:
    with database.work() as work:
        work.inbox.receive("test", "1", "wacht")
        work.inbox.receive("test", "2", "klaar")
        account = work.accounts.find_or_create("test", "anna", "anna")
        waiting, sent = work.outbox.add(account.id, "{}"), work.outbox.add(account.id, "{}")
        work.inbox.done(2)
        work.outbox.sent(sent)
    with database.work() as work:
        letters = work.dead_letters
        for id_ in (1, 2, 3, waiting, sent):
            for queue in ("inbox", "outbox"):
                assert not letters.replay(queue, id_, clock.now)
                assert not letters.discard(queue, id_)
        assert letters.replay_all(clock.now) == 0
        assert work.inbox.count("new") == 1 and work.outbox.count("pending") == 1


def test_discarded_is_gone_for_good(database: Database, clock: Clock) -> None:
    update, reply = fails(database), gives_up(database)
    with database.work() as work:
        assert work.dead_letters.discard("inbox", update)
        assert work.dead_letters.discard("outbox", reply)
        assert not work.dead_letters.discard("inbox", update)
        assert work.dead_letters.replay_all(clock.now) == 0
        assert work.dead_letters.latest() == []
        assert {one.reference for one in work.dead_letters.erased()} == {
            f"inbox-{update}",
            f"outbox-{reply}",
        }
        # what came in once is not taken a second time
        assert not work.inbox.receive("test", "1", "iets")
    with database.engine.begin() as connection:
        left = connection.execute(
            text("SELECT payload FROM inbox UNION ALL SELECT payload FROM outbox")
        ).scalars()
        assert list(left) == [None, None]


def test_erased_after_a_week_it_cannot_be_tried_again(database: Database, clock: Clock) -> None:
    update, reply = fails(database), gives_up(database)
    clock.forward(6 * 24 * 3600)
    tidying.erase(database, periods())
    with database.work() as work:
        assert work.dead_letters.can_replay() == 2
        # someone of whom nothing else is kept is erased, and their replies too
        work.conversations.start(work.accounts.find_or_create("test", "anna", "anna").id)
    clock.forward(2 * 24 * 3600)
    tidying.erase(database, periods())
    with database.work() as work:
        assert not work.dead_letters.replay("inbox", update, clock.now)
        assert not work.dead_letters.replay("outbox", reply, clock.now)
        assert work.dead_letters.can_replay() == 0
        assert len(work.dead_letters.erased()) == 2


def test_a_question_that_failed_is_answered_after_all(
    database: Database, assistant: Assistant, talk: Talk, clock: Clock
) -> None:
    asked = Incoming(text="wie coördineert het noodplan?").model_dump_json()
    first = fails(database, "1", f"u1|{asked}")
    second = fails(database, "2", f"u1|{Incoming(text='dank je wel').model_dump_json()}")
    with database.work() as work:
        assert work.dead_letters.replay_all(clock.now) == 2
    assert [talk.worker.handle_next() for _ in range(3)] == [first, second, None]
    assert "standaard eindverantwoordelijk" in talk.receives()


def test_twenty_clicks_at_once_put_it_back_once_on_postgresql(clock: Clock) -> None:
    with running() as server:
        url = empty_database(server, "letters").url.render_as_string(hide_password=False)
        with open_database(url, Cipher(SECRET), clock=clock) as database:
            update, reply = fails(database), gives_up(database)

            def click(queue: str) -> bool:
                id_ = update if queue == "inbox" else reply
                with database.work() as work:
                    return work.dead_letters.replay(queue, id_, clock.now)

            with ThreadPoolExecutor(10) as clicks:
                done = list(clicks.map(click, ["inbox", "outbox"] * 10))
            assert sum(done) == 2
            with database.work() as work:
                assert work.inbox.count("new") == 1 and work.outbox.count("pending") == 1
                assert [one.id for one in work.outbox.due("test")] == [reply]
                assert work.health.disk().size > 0 and work.health.disk().free is None
            discarded = gives_up(database, "bert")
            with database.work() as work:
                assert work.dead_letters.discard("outbox", discarded)
                assert [one.id for one in work.dead_letters.erased()] == [discarded]
                assert work.dead_letters.latest() == []


# the command


def test_the_command(tmp_path: Path) -> None:
    assert run(tmp_path, "dead-letters", SECRET_KEY=SECRET).stdout == "nothing was set aside\n"
    url = f"sqlite:///{tmp_path / 'regiowijzer.db'}"
    with open_database(url, Cipher(SECRET)) as database:
        update = fails(database, payload="mw. de Wit")
        reply, other = gives_up(database, "0612345678"), gives_up(database, "bert")

    shown = run(tmp_path, "dead-letters", SECRET_KEY=SECRET)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert len(shown.stdout.splitlines()) == 3
    assert f"inbox-{update}  test  set aside" in shown.stdout
    assert "Forbidden  attempts: 1  content kept until" in shown.stdout
    assert "Wit" not in shown.stdout and "0612345678" not in shown.stdout

    one = run(tmp_path, "dead-letters", "--replay", f"outbox-{reply}", SECRET_KEY=SECRET)
    assert one.stdout == f"outbox-{reply} will be tried again\n"
    again = run(tmp_path, "dead-letters", "--replay", f"outbox-{reply}", SECRET_KEY=SECRET)
    assert again.returncode == 1
    assert again.stderr == (
        f"regiowijzer: there is no outbox-{reply} that can be tried again: "
        "see regiowijzer dead-letters\n"
    )
    gone = run(tmp_path, "dead-letters", "--discard", f"outbox-{other}", SECRET_KEY=SECRET)
    assert gone.stdout == f"the content of outbox-{other} is erased\n"
    rest = run(tmp_path, "dead-letters", "--replay", "all", SECRET_KEY=SECRET)
    assert rest.stdout == "1 will be tried again\n"
    wrong = run(tmp_path, "dead-letters", "--discard", "12", SECRET_KEY=SECRET)
    assert wrong.stderr == "regiowijzer: '12' is no ID such as inbox-12 or outbox-7\n"

    with open_database(url, Cipher(SECRET)) as database, database.reading() as work:
        assert work.inbox.count("new") == 1 and work.outbox.count("pending") == 1
        assert [(one.actor, one.action, one.subject) for one in work.audit.latest()] == [
            ("opdrachtregel", "berichten-opnieuw", "1"),
            ("opdrachtregel", "bericht-weggegooid", f"outbox-{other}"),
            ("opdrachtregel", "bericht-opnieuw", f"outbox-{reply}"),
        ]


def test_the_command_takes_one_thing_at_a_time() -> None:
    with pytest.raises(DeadLettersError, match="not both"):
        dead_letters(replay="all", discard="inbox-1")
