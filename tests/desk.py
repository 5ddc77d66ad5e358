"""The desk in a browser without a screen: pages are fetched, forms filled in and sent."""

from collections.abc import Mapping
from functools import cache
from html.parser import HTMLParser
from urllib.parse import urlsplit

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from fastapi.testclient import TestClient
from httpx2 import Response

from bottlenecks import passwords
from bottlenecks.crypto import Cipher
from bottlenecks.desk.app import STATIC, add_desk
from bottlenecks.desk.context import DeskContext, OidcSettings
from bottlenecks.notices import Notice
from bottlenecks.roles import EVERYWHERE, Role, Scope
from bottlenecks.store import Database
from knowledge import Knowledge, load
from tests.conftest import SECRET

REGIONS = {
    "utrecht": "Utrecht",
    "maastricht-heuvelland": "Maastricht-Heuvelland",
    "westelijke-mijnstreek": "Westelijke Mijnstreek",
}
PASSWORD = "vier paarse olifanten"
ADMIN = "ada@rho.example"


@cache
def _knowledge() -> Knowledge:
    return load()


def _text(notice: Notice) -> str:
    return notice.text


def make_app(
    database: Database, *, oidc_settings: OidcSettings | None = None, secure: bool = False
) -> FastAPI:
    """The desk as an application of its own."""
    desk = DeskContext(
        database=database,
        cipher=Cipher(SECRET),
        knowledge=_knowledge(),
        regions=REGIONS,
        phases={},
        insurers={},
        as_payload=_text,
        wake=lambda: None,
        secure_cookies=secure,
        oidc=oidc_settings,
    )
    app = FastAPI()
    add_desk(app, desk)
    app.mount("/static", StaticFiles(directory=STATIC))
    return app


def make_desk(
    database: Database, *, oidc_settings: OidcSettings | None = None, secure: bool = False
) -> TestClient:
    """A client of the desk; it follows no redirects by itself. `secure` is as behind https."""
    app = make_app(database, oidc_settings=oidc_settings, secure=secure)
    scheme = "https" if secure else "http"
    return TestClient(app, base_url=f"{scheme}://testserver", follow_redirects=False)


@cache
def _stored(password: str) -> str:
    # hashing takes time on purpose
    return passwords.hash_password(password)


def add_officer(
    database: Database,
    login: str = ADMIN,
    role: Role = Role.ADMIN,
    scope: Scope = EVERYWHERE,
    name: str = "Ada Jansen",
    password: str | None = PASSWORD,
) -> str:
    """An account that is there before the test begins; gives its id."""
    stored = _stored(password) if password else None
    with database.work() as work:
        return work.officers.add(login, name, role, scope, password_hash=stored)


class Browser:
    """What someone at the desk does: open pages, fill in forms, press buttons.

    `page` is the last answer that was no redirect.
    """

    def __init__(self, client: TestClient) -> None:
        """A browser with cookies of its own; see `make_desk`."""
        self.client = client
        self.page: Response

    def another(self, address: str = "testclient") -> "Browser":
        """A second browser at the same desk, elsewhere on the network."""
        app, url = self.client.app, self.client.base_url
        return Browser(
            TestClient(app, base_url=str(url), follow_redirects=False, client=(address, 50000))
        )

    def opens(self, path: str, **headers: str) -> Response:
        """Go to an address, and on to where it sends the browser."""
        return self._arrive(self.client.get(path, headers=headers))

    def sends(
        self,
        action: str,
        fields: Mapping[str, str | list[str] | None] | None = None,
        files: Mapping[str, tuple[str, bytes]] | None = None,
    ) -> Response:
        """Send the form of this page that goes to `action`, with these fields filled in.

        A list ticks those boxes and no others of that name; None leaves the field out. `files`
        are chosen from the disk, by field: name and content.
        """
        form = forms(self.page)[action]
        filled = {**form, **(fields or {})}
        data = {
            name: value
            for name, value in filled.items()
            if value is not None and name not in (files or {})
        }
        return self._arrive(self.client.post(action, data=data, files=files))

    def logs_in(
        self, login: str = ADMIN, password: str = PASSWORD, wanted: str = "/beheer/account"
    ) -> Response:
        """Open the login page and log in; `wanted` is where one was going."""
        self.opens(f"/beheer/inloggen?naar={wanted}")
        return self.sends("/beheer/inloggen", {"login": login, "password": password})

    @property
    def path(self) -> str:
        """Where the browser is."""
        return self.page.url.path

    def sees(self, text: str) -> bool:
        """Whether the page holds this text."""
        return text in self.text

    @property
    def text(self) -> str:
        """The words of the page."""
        reader = _Words()
        reader.feed(self.page.text)
        return " ".join(" ".join(reader.words).split())

    def _arrive(self, response: Response) -> Response:
        first = response
        while response.is_redirect:
            target = urlsplit(response.headers["location"])
            if target.netloc and target.netloc != self.client.base_url.netloc.decode():
                break  # another site
            response = self.client.get(response.headers["location"])
        self.page = response
        return first


def forms(page: Response) -> dict[str, dict[str, str | list[str]]]:
    """The forms of a page by where they go, with what is filled in."""
    reader = _Forms(page.url.path)
    reader.feed(page.text)
    return reader.found


class _Words(HTMLParser):
    """Collects the text, without scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        shown = dict(attrs)
        if tag == "input" and shown.get("type") != "hidden":
            self.words.append(shown.get("value") or "")


class _Forms(HTMLParser):
    """Collects forms with what a browser would send of them."""

    def __init__(self, here: str) -> None:
        super().__init__()
        self._here = here
        self._fields: dict[str, str | list[str]] | None = None
        self._select: str | None = None
        self._area: str | None = None
        self.found: dict[str, dict[str, str | list[str]]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._fields = self.found.setdefault(given.get("action") or self._here, {})
        elif self._fields is None:
            return
        elif tag == "input" and given.get("name"):
            self._input(given)
        elif tag == "select":
            self._select = given.get("name")
        elif tag == "textarea" and given.get("name"):
            self._area = given["name"]
            self._fields[self._area] = ""
        elif tag == "option" and self._select is not None:
            if "selected" in given or self._select not in self._fields:
                self._fields[self._select] = given["value"]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._fields = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._fields is not None and self._area is not None:
            # a browser drops the line break that follows the tag
            self._fields[self._area] = f"{self._fields[self._area]}{data}".lstrip("\r\n")

    def _input(self, given: dict[str, str]) -> None:
        assert self._fields is not None
        name, value = given["name"], given.get("value", "")
        if given.get("type") == "checkbox":
            if "checked" in given:
                ticked = self._fields.setdefault(name, [])
                assert isinstance(ticked, list)
                ticked.append(value)
        elif given.get("type") == "radio":
            if "checked" in given:
                self._fields[name] = value
        else:
            self._fields[name] = value
