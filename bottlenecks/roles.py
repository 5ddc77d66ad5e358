"""Who may do what at the desk: roles, and the regions that someone sees."""

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """A role; the value is stored. Each may do what those before it may."""

    READER = "lezer"
    HANDLER = "behandelaar"
    ADMIN = "beheerder"

    def includes(self, other: "Role") -> bool:
        """Whether this role may do what `other` may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


ROLE_LABELS = {
    Role.READER: "Lezer: ziet meldingen",
    Role.HANDLER: "Behandelaar: behandelt meldingen, vult fase en contact in, keurt teksten goed",
    Role.ADMIN: "Beheerder: doet alles, ook mensen en toegang",
}


@dataclass(frozen=True)
class Scope:
    """The regions that someone sees: all of them, or some (ids of regions.yml).

    Reports of no known region are seen by who sees all.
    """

    all_regions: bool = False
    regions: frozenset[str] = field(default_factory=frozenset)

    def sees(self, region: str | None) -> bool:
        """Whether what belongs to `region` may be seen."""
        return self.all_regions or (region is not None and region in self.regions)

    def covers(self, other: "Scope") -> bool:
        """Whether all that `other` sees is seen here too."""
        return self.all_regions or (not other.all_regions and other.regions <= self.regions)


EVERYWHERE = Scope(all_regions=True)


@dataclass(frozen=True)
class Officer:
    """Someone who is signed in at the desk."""

    id: str
    login: str
    name: str
    role: Role
    scope: Scope

    def may(self, role: Role) -> bool:
        """Whether this officer may do what `role` may."""
        return self.role.includes(role)
