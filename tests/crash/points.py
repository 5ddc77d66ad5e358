"""The points where a test may stop the served process: around every commit, send, acknowledgement.

Nothing in `bot` or `bottlenecks` knows of them: they are hung on the libraries underneath, in the
process of a test alone, so that no setting of a real service can switch them on.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from sqlalchemy.engine.default import DefaultDialect
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from telegram.request import HTTPXRequest

from bot.settings import ROOT
from bot.web import running

Reached = Callable[[str], None]

BEFORE, AFTER = "before", "after"
# commits, by the function of ours that makes them; every other one is OTHER
COMMITS = {
    ("telegram_inbox.py", "_store"): "commit: Telegram message received",
    ("chat.py", "_take"): "commit: web message received",
    ("worker.py", "handle_next"): "commit: message handled",
    ("delivery.py", "put_replies"): "commit: reply put in the web mailbox",
    ("delivery.py", "transaction"): "commit: delivery written down",
    ("report.py", "change"): "commit: report changed at the desk",
}
OTHER = "commit: anything else"
SEND = "send: reply to Telegram"
TAP = "send: tap answered at Telegram"
FETCHED = "acknowledge: Telegram, by fetching on"
# answers to what is sent to us, by the beginning of the address
ANSWERS = {
    "/telegram/webhook": "acknowledge: Telegram, by the webhook's answer",
    "/chat/bericht": "acknowledge: web message, by the answer",
    "/beheer/": "acknowledge: desk form, by the answer",
}
REPLIES = ("sendMessage", "sendDocument")
TAPS = ("answerCallbackQuery", "editMessageReplyMarkup")


def actions(*, webhook: bool) -> list[str]:
    """What can be done around which the process may be stopped."""
    acknowledged = [FETCHED, *ANSWERS.values()]
    acknowledged.remove(FETCHED if webhook else ANSWERS["/telegram/webhook"])
    return [*COMMITS.values(), OTHER, SEND, TAP, *acknowledged]


def points(*, webhook: bool) -> list[str]:
    """The names of all points."""
    return [f"{when} {action}" for action in actions(webhook=webhook) for when in (BEFORE, AFTER)]


def install(reached: Reached) -> None:
    """Have `reached` called, in whatever thread, each time this process gets to a point."""
    _watch_commits(reached)
    _watch_telegram(reached)
    _watch_answers(reached)


def _watch_commits(reached: Reached) -> None:
    # Any, here and below: what is replaced is the libraries' own
    dialect: Any = DefaultDialect
    commit = dialect.do_commit

    def do_commit(self: DefaultDialect, connection: Any) -> None:
        changes = connection.total_changes
        if connection.info.get("changes", 0) == changes:
            commit(self, connection)  # it only looked
            return
        connection.info["changes"] = changes
        action = _committing()
        reached(f"{BEFORE} {action}")
        commit(self, connection)
        reached(f"{AFTER} {action}")

    dialect.do_commit = do_commit


def _committing() -> str:
    """What the function of ours that is committing does."""
    frame: FrameType | None = sys._getframe(1)
    ours = (f"{ROOT / 'bot'}/", f"{ROOT / 'bottlenecks' / 'desk'}/")
    while frame is not None:
        code = frame.f_code
        if code.co_filename.startswith(ours):
            return COMMITS.get((Path(code.co_filename).name, code.co_name), OTHER)
        frame = frame.f_back
    return OTHER


def _watch_telegram(reached: Reached) -> None:
    library: Any = HTTPXRequest
    request = library.do_request
    acknowledged = 0

    async def do_request(
        self: HTTPXRequest, url: str, method: str, request_data: Any = None, **more: Any
    ) -> tuple[int, bytes]:
        nonlocal acknowledged
        called = url.rsplit("/", 1)[-1]
        offset = int(request_data.json_parameters.get("offset", 0)) if request_data else 0
        action = SEND if called in REPLIES else TAP if called in TAPS else None
        if called == "getUpdates" and offset > acknowledged:
            action, acknowledged = FETCHED, offset
        if action is not None:
            reached(f"{BEFORE} {action}")
        answer: tuple[int, bytes] = await request(self, url, method, request_data, **more)
        if action is not None:
            reached(f"{AFTER} {action}")
        return answer

    library.do_request = do_request


def _watch_answers(reached: Reached) -> None:
    module: Any = running
    create_app = module.create_app

    def watched(*given: Any, **named: Any) -> ASGIApp:
        return _Watched(create_app(*given, **named), reached)

    module.create_app = watched


class _Watched:
    """An application whose answers to what is sent to it are points."""

    def __init__(self, app: ASGIApp, reached: Reached) -> None:
        self._app = app
        self._reached = reached

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = [name for start, name in ANSWERS.items() if scope["path"].startswith(start)]
        if scope["type"] != "http" or scope["method"] != "POST" or not found:
            await self._app(scope, receive, send)
            return
        action = found[0]

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._reached(f"{BEFORE} {action}")
            await send(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                self._reached(f"{AFTER} {action}")

        await self._app(scope, receive, answer)
