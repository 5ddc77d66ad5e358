"""Who reads the database file: no password, session, key, link or outside id stands in it."""

from datetime import timedelta
from pathlib import Path

from argon2 import extract_parameters
from sqlalchemy import select

from bottlenecks.models_desk import DeskUser
from bottlenecks.roles import EVERYWHERE
from bottlenecks.store import Database
from tests.desk import PASSWORD, add_officer


def test_nothing_that_lets_in_can_be_read_in_the_file(database: Database, tmp_path: Path) -> None:
    officer = add_officer(database)
    with database.work() as work:
        session = work.officers.sign_in(officer)
        _, key = work.tokens.make("Voorbeeldprogramma", EVERYWHERE, officer)
        invitation = work.invitations.make("Voorbeeldpraktijk", officer, timedelta(days=1))
        account = work.accounts.find_or_create("telegram", "7654321098", "7654321098")
        code = work.codes.make(account.person_id)
        work.inbox.receive("telegram", "1", "de kwikstaart zingt")
        work.outbox.add(account.id, "de kwikstaart zwijgt")
    stored = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())
    assert b"Voorbeeldpraktijk" in stored  # it is the right file
    for secret in (PASSWORD, session, key, invitation, "7654321098", code, "kwikstaart"):
        assert secret.encode() not in stored, secret


def test_passwords_are_kept_with_argon2id(database: Database) -> None:
    add_officer(database)
    with database.reading() as work:
        kept = work._session.scalar(select(DeskUser.password_hash))
    assert kept is not None and kept.startswith("$argon2id$")
    used = extract_parameters(kept)
    # RFC 9106, for machines with little memory: 64 MiB, three passes
    assert used.memory_cost >= 64 * 1024 and used.time_cost >= 3
    assert used.salt_len >= 16 and used.hash_len >= 32
