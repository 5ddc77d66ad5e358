"""Keeps what must not be readable in the database: encrypted payloads, keyed hashes of ids."""

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MIN_SECRET_LENGTH = 32


class SecretKeyError(Exception):
    """The secret key is missing, too short, or not the one the data was written with."""


class WrongKeyError(SecretKeyError):
    """What is stored was encrypted with another secret, or is damaged."""


class Cipher:
    """Encrypts with one key and hashes with another, both derived from one secret."""

    def __init__(self, secret: str) -> None:
        """Derive the keys.

        Raises:
            SecretKeyError: `secret` has fewer than 32 characters.
        """
        if len(secret) < MIN_SECRET_LENGTH:
            raise SecretKeyError(
                f"SECRET_KEY has {len(secret)} characters, needs at least {MIN_SECRET_LENGTH}: "
                'make one with python3 -c "import secrets; print(secrets.token_urlsafe(32))"'
            )
        self._fernet = Fernet(base64.urlsafe_b64encode(_derive(secret, b"payload")))
        self._hash_key = _derive(secret, b"outside-id")

    def encrypt(self, text: str) -> bytes:
        """Encrypted form of `text`; differs at every call."""
        return self._fernet.encrypt(text.encode("utf-8"))

    def decrypt(self, token: bytes) -> str:
        """The text that was encrypted.

        Raises:
            WrongKeyError: it was encrypted with another secret, or damaged.
        """
        try:
            return self._fernet.decrypt(token).decode("utf-8")
        except InvalidToken as error:
            raise WrongKeyError(
                "stored data cannot be read with this SECRET_KEY: put the earlier key back"
            ) from error

    def hash_id(self, channel: str, outside_id: str) -> str:
        """Keyed hash by which an outside id (a Telegram id) is found again but not read back."""
        message = f"{channel}:{outside_id}".encode()
        return hmac.new(self._hash_key, message, hashlib.sha256).hexdigest()


def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"regiowijzer " + purpose).derive(
        secret.encode("utf-8")
    )


def new_secret() -> str:
    """A secret key that nobody can guess."""
    return secrets.token_urlsafe(48)


def secret_in(path: Path) -> str | None:
    """The secret kept in `path`; None when there is no such file.

    Raises:
        SecretKeyError: the file cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unusable(path, error) from error


def keep_secret(secret: str, path: Path) -> None:
    """Write a secret into a new file that its owner only can read.

    Raises:
        SecretKeyError: the file cannot be made, or is there already.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secret + "\n")
    except OSError as error:
        raise _unusable(path, error) from error


def _unusable(path: Path, error: OSError) -> SecretKeyError:
    return SecretKeyError(f"{path} cannot be used for the secret key: {error.strerror}")
