"""Writes abbreviations and dialect out, and leaves places out: they do not tell what is asked.

Reads its data from abbreviations.yml and, as a data file only, from knowledge/regions.yml.
"""

import re
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).parent / "abbreviations.yml"
PLACES = Path(__file__).parent.parent / "knowledge" / "regions.yml"
# words after which a cautious abbreviation cannot be a greeting
_BEFORE_NOUN = r"(?<=\bde )|(?<=\been )|(?<=\bals )|(?<=\bvan )|(?<=\bvoor )|(?<=\bmijn )|(?<=\bn )"
_BEFORE_PLACE = r"(?:\b(?:in|te|uit|bij|rond|regio|omgeving|naar|van|vanuit) (?:de )?(?:regio )?)?"


def written_out(text: str) -> str:
    """`text` in lower case, abbreviations and dialect in ordinary words, and without places."""
    places, ambiguous = _places()

    def without(match: re.Match[str]) -> str:
        return match.group() if match.group("name") in ambiguous else " "

    placeless = places.sub(without, " ".join(text.split()))
    pattern, meaning = _words()
    plain = pattern.sub(lambda match: meaning[match.group()], placeless.lower())
    return " ".join(plain.split())


@cache
def _words() -> tuple[re.Pattern[str], dict[str, str]]:
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    plain: dict[str, str] = data["afkortingen"] | data["streektaal"]
    cautious: dict[str, str] = data["voorzichtig"]
    return (
        re.compile(
            rf"(?<![\w-])(?:{_any_of(plain)})(?![\w-])"
            rf"|(?:{_BEFORE_NOUN})(?:{_any_of(cautious)})(?![\w-])"
        ),
        plain | cautious,
    )


@cache
def _places() -> tuple[re.Pattern[str], frozenset[str]]:
    """Finds places; those that are ordinary words too only with a capital."""
    data = yaml.safe_load(PLACES.read_text(encoding="utf-8"))
    # the name of an area does tell what is asked: some agreements are of one area
    areas = {region["gebied"] for region in data["regios"]}
    names = {name for region in data["regios"] for name in _names_of(region)}
    names |= set(data["plaatsen_elders"])
    pattern = rf"{_BEFORE_PLACE}(?<![\w-])(?P<name>{_any_of(names - areas)})(?![\w-])"
    return re.compile(pattern, re.IGNORECASE), frozenset(data["gewone_woorden"])


def _names_of(region: dict[str, list[str] | str]) -> set[str]:
    return {str(region["naam"]), *region.get("plaatsen", ())}


def _any_of(names: set[str] | dict[str, str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
