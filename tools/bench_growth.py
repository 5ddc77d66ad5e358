"""`python -m tools.bench_growth`: what a message takes with 1,000 topics, and after 500 messages.

Through the real inbox, worker and outbox, on SQLite. The topics are generated (tools/growth/
topics.py) and a model is trained on them, which takes minutes; it is kept in .cache and used again
while its input is the same. With `--keep` the figures are written into docs/growth.md.
"""

import argparse
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.application import load_assistant
from bot.settings import Settings
from bottlenecks.crypto import Cipher
from bottlenecks.store import open_database
from bottlenecks.store.database import random_id
from dialogues.assistant import Assistant
from knowledge import load
from nlu.training import MODEL_NAME, is_current, train
from tests.conftest import Talk
from tools.growth.document import keep, machine
from tools.growth.talk import long_conversation, questions, side_by_side
from tools.growth.topics import REAL_STEP, ROOT, SENTENCES, grown_folder

TOPICS = 1_000
QUESTIONS = 200
WARM_UP = 10
MESSAGES, COMPARED = 500, 50
# at most so many times as long: what is asked for, and "as fast" with some room for noise
MOST_FOR_TOPICS = 2.0
MOST_AT_THE_END = 1.1


@dataclass(frozen=True)
class Times:
    """Milliseconds that messages took."""

    name: str
    took: list[float]

    @property
    def median(self) -> float:
        """Half of them took less."""
        return statistics.median(self.took)

    @property
    def ninety_fifth(self) -> float:
        """19 of 20 took less."""
        return float(np.quantile(self.took, 0.95))


def grown_assistant(topics: int, folder: Path) -> Assistant:
    """An assistant that knows so many topics; its model is kept in `folder`."""
    with tempfile.TemporaryDirectory() as root:
        grown_folder(Path(root), topics)
        if not is_current(folder, Path(root)):
            _say(f"training a model on {topics} topics, this takes minutes")
            train(folder, _say, Path(root))
        return Assistant(folder / MODEL_NAME, load(Path(root) / "knowledge"), new_id=random_id)


def with_topics(present: Assistant, grown: Assistant, number: int) -> tuple[list[Times], int]:
    """The same questions to both, in turn: those answered alike, and how many that are."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        with (
            open_database(f"sqlite:///{path / 'present.db'}", Cipher("b" * 40)) as few,
            open_database(f"sqlite:///{path / 'grown.db'}", Cipher("b" * 40)) as many,
        ):
            talks = [Talk(few, present), Talk(many, grown)]
            took, said = side_by_side(talks, questions(WARM_UP + number))
    # what was answered otherwise is other work: a model of more topics is less often sure
    alike = [n for n in range(WARM_UP, len(took[0])) if said[0][n] == said[1][n]]
    names = [f"{len(one.knowledge.topics)} topics" for one in (present, grown)]
    compared = [[one[n] for n in alike] for one in took]
    return [Times(name, one) for name, one in zip(names, compared, strict=True)], len(alike)


def in_a_conversation(assistant: Assistant, messages: int, compared: int) -> list[Times]:
    """The first and the last messages of a long conversation."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'long.db'}"
        with open_database(url, Cipher("b" * 40)) as database:
            took = long_conversation(database, assistant, messages)
    last = f"messages {messages - compared + 1} to {messages}"
    return [
        Times(f"messages 1 to {compared}", took[:compared]),
        Times(last, took[-compared:]),
    ]


def as_markdown(pair: list[Times]) -> str:
    """Both side by side, and how many times as long the second one takes."""
    lines = ["| | median ms | 95% within ms |", "|---|---:|---:|"]
    lines += [f"| {one.name} | {one.median:.1f} | {one.ninety_fifth:.1f} |" for one in pair]
    return "\n".join([*lines, f"| times as long | {ratio(pair):.2f} | |"])


def ratio(pair: list[Times]) -> float:
    """How many times as long the second one takes."""
    return pair[1].median / pair[0].median


def main() -> None:
    """Measure both and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", action="store_true", help="write the figures to docs/growth.md")
    parser.add_argument("--topics", type=int, default=TOPICS)
    parser.add_argument("--messages", type=int, default=MESSAGES)
    parser.add_argument("--only", choices=("topics", "conversation"), help="measure only this")
    parser.add_argument("--model", type=Path, help="folder that the grown model is kept in")
    chosen = parser.parse_args()
    present = load_assistant(Settings(_env_file=None))
    failed = []
    print(machine())
    if chosen.only != "topics":
        pair = in_a_conversation(present, chosen.messages, min(COMPARED, chosen.messages // 2))
        print("\n" + as_markdown(pair))
        if chosen.keep:
            keep("conversation", as_markdown(pair))
        if ratio(pair) > MOST_AT_THE_END:
            failed.append("a conversation is slower at its end")
    if chosen.only != "conversation":
        folder = chosen.model or ROOT / ".cache" / "growth" / str(chosen.topics)
        grown = grown_assistant(chosen.topics, folder)
        pair, alike = with_topics(present, grown, QUESTIONS)
        told = (
            f"The grown model learned {SENTENCES} sentences of each made-up topic and one in "
            f"{REAL_STEP} of the real ones. Compared are the {alike} of {QUESTIONS} questions that "
            "both answered alike."
        )
        print(f"\n{as_markdown(pair)}\n\n{told}")
        if chosen.keep:
            keep("topics", f"{as_markdown(pair)}\n\n{told}")
        if ratio(pair) > MOST_FOR_TOPICS:
            failed.append("a thousand topics more than double a message's time")
    if failed:
        _say("not as wanted: " + "; ".join(failed))
        raise SystemExit(1)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
