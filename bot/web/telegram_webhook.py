"""Takes updates that Telegram sends: only with the secret, small, well formed, and stored."""

import asyncio
import hmac
import json
import logging
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.requests import ClientDisconnect
from telegram import Update

from bot.telegram import TelegramInbox, parse

LOGGER = logging.getLogger(__name__)

PATH = "/telegram/webhook"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
# the longest text that Telegram carries, with a quoted one and buttons, stays far below this
MAX_BODY_BYTES = 128 * 1024
# a database that does not answer: Telegram keeps the update, and sends it again
PATIENCE_S = 20.0
MAX_UPDATE_ID = 2**63 - 1


@dataclass(frozen=True)
class Webhook:
    """What the route needs: where updates go, and what Telegram proves itself with."""

    inbox: TelegramInbox
    secret: str


def router(webhook: Webhook) -> APIRouter:
    """The one route, for Telegram alone."""

    async def receive(request: Request) -> Response:
        # bytes, because a header may hold signs that comparing texts refuses
        given = request.headers.get(SECRET_HEADER, "").encode()
        if not hmac.compare_digest(given, webhook.secret.encode()):
            return Response(status_code=403)
        body = await _read(request)
        if body is None:
            return Response(status_code=413)
        update = read_update(body)
        if update is None:
            LOGGER.warning("webhook: what came is no update")
            return Response(status_code=400)
        try:
            # returns when it is stored; stored twice is stored once
            async with asyncio.timeout(PATIENCE_S):
                await webhook.inbox.put(update)
        except TimeoutError:
            return Response(status_code=503)
        return Response(status_code=200)

    routes = APIRouter(include_in_schema=False)
    routes.add_api_route(PATH, receive, methods=["POST"])
    return routes


async def _read(request: Request) -> bytes | None:
    """The body; None when it is larger than any update."""
    told = request.headers.get("content-length", "0")
    if told.isdecimal() and int(told) > MAX_BODY_BYTES:
        return None
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MAX_BODY_BYTES:
                return None
    except ClientDisconnect:
        return b""
    return bytes(body)


def read_update(body: bytes) -> Update | None:
    """The body as an update; None when it is none."""
    try:
        content = json.loads(body)
        if type(content["update_id"]) is not int or not 0 <= content["update_id"] <= MAX_UPDATE_ID:
            return None
        update = Update.de_json(content, None)
        parse(update.to_json())  # as the worker will, who can only set it aside
        if not any(isinstance(part, dict) for part in content.values()):
            return None
    except Exception as error:  # the library takes what is well formed, and fails in its own ways
        LOGGER.info("webhook: the library refuses it", exc_info=error)
        return None
    return update
