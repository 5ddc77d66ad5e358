"""An officer who answers reports while the service is killed."""

import threading
import time
from collections.abc import Callable, Sequence
from functools import partial

import httpx2

from tests.chaos.conversation import Conversation
from tests.desk import Browser
from tests.desk_officers import form, path

LOOK_EVERY_S = 0.1
IN_PROGRESS = "in-behandeling"


class OfficerAtWork:
    """Answers the report of each conversation, and takes it in hand, in one form.

    When no answer comes they open the page again, and send the form again only if what they
    wrote is not there: what someone does whose screen says that the site does not answer.
    """

    def __init__(self, url: str, cookie: str, conversations: Sequence[Conversation]) -> None:
        """`cookie` has the session of an officer who may change reports everywhere."""
        self._client = httpx2.Client(
            base_url=url, headers={"Cookie": cookie}, timeout=10, follow_redirects=False
        )
        self._conversations = conversations
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name="officer", daemon=True)
        self._answered: set[str] = set()
        self.sent_again = 0

    @property
    def has_work(self) -> bool:
        """Whether there is a report that they did not answer yet."""
        references = {conversation.reference for conversation in self._conversations}
        return bool(references - self._answered - {None})

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, and wait for it."""
        self._ended.set()
        self._thread.join(30)

    def _work(self) -> None:
        while not self._ended.is_set():
            for conversation in self._conversations:
                reference = conversation.reference
                if reference is not None and reference not in self._answered:
                    self._answer(reference, conversation.answer())
                    self._answered.add(reference)
            self._ended.wait(LOOK_EVERY_S)

    def _answer(self, reference: str, text: str) -> None:
        tries = 0
        while not self._ended.is_set():
            # the client is one that a test uses too, except that it goes over the network
            desk = Browser(self._client)  # type: ignore[arg-type]
            opened = self._attempt(partial(desk.opens, path(reference)))
            if opened is None or opened.status_code != 200:
                time.sleep(LOOK_EVERY_S)
                continue
            if desk.sees(text):
                return
            self.sent_again += tries > 0
            tries += 1
            fields = {"antwoord": text, "status": IN_PROGRESS}
            self._attempt(partial(desk.sends, form(reference, "antwoord"), fields))

    def _attempt(self, act: Callable[[], httpx2.Response]) -> httpx2.Response | None:
        try:
            return act()
        except httpx2.HTTPError:
            return None
