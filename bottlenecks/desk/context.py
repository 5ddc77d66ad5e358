"""What the desk gets from outside: the database, names of things, and how to reach people."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bottlenecks.crypto import Cipher
from bottlenecks.notices import Notice
from bottlenecks.store import Database


@dataclass(frozen=True)
class OidcSettings:
    """A provider at which officers sign in; `issuer` is its URL without /.well-known.

    `name` is how the login page calls it: the organisation of the officers.
    """

    issuer: str
    client_id: str
    client_secret: str
    name: str = "je organisatie"


@dataclass(frozen=True)
class DeskContext:
    """All that the pages of the desk need.

    Attributes:
        database: where everything is kept.
        cipher: for the keyed hashes of cookies and tokens.
        regions: names of regions by id, as in regions.yml.
        phases: names of the phases of scaling up by id, as in fasen.yml.
        insurers: names of insurers by id.
        as_payload: makes of a notice what the outbox delivers.
        wake: called after something was put in the outbox.
        secure_cookies: cookies only over https; False on loopback.
        oidc: sign in elsewhere; None: only with a password.
    """

    database: Database
    cipher: Cipher
    regions: Mapping[str, str]
    phases: Mapping[str, str]
    insurers: Mapping[str, str]
    as_payload: Callable[[Notice], str]
    wake: Callable[[], None]
    secure_cookies: bool = False
    oidc: OidcSettings | None = None
