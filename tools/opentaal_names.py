"""Names of people among the words with a capital in OpenTaal's list, told by their forms.

A first name has a genitive ('Carliens') and, unlike a town, no adjective ('Sittardse'). A surname
is told by its end ('Hoekzema'), or by being short and neither of these: that takes some brands
and foreign towns along, which hardly stand in lower case.
"""

import re

_WORD = re.compile(r"[A-ZÀ-Þ][a-zà-ÿ]{2,11}")
_SHORTEST, _SHORT = 5, 10
_ADJECTIVES = ("se", "er", "ers", "isch", "ische", "sch", "sche", "ees", "aans", "aan", "anen")
# streets, towns, inhabitants
_NO_PERSON = re.compile(
    r"(?:straat|laan|weg|plein|hof|kade|gracht|dijk|singel|pad|steeg|park|markt|brug|kerk|dreef|"
    r"kanaal|haven|meer|polder|burg|land|landen|dorp|stad|school|kapel|bank|zee|poort|fan|ploeg|"
    r"heide|hout|oord|hove|kerke|sluis|mer|der|ner|ter|aar|ër|aat|een|oor|dag|boek|beeld|ist|"
    r"[a-zé]{3}se|sche?|brief|soft|ië)$"
)
_SURNAME = re.compile(
    r"(?:[nrtdlkmzg]stra|[a-z]sma|[a-z]ema|inga|enga|onga|[a-z]ink|inck|[a-z]sen|kens|[a-z]man|"
    r"mans|mann|huis|horst|kamp|meijer|meyer|[a-z]aert|[a-z]sz|kers|bers|huizen|hoven|elaar|"
    r"[lrntk]ing|broek|veld|wijk|[lnr]ma|oglu|wicz|ski|ska)$"
)


def _is_place(word: str, all_words: set[str]) -> bool:
    if len(word) > _SHORTEST:
        word = word.removesuffix("s")
    stems = {word, re.sub(r"en?$", "", word), re.sub(r"[aeiouë]+$", "", word)}
    return any(stem + end in all_words for stem in stems for end in _ADJECTIVES)


def _has_genitive(word: str, all_words: set[str]) -> bool:
    return any(word + end in all_words for end in ("s", "'s", "’s", "'"))


def names_among(all_words: set[str]) -> tuple[set[str], set[str]]:
    """First names and surnames among the words of a list."""
    persons = {
        word
        for word in all_words
        if _WORD.fullmatch(word) and not _NO_PERSON.search(word) and not _is_place(word, all_words)
    }
    first = {word for word in persons if _has_genitive(word, all_words)}
    genitives = {word for word in persons if word.endswith("s") and word[:-1] in first}
    last = {
        word for word in persons - first - genitives if len(word) <= _SHORT or _SURNAME.search(word)
    }
    return {name for name in first - genitives if len(name) <= _SHORT}, last
