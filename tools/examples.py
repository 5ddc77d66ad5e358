"""Plays the example conversations and writes what is seen, with the documents, to docs/voorbeelden.

Run by `make examples`. The moment is fixed, so that the examples only change with the product.
"""

import io
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import yaml

from bot.application import load_assistant
from bot.settings import ROOT, load_settings
from bot.terminal import CHANNEL, Terminal, read_payload
from bot.worker import Worker
from bottlenecks.crypto import Cipher
from bottlenecks.store import open_database

FOLDER = ROOT / "docs" / "voorbeelden"
MOMENT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
# a line of a script that taps the button with this label
TAP = "!"


def main() -> None:
    """Write every example."""
    scripts = yaml.safe_load((FOLDER / "gesprekken.yml").read_text(encoding="utf-8"))
    assistant = load_assistant(load_settings())
    for name, script in scripts.items():
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{Path(folder) / 'example.db'}"
            with open_database(url, Cipher("x" * 40), clock=lambda: MOMENT) as database:
                worker = Worker(database, assistant, {CHANNEL: read_payload})
                screen = io.StringIO()
                terminal = Terminal(database, worker, output=screen, folder=Path(folder) / "files")
                for line in script["regels"]:
                    _say(terminal, str(line), screen)
            files = sorted(Path(folder, "files").glob("*.docx"))
            for file in files:
                (FOLDER / f"{name}{file.suffix}").write_bytes(file.read_bytes())
            seen = screen.getvalue().replace(f"{folder}/files/", "")
        text = (
            f"# {script['titel']}\n\n{script['uitleg'].strip()}\n\n```text\n{seen.strip()}\n```\n"
        )
        (FOLDER / f"{name}.md").write_text(text, encoding="utf-8")
        print(f"docs/voorbeelden/{name}.md")


def _say(terminal: Terminal, line: str, screen: io.StringIO) -> None:
    """Type a line; a tap is typed as the number of its button."""
    if line.startswith(TAP):
        labels = [choice.label for choice in terminal.choices]
        line = str(labels.index(line.removeprefix(TAP)) + 1)
    screen.write(f"\n> {line}\n")
    terminal.say(line)


if __name__ == "__main__":
    main()
