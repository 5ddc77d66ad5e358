"""What the desk gets from outside: the database, names of things, and how to reach people."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bottlenecks.crypto import Cipher
from bottlenecks.notices import Notice
from bottlenecks.roles import Scope
from bottlenecks.store import Database
from bottlenecks.tidying import Tidied
from knowledge import Knowledge


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
        knowledge: what the assistant answers from, as the files of knowledge/ say it.
        regions: names of regions by id, as in regions.yml.
        phases: names of the phases of scaling up by id, as in fasen.yml.
        insurers: names of insurers by id.
        as_payload: makes of a notice what the outbox delivers.
        wake: called after something was put in the outbox.
        secure_cookies: cookies only over https; False on loopback.
        oidc: sign in elsewhere; None: only with a password.
        mail: whether officers can be told by e-mail.
        telegram: whether they can be told over Telegram.
        bot_name: gives the name of the Telegram bot, for links to it; None: there is none.
        last_tidied: gives when what is kept no longer was last erased; None: it is not known.
        backups: the folder in which copies of the database are made; None: it is not known.
        review_days: after so many days without anybody looking, a topic has to be looked at.
    """

    database: Database
    cipher: Cipher
    knowledge: Knowledge
    regions: Mapping[str, str]
    phases: Mapping[str, str]
    insurers: Mapping[str, str]
    as_payload: Callable[[Notice], str]
    wake: Callable[[], None]
    secure_cookies: bool = False
    oidc: OidcSettings | None = None
    mail: bool = False
    telegram: bool = False
    bot_name: Callable[[], str | None] = lambda: None
    last_tidied: Callable[[], Tidied | None] = lambda: None
    backups: Path | None = None
    review_days: int = 180

    def regions_of(self, scope: Scope) -> dict[str, str]:
        """The regions that someone with this scope sees: names by id."""
        return {id_: name for id_, name in self.regions.items() if scope.sees(id_)}
