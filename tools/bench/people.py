"""People of the bench: one with an open page of the chat, one behind Rasa's REST channel."""

import asyncio
import html
import re
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from uuid import uuid4

import aiohttp

from bot.web.visitor import COOKIE
from tools.bench.load import Answer
from tools.bench.script import Step

JSON = {"Accept": "application/json"}
# several replies to one message come shortly after each other
REST_OF_ANSWER_S = 2.0
# the page says after this time that its messages were read (static/receiving.js)
READ_AFTER_S = 0.5
RETRY_S = 1.5
# a server closes connections that rest for five seconds, which may be just when one is used
KEPT_S = 2.0
_BUTTON = re.compile(r'name="keuze" value="([^"]*)" data-says="([^"]*)"')
_ID = re.compile(r'data-id="(\d+)"')
_REPLY = re.compile(r'class="line reply')


def session() -> aiohttp.ClientSession:
    """Connections for all people together, as many as they need."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=KEPT_S),
        timeout=aiohttp.ClientTimeout(total=None),
        cookie_jar=aiohttp.DummyCookieJar(),
    )


class WebPerson:
    """Does what an open page does: sends, is streamed to, and says what was read."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        """Somebody new."""
        self._http = http
        self._url = url
        self._headers = {"Cookie": f"{COOKIE}={secrets.token_urlsafe(32)}"}
        self._stream: asyncio.Task[None] | None = None
        self._reading: asyncio.Task[None] | None = None
        self._arrived = asyncio.Event()
        self._replies: list[tuple[int, str, float]] = []
        self._buttons: dict[str, tuple[str, int]] = {}
        self._last = 0

    async def open(self) -> None:
        """Load the page."""
        async with self._http.get(f"{self._url}/chat", headers=self._headers) as response:
            response.raise_for_status()
            await response.read()

    async def close(self) -> None:
        """Close the page."""
        for task in (self._stream, self._reading):
            if task is not None:
                task.cancel()
                with suppress(asyncio.CancelledError, aiohttp.ClientError):
                    await task

    async def does(self, step: Step) -> Answer:
        """See `Person`."""
        fields = {"tekst": step.text}
        if step.is_tap and step.text in self._buttons:
            value, under = self._buttons[step.text]
            fields = {"keuze": value, "van": str(under)}
        fields["id"] = uuid4().hex
        self._replies.clear()
        headers = {**self._headers, **JSON}
        async with self._http.post(
            f"{self._url}/chat/bericht", data=fields, headers=headers
        ) as response:
            response.raise_for_status()
            said = int((await response.json())["id"] or 0)
        if self._stream is None:
            self._stream = asyncio.create_task(self._listen())
        return await self._answer(said, step.expected)

    async def _answer(self, said: int, expected: str) -> Answer:
        """Wait for the reply with the expected text; when it does not come, the first counts."""
        first: float | None = None
        taken = 0
        loop = asyncio.get_running_loop()
        with suppress(TimeoutError):
            async with asyncio.timeout(None) as patience:
                while True:
                    for id_, text, at in self._replies[taken:]:
                        if id_ > said and expected in text:
                            return Answer(at, is_expected=True)
                        if id_ > said and first is None:
                            first = at
                            patience.reschedule(loop.time() + REST_OF_ANSWER_S)
                    taken = len(self._replies)
                    self._arrived.clear()
                    await self._arrived.wait()
        return Answer(first, is_expected=False)

    async def _listen(self) -> None:
        """Take in what is streamed; when the stream ends, connect again as a browser does."""
        while True:
            with suppress(aiohttp.ClientError):
                await self._read_stream()
            await asyncio.sleep(RETRY_S)

    async def _read_stream(self) -> None:
        url = f"{self._url}/chat/stroom?na={self._last}"
        async with self._http.get(url, headers=self._headers) as response:
            response.raise_for_status()
            data: list[str] = []
            async for line in response.content:
                text = line.decode().rstrip("\n")
                if text.startswith("data: "):
                    data.append(text[6:])
                elif not text and data:
                    self._take_in("\n".join(data))
                    data.clear()

    def _take_in(self, fragment: str) -> None:
        found = _ID.search(fragment)
        if found is None:
            return
        self._last = max(self._last, int(found.group(1)))
        if not _REPLY.search(fragment):
            return
        for value, says in _BUTTON.findall(fragment):
            self._buttons[html.unescape(says)] = (html.unescape(value), self._last)
        self._replies.append((self._last, html.unescape(fragment), time.perf_counter()))
        self._arrived.set()
        if self._reading is not None:
            self._reading.cancel()
        self._reading = asyncio.create_task(self._mark_read())

    async def _mark_read(self) -> None:
        await asyncio.sleep(READ_AFTER_S)
        data = {"tot": str(self._last)}
        async with self._http.post(
            f"{self._url}/chat/gelezen", data=data, headers=self._headers
        ) as response:
            await response.read()


class RestPerson:
    """Talks through Rasa's REST channel, which answers in its response."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        """Somebody new."""
        self._http = http
        self._url = f"{url}/webhooks/rest/webhook"
        self._sender = uuid4().hex
        self._buttons: dict[str, str] = {}

    async def open(self) -> None:
        """Nothing has to be loaded."""

    async def close(self) -> None:
        """Nothing stays open."""

    async def does(self, step: Step) -> Answer:
        """See `Person`; a button that was not offered is typed."""
        message = self._buttons.get(step.text, step.text) if step.is_tap else step.text
        body = {"sender": self._sender, "message": message}
        async with self._http.post(self._url, json=body) as response:
            if response.status != 200:
                return Answer(None, is_expected=False)
            replies = await response.json()
            at = time.perf_counter()
        for reply in replies:
            for button in reply.get("buttons") or ():
                self._buttons[button["title"]] = button["payload"]
        text = "\n".join(reply.get("text") or "" for reply in replies)
        return Answer(at if replies else None, is_expected=step.expected in text)


def people(
    kind: type[WebPerson] | type[RestPerson], http: aiohttp.ClientSession, url: str
) -> Callable[[], WebPerson | RestPerson]:
    """What makes a new person each time it is called."""
    return lambda: kind(http, url)
