"""A Telegram Bot API on loopback that behaves like the real one, with scripted users."""

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.loop_thread import LoopThread
from tests.telegram_users import BOT, FakeUser, Json, SentMessage
from tests.telegram_wire import Refused, read_buttons, read_parameter

MAX_POLL_S = 50.0
TICK_S = 0.01
KINDS = ("message", "edited_message", "callback_query")
DROP = "drop"
DROP_ANSWER = "drop answer"


@dataclass
class FakeBotApi(LoopThread):
    """The server. Start it with `with FakeBotApi() as api:`; its thread ends with the block.

    Everything a test may look at is guarded by `changed`, which is notified at each change.
    `acknowledged` is the highest update id the bot acknowledged, `calls` every request in order,
    `documents` the files sent to each chat, `webhook` what setWebhook was called with.
    """

    token: str = "123456:TEST-token"
    acknowledged: int = 0
    calls: list[tuple[str, Json]] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    users: dict[int, FakeUser] = field(default_factory=dict)
    chats: dict[int, list[SentMessage]] = field(default_factory=dict)
    documents: dict[int, list[tuple[str, bytes]]] = field(default_factory=dict)
    commands: list[Json] = field(default_factory=list)
    webhook: Json = field(default_factory=dict)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def __post_init__(self) -> None:
        """The rest of the state."""
        LoopThread.__init__(self, "fake-bot-api")
        self._waiting: list[Json] = []
        self._again: list[Json] = []
        self._pushed: list[Json] = []
        self._faults: dict[str, list[int | str | Refused]] = {}
        self._allowed: tuple[str, ...] = KINDS
        self._poll = 0
        self._ids = 100
        self._update_id = 1000

    # what tests do

    def user(self, user_id: int) -> FakeUser:
        """The user with this id; their private chat has the same id."""
        with self.changed:
            return self.users.setdefault(user_id, FakeUser(self, user_id))

    def fail_next(
        self, method: str, fault: int | str, retry_after: int | None = None, times: int = 1
    ) -> None:
        """Let the next calls of `method` fail: a status (429, 500), `drop` or `drop answer`.

        `drop` closes the connection before doing anything, `drop answer` after doing it.
        """
        queued: int | str | Refused = fault
        if isinstance(fault, int):
            queued = Refused(fault, f"Fault {fault} asked for by a test", retry_after)
        with self.changed:
            self._faults.setdefault(method, []).extend([queued] * times)

    def deliver_again(self) -> None:
        """Deliver the last update once more, although it may be acknowledged."""
        with self.changed:
            self._again.append(self._pushed[-1])

    def wait_until(self, condition: Callable[[], bool], timeout: float = 10) -> None:
        """Wait until `condition` holds; it is evaluated under the lock.

        It may be about more than what happens here, such as a log: so it is looked at often.
        """
        ends = time.monotonic() + timeout
        with self.changed:
            while not condition():
                if time.monotonic() > ends:
                    raise AssertionError(f"did not happen within {timeout} s")
                self.changed.wait(0.1)

    def wait_acknowledged(self, timeout: float = 10) -> None:
        """Wait until the bot acknowledged all that users did."""
        self.wait_until(lambda: self.acknowledged >= self._update_id, timeout)

    def count(self, method: str) -> int:
        """How often the bot called `method`."""
        with self.changed:
            return sum(name == method for name, _ in self.calls)

    def new_id(self) -> int:
        """An id for a message or query; call it under the lock."""
        self._ids += 1
        return self._ids

    def push(self, kind: str, content: Json) -> int:
        """Have an update delivered; returns its id."""
        with self.changed:
            if kind not in self._allowed:
                return 0
            self._update_id += 1
            update = {"update_id": self._update_id, kind: content}
            self._waiting.append(update)
            self._pushed.append(update)
            self.changed.notify_all()
            return self._update_id

    # the server

    async def run(self) -> None:
        """Serve the methods of the Bot API."""
        app = web.Application()
        app.router.add_route("*", "/bot{token}/{method}", self._handle)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.listening(runner.addresses[0][1])
        await self.closing.wait()
        await runner.cleanup()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        try:
            given: Json = dict(await request.post() if request.method == "POST" else request.query)
        except ConnectionResetError:  # the bot was killed while it sent this
            return web.Response(status=400)
        parameters = {name: read_parameter(value) for name, value in given.items()}
        with self.changed:
            self.calls.append((method, parameters))
            faults = self._faults.get(method)
            fault = faults.pop(0) if faults else None
            self.changed.notify_all()
        try:
            if request.match_info["token"] != self.token:
                raise Refused(401, "Unauthorized")
            if isinstance(fault, Refused):
                raise fault
            result = None if fault == DROP else await self._call(method, parameters)
        except Refused as refused:
            return web.json_response(refused.body, status=refused.code)
        if fault in (DROP, DROP_ANSWER) and request.transport is not None:
            request.transport.close()
        return web.json_response({"ok": True, "result": result})

    async def _call(self, method: str, parameters: Json) -> Any:
        if method == "getUpdates":
            return await self._get_updates(parameters)
        answers: dict[str, Callable[[Json], Any]] = {
            "getMe": lambda _: BOT,
            "sendMessage": self._send_message,
            "sendDocument": self._send_document,
            "answerCallbackQuery": self._answer_callback_query,
            "editMessageReplyMarkup": self._edit_markup,
            "setMyCommands": self._set_my_commands,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "sendChatAction": lambda _: True,
        }
        answer = answers.get(method)
        if answer is None:
            raise Refused(404, "Not Found")
        with self.changed:
            result = answer(parameters)
            self.changed.notify_all()
        return result

    async def _get_updates(self, parameters: Json) -> list[Json]:
        offset = int(parameters.get("offset", 0))
        end = time.monotonic() + min(float(parameters.get("timeout", 0)), MAX_POLL_S)
        with self.changed:
            if self.webhook:
                raise Refused(409, "Conflict: can't use getUpdates method while webhook is active")
            self._poll += 1
            poll = self._poll
            self._allowed = tuple(parameters.get("allowed_updates") or self._allowed)
            self.acknowledged = max(self.acknowledged, offset - 1)
            self._waiting = [item for item in self._waiting if item["update_id"] >= offset]
            self.changed.notify_all()
        while True:
            with self.changed:
                if poll != self._poll:
                    raise Refused(
                        409, "Conflict: terminated by other getUpdates request; make sure that "
                        "only one bot instance is running",
                    )  # fmt: skip
                found = sorted(self._again + self._waiting, key=lambda item: item["update_id"])
                if found or time.monotonic() >= end or self.closing.is_set():
                    self._again = []
                    return found[: int(parameters.get("limit", 100))]
            await asyncio.sleep(TICK_S)

    def _chat(self, parameters: Json) -> int:
        chat_id = int(parameters["chat_id"])
        user = self.users.get(chat_id)
        if chat_id not in self.chats:
            raise Refused(400, "Bad Request: chat not found")
        if user is not None and user.has_blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        return chat_id

    def _send_document(self, parameters: Json) -> Json:
        chat_id = self._chat(parameters)
        name, content = parameters["document"]
        if not content:
            raise Refused(400, "Bad Request: file must be non-empty")
        self.documents.setdefault(chat_id, []).append((name, content))
        message = SentMessage(self.new_id(), "", (), {})
        self.chats[chat_id].append(message)
        described = {"file_id": "d", "file_unique_id": "d", "file_name": name}
        return self._as_json(chat_id, message) | {"document": described}

    def _send_message(self, parameters: Json) -> Json:
        chat_id = self._chat(parameters)
        text = str(parameters.get("text", "")).strip()
        if not text:
            raise Refused(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le", "surrogatepass")) // 2 > 4096:
            raise Refused(400, "Bad Request: message is too long")
        buttons = read_buttons(parameters.get("reply_markup"))
        message = SentMessage(self.new_id(), text, tuple(buttons), dict(buttons))
        self.chats[chat_id].append(message)
        return self._as_json(chat_id, message)

    def _answer_callback_query(self, parameters: Json) -> bool:
        query_id = str(parameters["callback_query_id"])
        if query_id in self.answered:
            raise Refused(400, "Bad Request: query is too old and response timeout expired")
        self.answered.append(query_id)
        return True

    def _edit_markup(self, parameters: Json) -> Json:
        chat_id, message_id = int(parameters["chat_id"]), int(parameters["message_id"])
        for message in self.chats.get(chat_id, []):
            if message.message_id == message_id:
                buttons = read_buttons(parameters.get("reply_markup"))
                if buttons == message.buttons:
                    raise Refused(400, "Bad Request: message is not modified")
                message.buttons = buttons
                return self._as_json(chat_id, message)
        raise Refused(400, "Bad Request: message to edit not found")

    def _set_my_commands(self, parameters: Json) -> bool:
        self.commands = list(parameters["commands"])
        return True

    def _set_webhook(self, parameters: Json) -> bool:
        if not str(parameters["url"]).startswith("https://"):
            raise Refused(400, "Bad Request: bad webhook: An HTTPS URL must be provided")
        self.webhook = parameters
        self._allowed = tuple(parameters.get("allowed_updates") or self._allowed)
        return True

    def _delete_webhook(self, _: Json) -> bool:
        self.webhook = {}
        return True

    def unacknowledged(self) -> list[Json]:
        """What the bot did not acknowledge yet, oldest first; call it under the lock."""
        return [item for item in self._pushed if item["update_id"] > self.acknowledged]

    def _as_json(self, chat_id: int, message: SentMessage) -> Json:
        kind = {"type": "private", "first_name": "U"} if chat_id > 0 else {"type": "group"}
        shown: Json = {"message_id": message.message_id, "date": int(time.time()), "from": BOT}
        return shown | {"chat": {"id": chat_id, "title": "G"} | kind, "text": message.text}
