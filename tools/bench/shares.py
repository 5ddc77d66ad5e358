"""Where the time of a service goes: py-spy looks at it many times a second while it is busy.

It counts who has the interpreter (the GIL), which only one thread has at a time; what C code does
without it, such as writing to the disk, is not counted. A moment is of the part that stands
innermost in the stack: a query that Rasa's store makes is the database's.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.bench.load import Load, drive, hold_one
from tools.bench.people import people, session
from tools.bench.service import Candidate, NotRunError, Service

CONVERSATIONS = 10
SAMPLES_PER_S = 200
# what a part is called, and where its code stands
PARTS: Mapping[str, tuple[str, ...]] = {
    "the database (SQLAlchemy and its drivers)": ("sqlalchemy/", "psycopg/", "bottlenecks/store/"),
    "screening for personal data": ("bottlenecks/privacy/", "presidio_analyzer/"),
    "understanding (spaCy, features, weights)": ("nlu/", "spacy/", "thinc/", "sklearn/", "scipy/"),
    "Rasa: its tracker, policies and loop": ("rasa/",),
    "the web server and the pages": (
        *("uvicorn/", "starlette/", "fastapi/", "anyio/", "httptools/", "jinja2/", "asyncio/"),
        *("bot/web/", "concurrent/"),
    ),
    "what the assistant does: flows, texts, reports, delivery": (
        *("dialogues/", "knowledge/", "bottlenecks/", "bot/"),
    ),
}
REST = "the rest"


@dataclass(frozen=True)
class Shares:
    """Percent of the time that the interpreter was held, by part, largest first."""

    of_part: Mapping[str, float]
    samples: int


def measure_shares(candidate: Candidate, seconds: float) -> Shares:
    """What the parts of a setup take under a load without time to think.

    Raises:
        NotRunError: py-spy may not look at processes here.
    """
    with tempfile.TemporaryDirectory(prefix="bench-shares-") as name:
        folder = Path(name)
        candidate.prepare(folder)
        with candidate.running(folder, logs_updates=False) as service:
            return asyncio.run(_looked_at(service, seconds, folder / "stacks.txt"))


async def _looked_at(service: Service, seconds: float, stacks: Path) -> Shares:
    looking: list[subprocess.Popen[bytes]] = []

    def begin() -> None:
        command = [
            *(Path(sys.executable).with_name("py-spy"), "record", "--gil", "--format", "raw"),
            *("--rate", str(SAMPLES_PER_S), "--duration", str(max(1, int(seconds) - 1))),
            *("--pid", str(service.own[0].pid), "--output", stacks),
        ]
        quiet = subprocess.DEVNULL
        looking.append(subprocess.Popen(command, stdout=quiet, stderr=quiet, env=dict(os.environ)))

    async with session() as http:
        await hold_one(people(service.person, http, service.url)())
        load = Load(CONVERSATIONS, 0.0, seconds)
        await drive(load, people(service.person, http, service.url), on_begin=begin)
    if await asyncio.to_thread(looking[0].wait, 60) != 0 or not stacks.exists():
        raise NotRunError("py-spy may not look at other processes here (it needs SYS_PTRACE)")
    return shares_of(stacks.read_text(encoding="utf-8").splitlines())


def shares_of(stacks: Iterable[str]) -> Shares:
    """Shares of stacks as py-spy writes them: frames from the outermost, and how often seen."""
    seen: Counter[str] = Counter()
    for line in stacks:
        frames, _, number = line.rpartition(" ")
        seen[part_of(frames.split(";"))] += int(number)
    total = seen.total()
    return Shares({part: 100 * number / total for part, number in seen.most_common()}, total)


def part_of(frames: list[str]) -> str:
    """The part that the innermost frame which is known belongs to."""
    for frame in reversed(frames):
        file = frame.partition(" (")[2]
        for part, places in PARTS.items():
            if file.startswith(places):
                return part
    return REST
