"""Runs the browser as a channel: web server and delivery."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from fastapi import APIRouter
from starlette.types import ASGIApp

from bot.bells import Bells
from bot.delivery import Delivery
from bot.metrics import Metrics
from bot.settings import Settings
from bot.web import server
from bot.web.app import create_app
from bot.web.channel import Watchers, WebDelivery
from bottlenecks.store import Database
from knowledge import Knowledge

LOGGER = logging.getLogger(__name__)


def web_jobs(
    settings: Settings,
    database: Database,
    knowledge: Knowledge,
    stop: asyncio.Event,
    arrived: Bells,
    answered: Bells,
    on_ready: Callable[[str], None],
    more: Sequence[APIRouter] = (),
    metrics: Metrics | None = None,
    bot_name: Callable[[], str | None] = lambda: None,
    watchers: Watchers | None = None,
) -> list[Coroutine[Any, Any, None]]:
    """What runs, until `stop` is set, to serve chat and desk and to deliver to browsers.

    `arrived` is rung when a message came in, `answered` when one is to be delivered; `on_ready`
    gets the address; `more` are routes of other channels; `metrics` are shown at
    `/metrics`; `bot_name` gives the name of the Telegram bot; `watchers` are
    the pages that wait for messages. The server raises WebServerError when its port cannot be used.
    """
    watchers = watchers or Watchers()
    app = create_app(
        settings,
        database,
        knowledge,
        watchers=watchers,
        on_received=arrived.ring,
        on_reply=answered.ring,
        stop=stop,
        more=more,
        metrics=metrics,
        bot_name=bot_name,
    )
    delivery = Delivery(database, WebDelivery(database, watchers), meter=metrics)
    return [delivery.run(stop, answered.new()), _serve(app, settings, stop, on_ready)]


async def _serve(
    app: ASGIApp, settings: Settings, stop: asyncio.Event, on_ready: Callable[[str], None]
) -> None:
    if (settings.public_url or "").startswith("https://") and not settings.proxies:
        LOGGER.warning(
            "PUBLIC_URL is https, so a proxy is in front of this server: name its address in "
            "TRUSTED_PROXIES, or all visitors count as one"
        )
    try:
        await server.run(app, settings.web_host, settings.port, stop, on_ready, settings.proxies)
    finally:
        stop.set()
