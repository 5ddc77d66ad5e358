"""What is known of the running system, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.pages import ago, moment
from bottlenecks.readiness import HANDLED, READ, SCHEMA, WRITTEN, Check
from bottlenecks.signals import MAIL, TELEGRAM
from bottlenecks.store import Work
from bottlenecks.store.dead_letters import DeadLetter
from bottlenecks.store.health import Queue

NOT_HERE = "De gegevens staan op een andere server: hoeveel ruimte daar is, is hier niet te zien."
CHANNELS = {TELEGRAM: "Telegram", MAIL: "e-mail", "web": "de browser", "terminal": "de terminal"}
QUEUES = {
    ("inbox", "new"): "Berichten die nog verwerkt worden",
    ("inbox", "failed"): "Berichten die bleven liggen",
    ("outbox", "pending"): "Antwoorden die nog bezorgd worden",
    ("outbox", "dead"): "Antwoorden die bleven liggen",
}
# what was tried, how it reads when it works, and when it does not
CHECKS = {
    READ: ("Gegevens lezen", "Dit lukt.", "Dit lukt niet."),
    SCHEMA: (
        "Gegevens en versie",
        "Ze passen bij elkaar.",
        "De gegevens passen niet bij deze versie. Start Regiowijzer opnieuw.",
    ),
    HANDLED: (
        "Berichten verwerken",
        "Geen bericht wacht lang.",
        "Een bericht wacht al meer dan een minuut. Start Regiowijzer opnieuw.",
    ),
    WRITTEN: ("Gegevens bewaren", "Dit lukt.", "Dit lukt niet. Kijk of de schijf vol is."),
}
# kinds of errors that come from what others do, and need no programmer
ERRORS = {
    "Forbidden": "de ontvanger blokkeerde de bot of is weg",
    "TimedOut": "Telegram gaf geen antwoord",
    "NetworkError": "Telegram was niet te bereiken",
    "InvalidToken": "Telegram weigert het token van de bot",
}


@dataclass(frozen=True)
class Tried:
    """A check as shown."""

    name: str
    works: bool
    text: str


@dataclass(frozen=True)
class Waiting:
    """A queue as shown; `is_wrong` when something in it was set aside."""

    name: str
    length: int
    oldest: str
    is_wrong: bool


def tried(checks: Sequence[Check]) -> list[Tried]:
    """The checks as shown."""
    shown = []
    for one in checks:
        name, works, fails = CHECKS[one.name]
        shown.append(Tried(name, one.cause is None, works if one.cause is None else fails))
    return shown


def waiting(queues: Sequence[Queue]) -> list[Waiting]:
    """The queues as shown."""
    return [
        Waiting(
            QUEUES[one.name, one.status],
            one.length,
            _seconds(one.oldest_s) if one.length else "",
            one.status in ("failed", "dead") and one.length > 0,
        )
        for one in queues
    ]


def what_it_is(letter: DeadLetter) -> str:
    """What was set aside: "Bericht uit Telegram"."""
    channel = CHANNELS.get(letter.channel, letter.channel)
    if letter.queue == "inbox":
        return f"Bericht uit {channel}"
    return f"Antwoord voor {channel}"


def what_went_wrong(letter: DeadLetter) -> str:
    """What an operator can do something with; empty when only the kind of error says it."""
    return ERRORS.get(letter.error, "")


def system(desk: DeskContext, work: Work) -> list[tuple[str, str]]:
    """What is known of this system: name and value."""
    now = work.now()
    disk = work.health.disk()
    facts = [
        ("Versie van Regiowijzer", metadata.version("regiowijzer")),
        ("Kennis", f"{len(desk.knowledge.topics)} onderwerpen, versie {desk.knowledge.revision}"),
        ("Vorm van de gegevens", f"versie {work.health.revision()}"),
        ("Grootte van de gegevens", in_bytes(disk.size)),
        ("Vrije ruimte op de schijf", NOT_HERE if disk.free is None else in_bytes(disk.free)),
        ("Laatste keer opgeruimd", _tidied(desk, now)),
    ]
    if disk.free is not None and desk.backups is not None:
        facts.append(("Laatste kopie (back-up)", _backup(desk.backups, now)))
    return facts


def in_bytes(number: int) -> str:
    """A size as people read it: "1,5 GB"."""
    size, unit = float(number), "bytes"
    for larger in ("kB", "MB", "GB", "TB"):
        if size < 1000:
            break
        size, unit = size / 1000, larger
    shown = f"{size:.0f}" if unit == "bytes" or size >= 10 else f"{size:.1f}"
    return f"{shown.replace('.', ',')} {unit}"


def _tidied(desk: DeskContext, now: datetime) -> str:
    last = desk.last_tidied()
    if last is None:
        return "niet bekend: nog niet sinds de start"
    if last.failed:
        return f"mislukt, {moment(last.at)}. Over een uur probeert Regiowijzer het opnieuw."
    return f"{moment(last.at)}, gelukt"


def _backup(folder: Path, now: datetime) -> str:
    try:
        made = max((one.stat().st_mtime for one in folder.glob("regiowijzer-*.db")), default=None)
    except OSError:
        return "niet bekend: de map met kopieën is niet te lezen"
    if made is None:
        return "geen in de gewone map. Kopieën op een andere plek ziet deze pagina niet."
    at = datetime.fromtimestamp(made, UTC)
    return f"{moment(at)} ({ago(at, now)} geleden)"


def _seconds(seconds: float) -> str:
    """How long something waits."""
    if seconds < 60:
        return f"{seconds:.0f} seconden" if round(seconds) != 1 else "1 seconde"
    if seconds < 3600:
        minutes = int(seconds // 60)
        return "1 minuut" if minutes == 1 else f"{minutes} minuten"
    if seconds < 48 * 3600:
        return f"{int(seconds // 3600)} uur"
    return f"{int(seconds // 86400)} dagen"
