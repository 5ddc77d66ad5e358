"""`python -m tools.build_names`: write the name and word lists of the screening, once.

Names: Faker's lists in Latin script, and our own (tools/names_own.yml). Words: those that stand in
lower case in our own texts (nlu/, knowledge/), and in the treebanks of our language model where
they are never written as a name; a name that is also such a word needs context. Places: Faker's
Dutch towns and those of knowledge/regions.yml.
"""

import importlib
import re
from pathlib import Path

import spacy
import yaml

from bottlenecks.privacy.words import folded

ROOT = Path(__file__).parents[1]
OUT = ROOT / "bottlenecks" / "privacy"
LOCALES = (
    *("nl_NL", "nl_BE", "tr_TR", "pl_PL", "fr_FR", "de_DE", "es_ES", "pt_PT", "it_IT", "en_IN"),
    *("id_ID", "ro_RO", "hr_HR", "cs_CZ"),
)
FAKER = "from Faker (https://github.com/joke2k/faker, MIT licence) and tools/names_own.yml"
TREEBANKS = "from nlu/, knowledge/ and single words of UD Dutch Alpino/LassySmall (CC BY-SA 4.0)"
WORD = re.compile(r"[^\W\d_]+")


def faker_names(kind: str) -> set[str]:
    """All names of a kind (`first_names`, `last_names`) in our locales."""
    names: set[str] = set()
    for locale in LOCALES:
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        for part in (kind, f"{kind}_male", f"{kind}_female"):
            names.update(getattr(provider, part, ()))
    return names


def own_names(kind: str) -> set[str]:
    """The names of tools/names_own.yml."""
    lines = yaml.safe_load((ROOT / "tools" / "names_own.yml").read_text(encoding="utf-8"))[kind]
    return {name for line in lines for name in line.split()}


def words() -> set[str]:
    """Ordinary Dutch words in lower case."""
    found: set[str] = set()
    for folder in ("nlu", "knowledge"):
        for file in sorted((ROOT / folder).rglob("*.yml")):
            if file.name != "regions.yml":
                found.update(
                    word for word in WORD.findall(file.read_text("utf-8")) if word.islower()
                )
    strings = set(spacy.load("nl_ud_news_sm").vocab.strings)
    found.update(
        word
        for word in strings
        if word.isalpha() and word.islower() and word.capitalize() not in strings
    )
    return {folded(word) for word in found if len(word) > 1}


def places() -> set[str]:
    """Dutch towns, in lower case."""
    cities = importlib.import_module("faker.providers.address.nl_NL").Provider.cities
    regions = yaml.safe_load((ROOT / "knowledge" / "regions.yml").read_text(encoding="utf-8"))
    own = {place for region in regions["regios"] for place in (*region["plaatsen"], region["naam"])}
    return {folded(place) for place in {*cities, *own}}


def parts(names: set[str]) -> set[str]:
    """The names without what stands before them ('van den'), without accents, in lower case."""
    return {folded(name.split()[-1]).strip("'") for name in names if len(name.split()[-1]) > 1}


def write(name: str, source: str, entries: set[str]) -> None:
    """One entry a line, under a line that says where they come from."""
    header = f"# Built by tools/build_names.py {source}; do not edit.\n"
    (OUT / name).write_text(header + "\n".join(sorted(entries)) + "\n", encoding="utf-8")
    print(f"{name}: {len(entries)}")


def main() -> None:
    """Write the four lists."""
    write("first_names.txt", FAKER, parts(faker_names("first_names") | own_names("first")))
    write("last_names.txt", FAKER, parts(faker_names("last_names") | own_names("last")))
    write("words.txt", TREEBANKS, words())
    write("places.txt", "from Faker (MIT licence) and knowledge/regions.yml", places())


if __name__ == "__main__":
    main()
