"""What came of conversations: read from the database and from what arrived, after the end."""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.settings import Settings
from bot.telegram import render
from bottlenecks.store import Database
from dialogues.reply import Reply
from tests.chaos.conversation import Conversation
from tests.chaos.officer import IN_PROGRESS
from tests.telegram_users import SentMessage


@dataclass
class Outcome:
    """What came of one conversation.

    `reports` is how many are in the database; `as_confirmed`: one says what was confirmed.
    `replies` is how many were written for it, `lost` how many of them never arrived, `again` when
    those arrived that then arrived once more. `answers` is how often the answer of the
    regional organisation stands in the report.
    """

    conversation: Conversation
    reports: int = 0
    as_confirmed: bool = False
    replies: int = 0
    lost: int = 0
    again: list[float] = field(default_factory=list)
    answers: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def missing(self) -> int:
        """1 when the report was confirmed, and is not there as it was confirmed."""
        return int(self.conversation.has_confirmed and not self.as_confirmed)

    @property
    def double(self) -> int:
        """How many reports, and answers in it, there are too many."""
        return max(0, self.reports - 1) + max(0, self.answers - 1)

    @property
    def is_good(self) -> bool:
        """Whether all is as it must be."""
        bad = self.missing or self.double or self.lost or self.problems
        return not bad and self.conversation.has_gone_on


def outcomes(
    folder: Path,
    settings: Settings,
    database: Database,
    conversations: Sequence[Conversation],
    arrived: dict[str, list[SentMessage]],
) -> list[Outcome]:
    """What came of each; `arrived` is what Telegram showed, by chat. The service has stopped."""
    file = settings.data_dir / "regiowijzer.db"
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as connection:
        written = _ledger(folder / "ledger.jsonl", connection)
        found = []
        for conversation in conversations:
            outcome = Outcome(conversation)
            person = conversation.person
            with database.reading() as work:
                account = work.mailbox.account_of(person.channel, person.outside_id)
            if account is None:
                outcome.problems.append("nothing of it is in the database")
            else:
                _reports(outcome, connection, account)
                replies = written[account]
                if person.channel == "telegram":
                    _telegram(outcome, replies, arrived[person.outside_id])
                else:
                    _web(outcome, replies, connection, account)
            if conversation.problem:
                outcome.problems.append(conversation.problem)
            found.append(outcome)
    return found


def queue_problems(file: Path, updates: int) -> list[str]:
    """What is wrong with the queues and the file, after all was handled."""
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as connection:
        inbox = dict(connection.execute("SELECT status, count(*) FROM inbox GROUP BY status"))
        outbox = dict(connection.execute("SELECT status, count(*) FROM outbox GROUP BY status"))
        check = connection.execute("PRAGMA integrity_check").fetchone()[0]
    problems = []
    if inbox != {"done": updates}:
        problems.append(f"{updates} messages were sent, the inbox has {inbox}")
    if set(outbox) != {"sent"}:
        problems.append(f"the outbox has {outbox}")
    if check != "ok":
        problems.append(f"the database is damaged: {check}")
    return problems


def _ledger(file: Path, connection: sqlite3.Connection) -> dict[str, list[tuple[int, Reply]]]:
    """The replies that were committed, by account, in order.

    A line is written before the commit; of an id that was rolled back and given out again, the
    last line counts.
    """
    lines = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        lines[entry["id"]] = entry
    written = defaultdict(list)
    for number, account in connection.execute("SELECT id, account_id FROM outbox ORDER BY id"):
        assert lines[number]["account"] == account
        written[account].append((number, Reply.model_validate_json(lines[number]["reply"])))
    return written


def _reports(outcome: Outcome, connection: sqlite3.Connection, account: str) -> None:
    conversation = outcome.conversation
    reports = connection.execute(
        "SELECT id, reference, description, severity FROM report WHERE account_id = ?", (account,)
    ).fetchall()
    outcome.reports = len(reports)
    if outcome.reports > 1:
        outcome.problems.append(f"{outcome.reports} reports")
    for number, reference, description, severity in reports:
        expected = (conversation.story, conversation.severity.lower())
        if (description, severity) == expected:
            outcome.as_confirmed = True
        else:
            outcome.problems.append(f"{reference} is not what was confirmed")
        if conversation.reference not in (None, reference):
            outcome.problems.append(f"{reference} has another number than was told")
        if not conversation.is_answered:
            continue
        events = connection.execute(
            "SELECT kind, text, status_to FROM report_event WHERE report_id = ?", (number,)
        ).fetchall()
        outcome.answers = sum(text == conversation.answer() for _, text, _ in events)
        moves = sum(status == IN_PROGRESS for _, _, status in events)
        if (outcome.answers, moves) != (1, 1):
            outcome.problems.append(
                f"{reference} has the answer {outcome.answers} times, and was moved {moves} times"
            )


def _telegram(
    outcome: Outcome, replies: list[tuple[int, Reply]], messages: list[SentMessage]
) -> None:
    expected = [text for _, reply in replies for text, _ in render(reply)]
    outcome.replies = len(replies)
    outcome.lost = sum((Counter(expected) - Counter(m.text for m in messages)).values())
    place = 0
    came: dict[str, float] = {}
    for message in messages:
        if place < len(expected) and message.text == expected[place]:
            place += 1
        elif message.text in expected[:place]:
            outcome.again.append(came[message.text])
        else:
            outcome.problems.append(f"out of turn: {message.text[:60]!r}")
        came[message.text] = message.at
    if outcome.lost:
        outcome.problems.append(f"{outcome.lost} messages never arrived")


def _web(
    outcome: Outcome,
    replies: list[tuple[int, Reply]],
    connection: sqlite3.Connection,
    account: str,
) -> None:
    outcome.replies = len(replies)
    shown = [
        number
        for (number,) in connection.execute(
            "SELECT outbox_id FROM web_message WHERE account_id = ? AND outbox_id IS NOT NULL "
            "ORDER BY id",
            (account,),
        )
    ]
    expected = [number for number, _ in replies]
    outcome.lost = len(set(expected) - set(shown))
    if shown != expected:
        outcome.problems.append(f"the mailbox has replies {shown}, written were {expected}")
