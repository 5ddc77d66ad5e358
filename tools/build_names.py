"""`python -m tools.build_names [WORD LIST]`: write the name and word lists of the screening, once.

Names: Faker's lists in Latin script, our own (tools/names_own.yml), and those with a capital in
OpenTaal's word list (Debian's package wdutch: /usr/share/dict/dutch). Words: those in lower case
of that list, and of our own texts; a name that is also such a word needs context. Places: Faker's
Dutch towns and those of knowledge/regions.yml.
"""

import importlib
import re
import sys
from pathlib import Path

import yaml

from bottlenecks.privacy.words import LONGEST, folded
from tools.opentaal_names import names_among

ROOT = Path(__file__).parents[1]
OUT = ROOT / "bottlenecks" / "privacy"
LOCALES = (
    *("nl_NL", "nl_BE", "tr_TR", "pl_PL", "fr_FR", "de_DE", "es_ES", "pt_PT", "it_IT", "en_IN"),
    *("id_ID", "ro_RO", "hr_HR", "cs_CZ", "en_GB", "en_US", "da_DK", "sv_SE", "no_NO", "hu_HU"),
    *("pt_BR", "es_MX", "fr_DZ", "az_AZ", "en_PK", "sk_SK", "tw_GH", "yo_NG", "en_NG", "vi_VN"),
)
NAMES = (
    "from Faker (https://github.com/joke2k/faker, MIT licence), OpenTaal's word list (revised BSD "
    "licence: words-LICENCE.txt) and tools/names_own.yml"
)
WORD_LIST = Path("/usr/share/dict/dutch")
OPENTAAL = "from our texts and OpenTaal's word list (revised BSD licence: words-LICENCE.txt)"
# what Dutch people read: the texts that this program is made of
OWN_TEXTS = ("nlu/*.yml", "nlu/templates/*.yml", "knowledge/*.yml", "docs/handleiding*.md")
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


def words(listed: set[str]) -> set[str]:
    """Ordinary Dutch words in lower case, up to `LONGEST` letters."""
    texts = [file for pattern in OWN_TEXTS for file in sorted(ROOT.glob(pattern))]
    own = {
        word
        for file in texts
        if file.name != "regions.yml"
        for word in WORD.findall(file.read_text(encoding="utf-8"))
    }
    found = {word for word in own | listed if WORD.fullmatch(word) and word.islower()}
    return {folded(word) for word in found if 1 < len(word) <= LONGEST} - own_names("no_words")


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
    word_list = Path(sys.argv[1]) if len(sys.argv) > 1 else WORD_LIST
    listed = set(word_list.read_text(encoding="utf-8").split())
    ordinary, towns, no_names = words(listed), places(), own_names("no_names")
    first, last = names_among(listed)
    kinds = {"first": first, "last": last}
    for kind, found in kinds.items():
        # what the list has as a word or a town besides is left to our own lists and Faker's
        more = {folded(name) for name in found} - ordinary - towns
        known = parts(faker_names(f"{kind}_names") | own_names(kind))
        write(f"{kind}_names.txt", NAMES, (known | more) - no_names)
    write("words.txt", OPENTAAL, ordinary)
    write("places.txt", "from Faker (MIT licence) and knowledge/regions.yml", towns)


if __name__ == "__main__":
    main()
