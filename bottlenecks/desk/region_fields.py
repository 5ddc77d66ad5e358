"""The part of a form in which regions are ticked: all of them, or some."""

from collections.abc import Mapping
from typing import Any, Self

from wtforms import BooleanField

from bottlenecks.desk.fields import ticks
from bottlenecks.desk.session import DeskForm
from bottlenecks.roles import Scope

NONE_CHOSEN = "Kies minstens één regio, of kies alle regio's."


class RegionFields(DeskForm):
    """Fields for a `Scope`. Call `offering` before the form is checked or shown."""

    all_regions = BooleanField("Alle regio's, ook meldingen zonder bekende regio")
    regions = ticks("Regio's")

    @staticmethod
    def values(scope: Scope) -> dict[str, Any]:
        """What to fill in for who has this scope."""
        return {"all_regions": scope.all_regions, "regions": sorted(scope.regions)}

    def offering(self, regions: Mapping[str, str], giver: Scope) -> Self:
        """Let one choose from these regions (names by id): no more than the giver has."""
        self.regions.choices = [(id_, name) for id_, name in regions.items() if giver.sees(id_)]
        if not giver.all_regions:
            del self.all_regions
        return self

    def validate(self, extra_validators: Any = None) -> bool:
        """Check all fields; something must be ticked."""
        good: bool = super().validate(extra_validators)
        if good and not self._everywhere() and not self.regions.data:
            self.regions.errors = [NONE_CHOSEN]
            return False
        return good

    def scope(self) -> Scope:
        """What was ticked; single regions do not count beside "all"."""
        if self._everywhere():
            return Scope(all_regions=True)
        return Scope(regions=frozenset(self.regions.data or ()))

    def _everywhere(self) -> bool:
        """Whether all regions are ticked, which is offered only by who has them all."""
        return "all_regions" in self and bool(self.all_regions.data)


def in_words(scope: Scope, names: Mapping[str, str]) -> str:
    """A scope for the audit log; `names` are those of regions by id."""
    if scope.all_regions:
        return "alle"
    return ", ".join(names.get(region, region) for region in sorted(scope.regions)) or "geen"
