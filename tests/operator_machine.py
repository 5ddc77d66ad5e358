"""A machine of the operator that asks how the service is doing."""

import asyncio

from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr
from starlette.testclient import TestClient

from bot.settings import Settings
from bot.web.app import create_app
from bot.web.channel import Watchers
from bottlenecks.store import Database
from dialogues.assistant import Assistant

HERE = ("127.0.0.1", 50_000)
URL = "http://127.0.0.1:8000"
PUBLIC = "https://wijzer.example.nl"
Figures = dict[tuple[str, ...], float]


def visitor(
    database: Database,
    assistant: Assistant,
    *,
    client: tuple[str, int] = HERE,
    base: str = URL,
    token: str | None = None,
) -> TestClient:
    """Whoever asks the application from this address."""
    settings = Settings(
        _env_file=None,
        telegram_token=None,
        public_url=PUBLIC,
        metrics_token=SecretStr(token) if token else None,
    )
    app = create_app(
        settings,
        database,
        assistant.knowledge,
        watchers=Watchers(),
        on_received=lambda: None,
        on_reply=lambda: None,
        stop=asyncio.Event(),
    )
    return TestClient(app, base_url=base, client=client)


def figures(page: str) -> Figures:
    """The values on a page of /metrics, by name and values of labels (in order of their names)."""
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }
