"""Puts the web application together: chat, desk, API, health."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from sqlalchemy.exc import SQLAlchemyError

from bot.limits import Pace
from bot.metrics import Metrics
from bot.notices import as_reply
from bot.settings import LOCAL, Settings
from bot.web import chat, operator, privacy
from bot.web.channel import Watchers
from bot.web.context import ChatContext
from bot.web.guard import GuardedApp, host_in
from bottlenecks.desk import app as desk_app
from bottlenecks.desk.context import DeskContext, OidcSettings
from bottlenecks.store import Database
from knowledge import Knowledge

LOGGER = logging.getLogger(__name__)
STATIC = Path(__file__).parent / "static"


def create_app(
    settings: Settings,
    database: Database,
    knowledge: Knowledge,
    *,
    watchers: Watchers,
    on_received: Callable[[], None],
    on_reply: Callable[[], None],
    stop: asyncio.Event,
    more: Sequence[APIRouter] = (),
    metrics: Metrics | None = None,
    bot_name: Callable[[], str | None] = lambda: None,
) -> FastAPI:
    """The application.

    Args:
        settings: how it is reached, and by whom.
        database: where everything is kept.
        knowledge: names of regions, phases and insurers.
        watchers: the pages that wait for messages.
        on_received: called, from any thread, after a message was put in the inbox.
        on_reply: called, from any thread, after a message was put in the outbox.
        stop: set when the process stops; pages that wait for messages end then.
        more: routes of other channels.
        metrics: what is counted elsewhere in this process; None: nothing is.
        bot_name: gives the name of the Telegram bot; None: there is none, or it is not known yet.
    """
    is_https = (settings.public_url or "").startswith("https://")
    hosts = {*LOCAL, host_in(settings.public_url or "") or "localhost"}
    counted = metrics or Metrics(database)
    app = GuardedApp(docs_url=None, redoc_url=None, openapi_url=None)
    app.guarded_by(hosts, is_https=is_https)
    app.mount("/static", StaticFiles(directory=desk_app.STATIC), name="static")
    app.mount("/chat/static", StaticFiles(directory=STATIC), name="chat-static")
    app.include_router(
        chat.router(
            ChatContext(
                database=database,
                cipher=database.cipher,
                knowledge=knowledge,
                wake=on_received,
                watchers=watchers,
                stop=stop,
                access=settings.chat_access,
                secure_cookies=is_https,
                pace=Pace(settings.chat_per_minute, settings.chat_per_minute_address),
            )
        )
    )
    desk_app.add_desk(
        app, _desk(settings, database, knowledge, on_reply, is_https, bot_name, counted)
    )

    app.include_router(privacy.router(database, knowledge, settings.keep_closed_reports_days))
    for routes in more:
        app.include_router(routes)

    token = settings.metrics_token.get_secret_value() if settings.metrics_token else None
    app.include_router(operator.router(database, counted, token))

    @app.get("/", include_in_schema=False)
    def start() -> Response:
        return RedirectResponse("/chat", status_code=303)

    @app.get("/healthz", include_in_schema=False)
    def healthy(request: Request) -> Response:
        try:
            with database.reading() as work:
                waiting = work.inbox.count("new")
        except SQLAlchemyError as error:
            LOGGER.error("the database cannot be reached", exc_info=error)
            return JSONResponse({"status": "database unreachable"}, status_code=503)
        return JSONResponse({"status": "ok", "waiting": waiting})

    return app


def _desk(
    settings: Settings,
    database: Database,
    knowledge: Knowledge,
    on_reply: Callable[[], None],
    is_https: bool,
    bot_name: Callable[[], str | None],
    metrics: Metrics,
) -> DeskContext:
    oidc = None
    if settings.oidc_issuer and settings.oidc_client_id and settings.oidc_client_secret:
        oidc = OidcSettings(
            settings.oidc_issuer,
            settings.oidc_client_id,
            settings.oidc_client_secret.get_secret_value(),
            name=settings.oidc_name,
        )
    return DeskContext(
        database=database,
        cipher=database.cipher,
        knowledge=knowledge,
        regions={region.id: region.name for region in knowledge.regions.values()},
        phases={phase.id: phase.name for phase in knowledge.phases.values()},
        insurers={insurer.id: insurer.name for insurer in knowledge.insurers.values()},
        as_payload=lambda notice: as_reply(notice).model_dump_json(),
        wake=on_reply,
        secure_cookies=is_https,
        oidc=oidc,
        mail=settings.smtp_host is not None,
        telegram=settings.telegram_token is not None,
        bot_name=bot_name,
        last_tidied=metrics.last_tidied,
        backups=settings.data_dir / "backups",
        review_days=settings.content_review_days,
    )
