"""The demo: chat and desk with example reports and an example login, on this machine alone."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from bot.opening import open_store
from bot.serve import serve
from bot.settings import ROOT, Settings
from bottlenecks import passwords
from bottlenecks.desk.examples.adding import LOGIN, PASSWORD, add_examples
from dialogues.assistant import Assistant


def folder_of(settings: Settings) -> Path:
    """Where the demo keeps its data: apart from those of the service."""
    return settings.data_dir / "demo"


def run(settings: Settings, assistant: Assistant) -> None:
    """Add the examples when there is nothing yet, and serve until stopped.

    Raises:
        DatabaseError, WebServerError: see `serve`.
    """
    alone = settings.model_copy(update={"web": True, "web_host": "127.0.0.1"})
    with open_store(alone) as database:
        added = add_examples(database, passwords.hash_password(PASSWORD), datetime.now(UTC))
        if added:
            print(f"{added} voorbeeldmeldingen toegevoegd (verzonnen, over twaalf weken).")
        asyncio.run(
            serve(
                alone,
                database,
                assistant,
                on_web=lambda url: print(_text(url, _short(alone.data_dir)), flush=True),
            )
        )


def _text(url: str, folder: str) -> str:
    return (
        f"\nRegiowijzer draait.\n\n"
        f"  Chat voor praktijken:        {url}/chat\n"
        f"  Beheer voor de RHO:          {url}/beheer\n"
        f"  Inloggen bij beheer:         {LOGIN}\n"
        f"  Wachtwoord:                  {PASSWORD}\n\n"
        f"Stoppen: Ctrl-C. Opnieuw beginnen: stop, en verwijder de map {folder}.\n"
        f"Chatten in de terminal: make chat."
    )


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
