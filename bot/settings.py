"""Settings, from the environment and from a file `.env` in the folder of the project."""

from pathlib import Path

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bottlenecks.crypto import MIN_SECRET_LENGTH

ROOT = Path(__file__).parent.parent


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
    log_level: str = Field(default="WARNING", description="DEBUG, INFO, WARNING or ERROR")

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
        return value.upper()

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < MIN_SECRET_LENGTH:
            raise ValueError(f"must have at least {MIN_SECRET_LENGTH} characters")
        return value

    @field_validator("telegram_api_url")
    @classmethod
    def _http(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/")

    @property
    def database(self) -> str:
        """The database's URL, with the default filled in."""
        return self.database_url or f"sqlite:///{self.data_dir / 'regiowijzer.db'}"


def load_settings() -> Settings:
    """Read the settings.

    Raises:
        SettingsError: one of them is malformed.
    """
    try:
        return Settings()
    except ValidationError as error:
        problems = "; ".join(
            f"{str(problem['loc'][0]).upper()}: {problem['msg'].removeprefix('Value error, ')}"
            for problem in error.errors()
        )
        raise SettingsError(f"settings (environment or .env): {problems}") from error
