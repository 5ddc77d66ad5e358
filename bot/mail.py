"""E-mail as a channel: signals to officers, from the same outbox as everything else."""

import asyncio
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import Literal

import aiosmtplib
from pydantic import ValidationError

from bot.channel import RetryLater, Unreachable
from bot.settings import Settings
from bottlenecks.signals import MAIL
from bottlenecks.store.database import Clock, utc_now
from bottlenecks.store.outbox import Outgoing
from dialogues.reply import Reply

PORTS = {"starttls": 587, "tls": 465, "none": 25}
TIMEOUT_S = 30.0
# a server may refuse more connections at once than a few
AT_ONCE = 2
# a login that is refused is the operator's to mend: mail waits, and does not count it as an attempt
LOGIN_PAUSE_S = 300.0
MAX_SUBJECT = 150


@dataclass(frozen=True)
class MailServer:
    """How mail leaves; `sender` is an address, with a name or without."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    sender: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, settings: Settings) -> "MailServer | None":
        """The server of these settings; None: mail is not set up."""
        if settings.smtp_host is None or settings.mail_from is None:
            return None
        secret = settings.smtp_password
        return cls(
            settings.smtp_host,
            settings.smtp_port or PORTS[settings.smtp_security],
            settings.smtp_security,
            settings.mail_from,
            settings.smtp_user,
            secret.get_secret_value() if secret else None,
        )


class MailDelivery:
    """Sends replies as mail; a `bot.channel.Channel`."""

    name = MAIL

    def __init__(
        self,
        server: MailServer,
        *,
        clock: Clock = utc_now,
        tls: ssl.SSLContext | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        """`tls` is what certificates are checked with; None: what this machine trusts."""
        self._server = server
        self._clock = clock
        self._tls = tls
        self._timeout_s = timeout_s
        self._gate = asyncio.Semaphore(AT_ONCE)

    async def deliver(self, item: Outgoing) -> None:
        """Send a reply to its address.

        Raises:
            RetryLater: the server cannot be reached, or says that it may work later (4xx).
            Unreachable: the server refuses this message or this receiver (5xx).
        """
        try:
            message = self._message(item)
        except (ValidationError, ValueError) as error:
            raise Unreachable(type(error).__name__) from error
        try:
            async with self._gate:
                await self._send(message)
        except aiosmtplib.SMTPAuthenticationError as error:
            raise RetryLater(f"login refused, {error.code}", LOGIN_PAUSE_S) from error
        except aiosmtplib.SMTPRecipientsRefused as error:
            raise _failed([one.code for one in error.recipients]) from error
        except (
            aiosmtplib.SMTPSenderRefused,
            aiosmtplib.SMTPRecipientRefused,
            aiosmtplib.SMTPDataError,
        ) as error:
            raise _failed([error.code]) from error
        except aiosmtplib.SMTPResponseException as error:
            # it greets no better: that says nothing of this message
            raise RetryLater(f"{type(error).__name__}, {error.code}") from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise RetryLater(type(error).__name__) from error

    async def _send(self, message: EmailMessage) -> None:
        server = self._server
        await aiosmtplib.send(
            message,
            hostname=server.host,
            port=server.port,
            username=server.user,
            password=server.password,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            tls_context=self._tls,
            timeout=self._timeout_s,
        )

    def _message(self, item: Outgoing) -> EmailMessage:
        text = Reply.model_validate_json(item.payload).text
        domain = parseaddr(self._server.sender)[1].rpartition("@")[2]
        message = EmailMessage()
        message["From"] = self._server.sender
        message["To"] = item.address
        message["Subject"] = subject_of(text)
        message["Date"] = format_datetime(self._clock())
        # the same at every attempt, so that who gets it twice can tell
        message["Message-ID"] = f"<{item.id}.{item.account_id}@{domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        message["Content-Language"] = "nl"
        return message


def mail_of(settings: Settings) -> MailDelivery | None:
    """The channel of these settings; None: mail is not set up."""
    server = MailServer.of(settings)
    return MailDelivery(server) if server else None


def subject_of(text: str) -> str:
    """The first line of a text, as long as fits in a list of mail."""
    # whatever sign ends it: what is more than one line is refused as a header
    first = next(iter(text.strip().splitlines()), "").strip()
    return first if len(first) <= MAX_SUBJECT else first[: MAX_SUBJECT - 1] + "…"


def _failed(codes: list[int]) -> RetryLater | Unreachable:
    """A refusal for good where all codes say so, else for now."""
    reason = ", ".join(str(code) for code in codes)
    if all(500 <= code < 600 for code in codes):
        return Unreachable(reason)
    return RetryLater(reason)
