"""Settings: from the environment, from `.env` in the project's folder, from files of secrets."""

import ipaddress
import os
import re
from email.utils import parseaddr
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings.exceptions import SettingsError as UnusableSource

from bot.limits import PER_ADDRESS, PER_USER
from bottlenecks.crypto import MIN_SECRET_LENGTH
from bottlenecks.retention import KEEP_CLOSED_REPORTS_DAYS

ROOT = Path(__file__).parent.parent
_MAIL_ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+")
_WEBHOOK_SECRET = re.compile(r"[\w-]{32,256}", re.ASCII)
# letters and digits, as browsers send it (a name with other letters begins with xn--), or IPv6
_HOST_NAME = re.compile(r"[\w.-]*\w|\[[a-fA-F\d:.]+\]", re.ASCII)
LOCAL = ("127.0.0.1", "localhost", "::1")
# the folder with a file per secret setting, as containers and systemd hand them over
SECRETS_DIR = "SECRETS_DIR"


class SettingsError(Exception):
    """A setting is missing or malformed; the message is one line that says what to do."""


class Settings(BaseSettings):
    """All settings. Each has a default that works for trying it out."""

    model_config = SettingsConfigDict(env_file=ROOT / ".env", extra="ignore", env_ignore_empty=True)

    data_dir: Path = Field(
        default=ROOT / "data", description="folder for the SQLite file and the secret key"
    )
    model_dir: Path = Field(default=ROOT / "models", description="folder for the trained model")
    database_url: str | None = Field(
        default=None,
        description="SQLAlchemy URL of the database; default an SQLite file in DATA_DIR",
    )
    secret_key: SecretStr | None = Field(
        default=None,
        description="secret of at least 32 characters that encrypts stored messages and hashes "
        "ids; default a key made in DATA_DIR at first start",
    )
    telegram_token: SecretStr | None = Field(
        default=None, description="token of the Telegram bot, from BotFather"
    )
    telegram_api_url: str = Field(
        default="https://api.telegram.org", description="address of the Bot API"
    )
    telegram_webhook_secret: SecretStr | None = Field(
        default=None,
        description="secret of 32 to 256 letters, digits, _ and -; with it Telegram sends messages "
        "to PUBLIC_URL, and they are not fetched",
    )
    web: bool = Field(default=True, description="whether `serve` serves the chat and the desk")
    web_host: str = Field(
        default="127.0.0.1", description="address on which `serve` listens for browsers"
    )
    port: int = Field(
        default=8000, ge=0, le=65535, description="its port; 0 takes one that is free"
    )
    public_url: str | None = Field(
        default=None,
        description="address by which browsers reach it, such as https://regiowijzer.example.nl; "
        "needed when WEB_HOST is not this machine alone",
    )
    chat_access: Literal["open", "invited"] = Field(
        default="open",
        description="who may chat: `open`, or `invited`: only with a private link or its code, in "
        "the browser and on Telegram",
    )
    chat_per_minute: int = Field(
        default=PER_USER,
        ge=1,
        le=100_000,
        description="how many messages a minute one user may send",
    )
    chat_per_minute_address: int = Field(
        default=PER_ADDRESS,
        ge=1,
        le=1_000_000,
        description="how many messages a minute may come from one network address",
    )
    trusted_proxies: str | None = Field(
        default=None,
        description="addresses or networks, with commas between them, of the proxies in front of "
        "`serve`: only these are believed about where a browser is",
    )
    oidc_issuer: str | None = Field(
        default=None, description="address of an OpenID provider with which officers sign in"
    )
    oidc_client_id: str | None = Field(default=None, description="name of the desk there")
    oidc_client_secret: SecretStr | None = Field(default=None, description="its secret there")
    oidc_name: str = Field(
        default="je organisatie", description="how the button to sign in there calls it"
    )
    smtp_host: str | None = Field(
        default=None, description="mail server with which officers are told of signals"
    )
    smtp_port: int | None = Field(
        default=None, ge=1, le=65535, description="its port; default that of SMTP_SECURITY"
    )
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls",
        description="how the connection is encrypted: `starttls` (port 587), `tls` (465) or "
        "`none` (25), for a server on this machine or network that asks no password",
    )
    smtp_user: str | None = Field(default=None, description="name to sign in with there")
    smtp_password: SecretStr | None = Field(default=None, description="its password there")
    mail_from: str | None = Field(
        default=None, description="from whom mail comes: `name@example.nl` or `Name <name@...>`"
    )
    workers: Literal["here", "elsewhere"] = Field(
        default="here",
        description="who handles messages: `serve` itself (`here`), or only processes of "
        "`regiowijzer worker` (`elsewhere`), which needs PostgreSQL",
    )
    content_review_days: int = Field(
        default=180,
        ge=1,
        le=3650,
        description="days after which the desk asks to look at a topic again",
    )
    keep_closed_reports_days: int = Field(
        default=KEEP_CLOSED_REPORTS_DAYS,
        ge=30,
        le=3650,
        description="days after which a closed report is erased",
    )
    metrics_token: SecretStr | None = Field(
        default=None,
        description="secret of at least 32 characters with which other machines may read /metrics",
    )
    log_level: str = Field(default="WARNING", description="DEBUG, INFO, WARNING or ERROR")
    log_format: Literal["console", "json"] = Field(
        default="console",
        description="how the log is written: `console` for people, or `json`, one object per line",
    )

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
        return value.upper()

    @field_validator("secret_key", "metrics_token")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < MIN_SECRET_LENGTH:
            raise ValueError(f"must have at least {MIN_SECRET_LENGTH} characters")
        return value

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _as_telegram_takes_it(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _WEBHOOK_SECRET.fullmatch(value.get_secret_value()):
            raise ValueError("must have 32 to 256 letters, digits, _ or -")
        return value

    @field_validator("telegram_api_url", "public_url", "oidc_issuer")
    @classmethod
    def _http(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/")

    @field_validator("public_url")
    @classmethod
    def _only_a_name(cls, value: str | None) -> str | None:
        # links are made with it and requests are compared with it: a path would be lost in both
        if value is not None and not _is_only_a_name(value):
            raise ValueError(
                "must be a name with nothing behind it, such as https://regiowijzer.example.nl"
            )
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: str | None) -> str | None:
        for part in (value or "").split(","):
            try:
                # a malformed one would be taken for a name, and match nothing
                ipaddress.ip_network(part.strip() or "::1")
            except ValueError:
                raise ValueError(
                    f"{part.strip()!r} must be an address (10.0.0.5) or a network (10.0.0.0/24)"
                ) from None
        return value

    @field_validator("mail_from")
    @classmethod
    def _mail_address(cls, value: str | None) -> str | None:
        if value is not None and not _MAIL_ADDRESS.fullmatch(parseaddr(value)[1]):
            raise ValueError("must be an e-mail address")
        return value

    @model_validator(mode="after")
    def _can_mail(self) -> "Settings":
        if self.smtp_host is None:
            return self
        if self.mail_from is None:
            raise ValueError("SMTP_HOST needs MAIL_FROM, the address that mail comes from")
        if (self.smtp_user is None) != (self.smtp_password is None):
            raise ValueError("SMTP_USER and SMTP_PASSWORD go together")
        if self.smtp_user is not None and self.smtp_security == "none":
            raise ValueError("SMTP_PASSWORD would travel readable: set SMTP_SECURITY")
        return self

    @model_validator(mode="after")
    def _has_workers(self) -> "Settings":
        if self.workers == "elsewhere" and not self.is_postgresql:
            raise ValueError("WORKERS=elsewhere needs a DATABASE_URL of PostgreSQL")
        return self

    @model_validator(mode="after")
    def _can_be_sent_to(self) -> "Settings":
        if self.telegram_webhook_secret is None:
            return self
        if self.telegram_token is None or not self.web:
            raise ValueError("TELEGRAM_WEBHOOK_SECRET needs TELEGRAM_TOKEN, and WEB on")
        if not (self.public_url or "").startswith("https://"):
            raise ValueError(
                "TELEGRAM_WEBHOOK_SECRET needs PUBLIC_URL with https://: Telegram sends there"
            )
        return self

    @model_validator(mode="after")
    def _reachable(self) -> "Settings":
        if self.web and not self.is_local and self.public_url is None:
            raise ValueError(
                f"WEB_HOST {self.web_host} lets other machines in: set PUBLIC_URL to the address "
                "by which browsers reach it"
            )
        if self.oidc_issuer and not (self.oidc_client_id and self.oidc_client_secret):
            raise ValueError("OIDC_ISSUER needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET")
        return self

    @property
    def is_local(self) -> bool:
        """Whether only this machine reaches the web server."""
        return self.web_host in LOCAL

    @property
    def proxies(self) -> list[str]:
        """The proxies that are believed, each an address or a network."""
        return [part.strip() for part in (self.trusted_proxies or "").split(",") if part.strip()]

    @property
    def is_postgresql(self) -> bool:
        """Whether the database is one that several processes may use."""
        return self.database.startswith("postgresql")

    @property
    def database(self) -> str:
        """The database's URL, with the default filled in."""
        return self.database_url or f"sqlite:///{self.data_dir / 'regiowijzer.db'}"


def load_settings() -> Settings:
    """Read the settings: from the environment, from `.env`, and from files in `SECRETS_DIR`.

    Raises:
        SettingsError: one of them is malformed, or a file in `SECRETS_DIR` cannot be read.
    """
    folder = os.environ.get(SECRETS_DIR) or None
    if folder is not None and not os.path.isdir(folder):
        # or all secrets would be left out without a word, and a new key be made
        raise SettingsError(f"{SECRETS_DIR}: {folder} is no folder that can be read")
    for name in Settings.model_fields:
        # container programs make a folder of a file that is not there
        if folder is not None and os.path.isdir(os.path.join(folder, name)):
            raise SettingsError(f"{SECRETS_DIR}: {name} cannot be read: it is a folder")
    try:
        return Settings(_secrets_dir=folder)
    except UnusableSource as error:
        cause = error.__cause__
        reason = f": {cause.strerror}" if isinstance(cause, OSError) else " as text"
        named = re.search(r'field "(\w+)"', str(error))
        raise SettingsError(
            f"{SECRETS_DIR}: {named[1] if named else 'a file'} cannot be read{reason}"
        ) from error
    except ValidationError as error:
        problems = "; ".join(
            f"{_name(problem['loc'])}{problem['msg'].removeprefix('Value error, ')}"
            for problem in error.errors()
        )
        raise SettingsError(f"settings (environment or .env): {problems}") from error


def _is_only_a_name(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    name = parts.netloc if parts.port is None else parts.netloc.rpartition(":")[0]
    alone = url == f"{parts.scheme}://{parts.netloc}"
    return alone and _HOST_NAME.fullmatch(name) is not None


def _name(place: tuple[int | str, ...]) -> str:
    return f"{str(place[0]).upper()}: " if place else ""
