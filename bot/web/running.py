"""Runs the browser as a channel: web server and delivery."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from starlette.types import ASGIApp

from bot.bells import Bells
from bot.delivery import Delivery
from bot.settings import Settings
from bot.web import server
from bot.web.app import create_app
from bot.web.channel import Watchers, WebDelivery
from bottlenecks.store import Database
from knowledge import Knowledge


def web_jobs(
    settings: Settings,
    database: Database,
    knowledge: Knowledge,
    stop: asyncio.Event,
    arrived: Bells,
    answered: Bells,
    on_ready: Callable[[str], None],
) -> list[Coroutine[Any, Any, None]]:
    """What runs, until `stop` is set, to serve chat and desk and to deliver to browsers.

    `arrived` is rung when a message came in, `answered` when one is to be delivered; `on_ready`
    gets the address. The server raises WebServerError when its port cannot be used.
    """
    watchers = Watchers()
    app = create_app(
        settings,
        database,
        knowledge,
        watchers=watchers,
        on_received=arrived.ring,
        on_reply=answered.ring,
        stop=stop,
    )
    delivery = Delivery(database, WebDelivery(database, watchers))
    return [delivery.run(stop, answered.new()), _serve(app, settings, stop, on_ready)]


async def _serve(
    app: ASGIApp, settings: Settings, stop: asyncio.Event, on_ready: Callable[[str], None]
) -> None:
    try:
        await server.run(app, settings.web_host, settings.port, stop, on_ready)
    finally:
        stop.set()
