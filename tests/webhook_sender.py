"""Sends the updates of the fake Bot API to a webhook, as Telegram does: again until it says 200."""

import threading
from types import TracebackType
from urllib.parse import urlsplit

import httpx2

from tests.telegram_api import FakeBotApi

RETRY_S = 0.05
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


class WebhookSender:
    """Telegram's end of a webhook, for as long as the block lasts.

    It calls the address that the bot gave, at the server on this machine that `url` names.
    `statuses` is what the webhook answered, in order.
    """

    def __init__(self, api: FakeBotApi, url: str) -> None:
        """Nothing is sent before the block begins, or before setWebhook."""
        self._api = api
        self._url = url
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="webhook-sender", daemon=True)
        self.statuses: list[int] = []

    def __enter__(self) -> "WebhookSender":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ending.set()
        self._thread.join(10)

    def _run(self) -> None:
        while not self._ending.is_set():
            with self._api.changed:
                hook, due = self._api.webhook, self._api.unacknowledged()[:1]
            if not hook or not due:
                self._ending.wait(RETRY_S)
                continue
            address = urlsplit(hook["url"])
            try:
                status = httpx2.post(
                    f"{self._url}{address.path}",
                    json=due[0],
                    headers={"Host": address.netloc, SECRET_HEADER: hook["secret_token"]},
                    timeout=30,
                ).status_code
            except httpx2.HTTPError:
                status = 0
            self.statuses.append(status)
            if status == 200:
                with self._api.changed:
                    self._api.acknowledged = due[0]["update_id"]
                    self._api.changed.notify_all()
            else:
                self._ending.wait(RETRY_S)
