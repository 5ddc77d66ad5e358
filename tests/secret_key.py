"""The secret key of a folder with data, made when there is none."""

from pathlib import Path

from bottlenecks.crypto import Cipher, keep_secret, new_secret, secret_in


def secret_of(folder: Path) -> str:
    """The secret in the `secret.key` of a folder."""
    path = folder / "secret.key"
    secret = secret_in(path)
    if secret is None:
        secret = new_secret()
        keep_secret(secret, path)
    return secret


def cipher_of(folder: Path) -> Cipher:
    """The cipher with that secret."""
    return Cipher(secret_of(folder))
