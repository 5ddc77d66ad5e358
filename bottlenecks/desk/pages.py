"""What every page of the desk has in common: templates, names and moments in Dutch, messages."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.templating import Jinja2Templates

from bottlenecks.dates import AMSTERDAM, SHORT_MONTHS
from bottlenecks.desk.context import DeskContext
from bottlenecks.desk.session import csrf_token
from bottlenecks.lists import lists
from bottlenecks.roles import Officer, Role
from bottlenecks.workflow import DESK_LABELS, ORGANISATIONS, Status

HERE = Path(__file__).parent
MESSAGE_COOKIE = "regiowijzer_bericht"
MESSAGE_SECONDS = 60


@dataclass(frozen=True)
class Section:
    """A part of the desk, as the navigation shows it, for who has at least `role`.

    `all_regions`: only for who sees all of them.
    """

    path: str
    name: str
    role: Role = Role.READER
    all_regions: bool = False

    def is_for(self, officer: Officer) -> bool:
        """Whether this officer may open it."""
        return officer.may(self.role) and (officer.scope.all_regions or not self.all_regions)


# a part of the desk is a line here and a module
SECTIONS = (
    Section("/beheer/meldingen", "Meldingen"),
    Section("/beheer/groepen", "Groepen"),
    Section("/beheer/cijfers", "Cijfers"),
    Section("/beheer/vragen", "Vragen"),
    Section("/beheer/inhoud", "Inhoud"),
    Section("/beheer/signalen", "Signalen"),
    Section("/beheer/fase", "Fase"),
    Section("/beheer/contact", "Contact"),
    Section("/beheer/mensen", "Mensen", Role.ADMIN),
    Section("/beheer/toegang", "Toegang", Role.ADMIN),
    Section("/beheer/logboek", "Logboek", Role.ADMIN),
    Section("/beheer/systeem", "Systeem", Role.ADMIN, all_regions=True),
)


class Pages:
    """Renders pages for one desk."""

    def __init__(self, desk: DeskContext) -> None:
        """Reads no template yet."""
        self._desk = desk
        self._templates = Jinja2Templates(HERE / "templates")
        env = self._templates.env
        env.trim_blocks = env.lstrip_blocks = True
        env.filters |= {
            "moment": moment,
            "day": day,
            "region": self.region,
            "category": category,
            "severity": severity,
            "status": status,
            "organisation": lambda value: ORGANISATIONS.get(value or "", value or ""),
        }
        secret = desk.cipher.hash_id("desk", "messages")
        self._signer = URLSafeTimedSerializer(secret, salt="messages")

    def show(
        self,
        request: Request,
        template: str,
        *,
        officer: Officer | None = None,
        status_code: int = 200,
        **values: Any,
    ) -> HTMLResponse:
        """A page; `officer` is who looks at it."""
        message = self._message(request)
        unread, waiting = self._numbers(officer)
        response = self._templates.TemplateResponse(
            request,
            template,
            {
                "officer": officer,
                "sections": [s for s in SECTIONS if officer is not None and s.is_for(officer)],
                "message": message,
                "Role": Role,
                "csrf": csrf_token(request),
                "unread": unread,
                "waiting_at": {"/beheer/inhoud": waiting},
                **values,
            },
            status_code=status_code,
        )
        if message is not None:
            response.delete_cookie(MESSAGE_COOKIE)
        return response

    def done(self, url: str, text: str, *, kind: str = "good") -> Response:
        """Go to `url`, which shows `text` once; `kind` is good, warn or alarm."""
        response = RedirectResponse(url, status_code=303)
        response.set_cookie(
            MESSAGE_COOKIE,
            self._signer.dumps({"text": text, "kind": kind}),
            max_age=MESSAGE_SECONDS,
            httponly=True,
            samesite="lax",
            secure=self._desk.secure_cookies,
        )
        return response

    def region(self, value: str | None) -> str:
        """A region as shown: its name, what was typed, or that it is not known."""
        return self._desk.regions.get(value or "", value or "niet bekend")

    def _numbers(self, officer: Officer | None) -> tuple[int, int]:
        """How many signals are new to who looks, and how many proposals they may decide on."""
        if officer is None:
            return 0, 0
        with self._desk.database.reading() as work:
            return work.signals.unread(officer), work.content.waiting_for(officer)

    def _message(self, request: Request) -> Mapping[str, str] | None:
        try:
            cookie = request.cookies.get(MESSAGE_COOKIE, "")
            found: Mapping[str, str] = self._signer.loads(cookie, max_age=MESSAGE_SECONDS)
        except BadSignature:
            return None
        return found


def file_headers(name: str) -> dict[str, str]:
    """With these a browser keeps what is sent as a file, and no copy of it anywhere else."""
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}


def moment(value: datetime | None) -> str:
    """A moment as a Dutch officer reads it: 28 nov 2026, 14:05."""
    if value is None:
        return ""
    local = value.astimezone(AMSTERDAM)
    return f"{local.day} {SHORT_MONTHS[local.month - 1]} {local.year}, {local:%H:%M}"


def day(value: datetime | None) -> str:
    """The day of a moment: 28 nov 2026."""
    return moment(value).split(",")[0]


def ago(value: datetime, now: datetime) -> str:
    """How long ago, or how long until, in whole units: "3 uur", "2 dagen"."""
    minutes = int(abs((now - value).total_seconds()) // 60)
    if minutes < 60:
        return "1 minuut" if minutes < 2 else f"{minutes} minuten"
    if minutes < 48 * 60:
        return f"{minutes // 60} uur"
    return f"{minutes // (24 * 60)} dagen"


def deadline(due_at: datetime | None, now: datetime) -> tuple[str, bool]:
    """A deadline in words ("nog 3 uur", "2 dagen te laat"; empty for none), and if it is past."""
    if due_at is None:
        return "", False
    if due_at < now:
        return f"{ago(due_at, now)} te laat", True
    return f"nog {ago(due_at, now)}", False


def category(value: str) -> str:
    """The name of a category."""
    entry = lists().categories.get(value)
    return entry.name if entry else value


def severity(value: str) -> str:
    """The name of a severity."""
    entry = lists().severities.get(value)
    return entry.name if entry else value


def status(value: str) -> str:
    """The name of a state of a report, as an officer reads it."""
    return DESK_LABELS[Status(value)]
