"""The whole web application in this process, with a browser at the desk and people who chat."""

import asyncio

from fastapi.testclient import TestClient

from bot.metrics import Metrics
from bot.settings import Settings
from bot.web.app import create_app
from bot.web.channel import Watchers
from bottlenecks.desk.session import cookie_name
from bottlenecks.store import Database
from knowledge import Knowledge
from tests.desk import Browser

URL = "http://127.0.0.1"


def whole_site(database: Database, knowledge: Knowledge, metrics: Metrics | None = None) -> Browser:
    """A browser at the whole application; nobody is signed in yet."""
    app = create_app(
        Settings(_env_file=None),
        database,
        knowledge,
        watchers=Watchers(),
        on_received=lambda: None,
        on_reply=lambda: None,
        stop=asyncio.Event(),
        metrics=metrics,
    )
    return Browser(TestClient(app, base_url=URL, follow_redirects=False))


def sign_in(browser: Browser, database: Database, officer_id: str) -> Browser:
    """The browser with a session of this officer, without the login page; gives it back."""
    with database.work() as work:
        token = work.officers.sign_in(officer_id)
    browser.client.cookies.set(cookie_name(browser.client.app.state.desk), token)
    return browser
