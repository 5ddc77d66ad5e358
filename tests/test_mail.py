"""Signals by e-mail, to a real mail server on loopback."""

import asyncio
import logging
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pytest
from pydantic import ValidationError

from bot.delivery import Delivery
from bot.mail import MAX_SUBJECT, MailDelivery, MailServer, mail_of, subject_of
from bot.settings import Settings
from bot.signals import Teller, Watch
from bottlenecks.signals import MAIL, Condition
from bottlenecks.store import Database
from bottlenecks.store.outbox import BACK_OFF_S
from bottlenecks.store.signal_rules import RuleDraft
from dialogues.reply import Reply
from tests.conftest import Clock
from tests.desk import ADMIN, REGIONS, add_officer
from tests.desk_reports import file_report
from tests.mail_server import FROM, PASSWORD, USER, FakeMailServer

TEXT = "Signaal: thuiszorg (Utrecht)\n\nZes meldingen, één ervan hoog.\nTweede regel"
Security = Literal["starttls", "tls", "none"]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[FakeMailServer]:
    with FakeMailServer(tmp_path) as running:
        yield running


def put(database: Database, *addresses: str, text: str = TEXT) -> None:
    with database.work() as work:
        for address in addresses:
            account = work.accounts.find_or_create(MAIL, address, address)
            work.outbox.add(account.id, Reply(text=text).model_dump_json())


def deliver(
    database: Database,
    server: MailServer,
    *,
    tls: ssl.SSLContext | None = None,
    clock: Callable[[], datetime] = lambda: datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
) -> int:
    channel = MailDelivery(server, tls=tls, clock=clock, timeout_s=5)
    return asyncio.run(Delivery(database, channel).deliver_due())


def counts(database: Database) -> dict[str, int]:
    with database.work() as work:
        return {status: work.outbox.count(status) for status in ("pending", "sent", "dead")}


def test_a_message_arrives_as_it_was_written(database: Database, server: FakeMailServer) -> None:
    put(database, "ada@rho.example", "bo@rho.example")
    assert deliver(database, server.settings()) == 2
    assert sorted(server.receivers) == [["ada@rho.example"], ["bo@rho.example"]]
    first, second = server.messages
    assert first["From"] == FROM and first["Subject"] == "Signaal: thuiszorg (Utrecht)"
    assert first.get_content().replace("\r\n", "\n").strip() == TEXT
    assert first["Content-Language"] == "nl"
    assert first["Date"] == "Mon, 02 Mar 2026 09:00:00 +0000"
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["Message-ID"].endswith("@rho.example>")
    assert first["Message-ID"] != second["Message-ID"]
    assert counts(database) == {"pending": 0, "sent": 2, "dead": 0}


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_it_signs_in_over_an_encrypted_connection(
    database: Database, tmp_path: Path, security: Security
) -> None:
    put(database, ADMIN)
    with FakeMailServer(tmp_path, security, with_login=True) as server:
        assert deliver(database, server.settings(), tls=server.trust()) == 1
    assert server.receivers == [[ADMIN]]


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028"])
def test_a_line_break_makes_no_header(database: Database, server: FakeMailServer, end: str) -> None:
    put(database, ADMIN, text=f"Signaal{end}Bcc: kwaad@elders.example{end}{end}Een tekst")
    assert deliver(database, server.settings()) == 1
    [message] = server.messages
    assert message["Subject"] == "Signaal" and message["Bcc"] is None
    assert server.receivers == [[ADMIN]]
    assert "Bcc: kwaad@elders.example" in message.get_content()
    assert counts(database) == {"pending": 0, "sent": 1, "dead": 0}


def test_a_certificate_that_nobody_trusts_is_refused(database: Database, tmp_path: Path) -> None:
    put(database, ADMIN)
    with FakeMailServer(tmp_path, "starttls", with_login=True) as server:
        assert deliver(database, server.settings()) == 0
    assert server.messages == [] and counts(database)["pending"] == 1


def test_a_refusal_for_now_is_tried_again(
    database: Database, server: FakeMailServer, clock: Clock
) -> None:
    put(database, ADMIN)
    server.answers += ["451 4.3.0 Try later", "452 4.2.2 Mailbox full"]
    assert deliver(database, server.settings()) == 0
    assert counts(database) == {"pending": 1, "sent": 0, "dead": 0}
    assert deliver(database, server.settings()) == 0, "not before its time"
    clock.forward(BACK_OFF_S[0])
    assert deliver(database, server.settings()) == 0
    clock.forward(BACK_OFF_S[1])
    assert deliver(database, server.settings()) == 1
    assert len(server.messages) == 1


def test_a_refusal_for_good_is_given_up(
    database: Database, server: FakeMailServer, caplog: pytest.LogCaptureFixture
) -> None:
    put(database, ADMIN, "weg@rho.example")
    server.refuses["weg@rho.example"] = "550 5.1.1 No such user"
    with caplog.at_level(logging.INFO, "bot"):
        assert deliver(database, server.settings()) == 1
    assert counts(database) == {"pending": 0, "sent": 1, "dead": 1}
    [given_up] = [one for one in caplog.records if one.message == "reply given up"]
    assert vars(given_up)["reason"] == "550" and "rho.example" not in str(vars(given_up))
    server.answers.append("554 5.7.1 Spam")
    put(database, ADMIN)
    deliver(database, server.settings())
    assert counts(database) == {"pending": 0, "sent": 1, "dead": 2}


def test_an_address_is_refused_for_now(
    database: Database, server: FakeMailServer, clock: Clock
) -> None:
    put(database, ADMIN)
    server.refuses[ADMIN] = "450 4.2.0 Greylisted"
    deliver(database, server.settings())
    assert counts(database) == {"pending": 1, "sent": 0, "dead": 0}
    server.refuses.clear()
    clock.forward(BACK_OFF_S[0])
    assert deliver(database, server.settings()) == 1


def test_a_wrong_password_loses_nothing(database: Database, tmp_path: Path, clock: Clock) -> None:
    put(database, ADMIN)
    with FakeMailServer(tmp_path, "starttls", with_login=True) as server:
        # more often than a message is tried that the server refuses for now
        for _ in range(len(BACK_OFF_S) + 1):
            assert deliver(database, server.settings("fout"), tls=server.trust()) == 0
            clock.forward(3600)
        assert counts(database) == {"pending": 1, "sent": 0, "dead": 0}
        assert deliver(database, server.settings(), tls=server.trust()) == 1


def test_a_server_that_is_away_is_tried_again(database: Database, clock: Clock) -> None:
    put(database, ADMIN)
    nowhere = MailServer("127.0.0.1", 9, "none", FROM)
    assert deliver(database, nowhere) == 0
    assert counts(database) == {"pending": 1, "sent": 0, "dead": 0}


def test_what_cannot_be_mail_is_given_up(database: Database, server: FakeMailServer) -> None:
    with database.work() as work:
        account = work.accounts.find_or_create(MAIL, ADMIN, ADMIN)
        work.outbox.add(account.id, "no reply at all")
    put(database, "ada@rho.example\nBcc: all@rho.example")
    assert deliver(database, server.settings()) == 0
    assert counts(database) == {"pending": 0, "sent": 0, "dead": 2} and server.messages == []


def test_a_subject_is_one_line() -> None:
    assert subject_of("\n Signaal: a \nrest") == "Signaal: a"
    assert len(subject_of("x" * 500)) == MAX_SUBJECT


def test_from_report_to_mail(database: Database, server: FakeMailServer) -> None:
    ada = add_officer(database)
    condition = Condition(severities=("hoog",), more_than=0, days=7)
    draft = RuleDraft("Spoed", condition, (ada,), by_mail=True)
    with database.work() as work:
        work.signals.add_rule(draft, created_by=ada)
    file_report(database, "Verzonnen verhaal", severity="hoog")
    assert Watch(database, Teller(REGIONS, {MAIL})).look() == 1
    assert deliver(database, server.settings()) == 1
    [message] = server.messages
    assert message["Subject"] == "Signaal: Spoed (Utrecht)" and message["To"] == ADMIN
    assert "1 melding met ernst hoog" in message.get_content()
    assert "Verzonnen verhaal" not in message.get_content(), "what it says stays at the desk"


def test_addresses_are_not_readable_in_the_database(database: Database) -> None:
    put(database, ADMIN)
    with database.engine.connect() as connection:
        [row] = connection.exec_driver_sql("SELECT address, outside_hash FROM account").all()
    assert b"rho.example" not in bytes(row[0]) and "rho.example" not in row[1]


def settings(**values: object) -> Settings:
    return Settings(_env_file=None, **values)


def test_settings_of_a_mail_server() -> None:
    assert mail_of(settings()) is None
    found = MailServer.of(
        settings(
            smtp_host="mail.rho.example", mail_from=FROM, smtp_user=USER, smtp_password=PASSWORD
        )  # fmt: skip
    )
    assert found == MailServer("mail.rho.example", 587, "starttls", FROM, USER, PASSWORD)
    other = settings(smtp_host="m", mail_from="a@b.example", smtp_security="tls")
    assert MailServer.of(other) == MailServer("m", 465, "tls", "a@b.example")
    assert PASSWORD not in repr(settings(smtp_password=PASSWORD)) + repr(found)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"smtp_host": "m"}, "MAIL_FROM"),
        ({"smtp_host": "m", "mail_from": "no address"}, "must be an e-mail address"),
        ({"smtp_host": "m", "mail_from": FROM, "smtp_user": USER}, "go together"),
        ({"smtp_host": "m", "mail_from": FROM, "smtp_password": "x"}, "go together"),
        (
            {
                "smtp_host": "m",
                "mail_from": FROM,
                "smtp_user": USER,
                "smtp_password": "x",
                "smtp_security": "none",
            },
            "readable",
        ),
        ({"smtp_security": "ssl"}, "starttls"),
        ({"smtp_port": 0}, "greater than or equal"),
    ],
)
def test_settings_that_cannot_work(values: dict[str, object], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        settings(**values)
