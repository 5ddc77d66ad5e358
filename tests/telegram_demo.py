"""`python -m tests.telegram_demo`: see and try the bot as in Telegram, without Telegram.

Starts the fake Bot API and `regiowijzer serve` against it, with its data in a temporary folder,
plays a conversation, and then lets you type when there is a terminal.
"""

import sys
import tempfile
from pathlib import Path

from bot.application import load_assistant
from bot.opening import configure_logging, open_store
from tests.serving import Serving, settings_for
from tests.telegram_api import FakeBotApi
from tests.telegram_users import FakeUser

TAP = "[tik] "
SCRIPT = (
    "/start",
    "wie coördineert het noodplan?",
    "waar staat dat?",
    "al drie organisaties gebeld, nergens thuiszorg te vinden in Geleen, graag melden",
    f"{TAP}Hoog",
    f"{TAP}Anoniem melden",
    f"{TAP}Ja, graag",
    f"{TAP}Versturen",
    "wat is de status van mijn melding?",
)
HELP = "Typ een bericht, of het nummer van een knop. Ctrl-D sluit."


class Screen:
    """What one user sees."""

    def __init__(self, api: FakeBotApi, serving: Serving, user: FakeUser) -> None:
        """Nothing is shown yet."""
        self._api = api
        self._serving = serving
        self._user = user
        self._shown = 0
        self._labels: tuple[str, ...] = ()

    def play(self, line: str) -> None:
        """Type a line, or tap the button that it names, and show what the bot says."""
        print(f"\nJij:  {line}")
        self.send(line)

    def send(self, line: str) -> None:
        """Type a line, or tap: `[tik] label`, or the number of a button last shown."""
        number = int(line) if line.isdecimal() and len(line) < 4 else 0
        if line.startswith(TAP):
            self._user.taps(line.removeprefix(TAP))
        elif 0 < number <= len(self._labels):
            self._user.taps(self._labels[number - 1], old=True)
        else:
            self._user.says(line)
        self._api.wait_acknowledged()
        self._serving.settle()
        messages = self._user.messages
        for message in messages[self._shown :]:
            print("\nBot:  " + message.text.replace("\n", "\n      "))
            if message.labels:
                self._labels = message.labels
            for place, label in enumerate(message.labels, 1):
                print(f"      [{place}] {label}")
        self._shown = len(messages)


def main() -> None:
    """Play the script, then let a person go on."""
    with tempfile.TemporaryDirectory() as folder, FakeBotApi() as api:
        settings = settings_for(Path(folder), api)
        configure_logging(settings)
        assistant = load_assistant(settings)
        with open_store(settings) as database, Serving(settings, database, assistant) as serving:
            screen = Screen(api, serving, api.user(1))
            for line in SCRIPT:
                screen.play(line)
            if not sys.stdin.isatty():
                return
            print(f"\n{HELP}")
            while True:
                try:
                    line = input("\nJij:  ").strip()
                except (EOFError, KeyboardInterrupt):
                    print()
                    return
                if line:
                    screen.send(line)


if __name__ == "__main__":
    main()
