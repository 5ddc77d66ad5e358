"""What makes a word a name: one small function per kind of evidence, tried in order.

Each gets a `Candidate`, a place in a text where a name may begin, and says whether it is one. After
a title only `after_title` speaks; what begins the name of an organisation is no person.
"""

import re
from collections.abc import Callable

from bottlenecks.privacy.candidate import Candidate

_FOREIGN_LOOK = re.compile(
    r"[aiouy]$|sz|kh|dj|bd|ou[aei]|[aeiou]h|yn|ek$|ar$|an$|ir$|id$|az$|ez$|ov$|oz"
)
# how words with a capital end that are no names: streets, organisations, medicines
NO_PERSON = re.compile(
    r"(?:straat|laan|weg|plein|kade|dreef|gracht|singel|zorg|huis|huizen|groep|centrum|praktijk|"
    r"apotheek|dienst|kliniek|thuis|post|net|lijn|portaal|app|wijk|dorp|stad|talig|mis|tie|isch|"
    r"middel|ine|pam|zol|pril|lol|icum|mab|statine|online|box|team|bus|vervoer|urgentie|umc|"
    r"iteit|atrie|wet|brief|materiaal|punt|code|stuk|[lj]assen|flessen|folder|zone|teams|praxis|"
    r"kassen?|dag|ging|dienste|moeder|[tdgklnr]se|bloeding|formulier|rooster|systeem|register|score|test|gegevens|kunde|land|landen|landse)$"
)
_BEHIND = re.compile(r",? ?\(|, ")
_INITIALS = re.compile(r",? (?:[A-Z]\.){1,4}(?!\w)")
# an age or a date of birth
_AGE = re.compile(
    r",? \(?(?:[mvMV],? |man,? |vrouw,? )?\d{1,3}(?:,? ?[mv])?(?:\)| ?(?:jr|jaar|jarig|j)\b)"
    r"|,? \(?(?:geb\b|geboren|bsn\b|BSN\b|\* ?\d|[mv] ?\d\d\b|\d{1,2}[-./]\d{1,2}[-./]'?\d{2,4})"
)
_LOW_PREFIXES = ("van", "de", "den", "v")
# an unknown word in lower case is a name up to so many letters: before a verb, after 'voor'
_SHORT, _SHORTER = 11, 8
_CAPITAL_BEFORE_VERB = 12


def after_title(one: Candidate) -> bool:
    """'mw. de wit', 'dhr el bouazzati', 'meneer van der zanden'."""
    text, token = one.text, one.token
    if one.has("organisation_before"):  # 'mevr. Sint', but not 'mevrouw, Sint Jozef'
        return token.capital and not (one.following and one.following.capital)
    if not one.has("never") and _AGE.match(text.text, token.end):
        return True
    if token.text.isupper() and len(token.text) > 2:  # 'MW. DE VRIES VALT'
        return text.listed(token) or not text.ordinary(token)
    # but not 'mevrouw in 't ziekenhuis'
    opens = text.tokens[one.after_initials].low in text.words["capital_prefixes"]
    firm = one.prefixed and not opens and text.firm(one.after_initials, one.core)
    return (
        (firm and not one.has("never"))
        or token.capital
        or text.sure(one.core)
        or text.unknown(one.core)
        or one.listed
        or (not text.ordinary(token) and not one.has("keep"))
    )


def with_initials(one: Candidate) -> bool:
    """'K. Bos', 'a.b. de wit'."""
    if not one.initials:
        return False
    if one.token.capital:
        return not one.has("organisation_before", "never")
    lower = not one.text.tokens[one.begin].text[0].isupper()
    return lower and one.text.listed(one.token) and (one.text.sure(one.core) or one.prefixed)


def after_relation(one: Candidate) -> bool:
    """'dochter Anneloes', 'huisarts bouzidi', 'geriater Dekkers'."""
    text, core = one.text, one.core
    if not one.relation or one.initials:
        return False
    if one.token.begins and one.has("never"):  # 'de dokter: "Wij ook."'
        return False
    if text.likely(core) or text.sure(core) or one.strange:
        return True
    return one.token.capital and not text.kept(core) and (one.last or text.gap(core - 1) == " ")


def after_family(one: Candidate) -> bool:
    """'zoon mark', 'haar dochter Sterre': an ordinary word besides."""
    return (
        one.relation in one.text.words["family"]
        and not one.initials
        and (one.first or one.token.capital and not one.has("never"))
        and not one.text.kept(one.core)
    )


def after_patient(one: Candidate) -> bool:
    """'pt slot', 'patiënt de jong', 'pt 't lam'."""
    if not one.relation or one.initials:
        return False
    patient = one.relation in one.text.words["patients"]
    # 'moeder van de trap'
    several = one.core > one.after_initials + 1
    plain = one.text.ordinary(one.token) and not one.token.capital and (several or not patient)
    if one.prefixed and one.listed and not plain and not one.text.strictly_kept(one.core):
        return True
    return patient and not (plain and several) and one.last and not one.text.kept(one.core)


def capital_after_prefix(one: Candidate) -> bool:
    """'De Vries belt', 'vd Berg'."""
    text, begin, core = one.text, one.begin, one.core
    starts = text.tokens[begin]
    several = core > begin + 1
    return (
        starts.low in _LOW_PREFIXES
        and one.token.capital
        and (one.token.low in text.words.last or (several and not starts.begins))
        and (starts.text[0].isupper() or (several and text.sure(core)))
        and not text.strictly_kept(core)
        and (one.last or not NO_PERSON.search(one.token.low))
    )


def after_firm_prefix(one: Candidate) -> bool:
    """'v.d. heijden', 'el bouazzati': these stand before names only."""
    text, core = one.text, one.core
    if text.kept(core) or not text.firm(one.begin, core):
        return False
    if text.tokens[one.begin].low in ("'t", "t") and text.ordinary(one.token):
        return False
    return one.strange or one.token.capital or text.sure(core)


def capital_prefix(one: Candidate) -> bool:
    """'Van Bouzidi', within a sentence."""
    starts = one.text.tokens[one.begin]
    return (
        one.text.sure(one.core)
        and not one.token.begins
        and starts.low in ("van", "de", "den")
        and one.token.capital
        and starts.text[0].isupper()
    )


def on_lists(one: Candidate) -> bool:
    """'fatima': on the lists of names, and no word."""
    return one.text.sure(one.core)


def before_age(one: Candidate) -> bool:
    """'Vos, 82 jaar', 'kok, 88j', 'bakker (geb. 3-4-1951)'."""
    if one.has("never") or not _AGE.match(one.text.text, one.token.end):
        return False
    return one.text.likely(one.core) or one.strange or one.listed


def before_initials(one: Candidate) -> bool:
    """'Kuipers, J.', 'KLEIJN, H.'."""
    if not _INITIALS.match(one.text.text, one.token.end) or not one.token.text[0].isupper():
        return False
    return len(one.token.text) > 2 and not one.text.ordinary(one.token) or one.listed


def before_relation(one: Candidate) -> bool:
    """'Mark (zoon)', 'roos, dochter van'."""
    text, core = one.text, one.core
    if core + 1 >= len(text.tokens) or not _BEHIND.fullmatch(text.gap(core)):
        return False
    if text.tokens[core + 1].low not in text.words["family"] | text.words["patients"]:
        return False
    return text.likely(core) and text.listed(one.token) or one.first


def first_and_prefixed_last(one: Candidate) -> bool:
    """'jan de wit', 'roos van der meer', 'Noor van Leeuwarden'."""
    text, after = one.text, one.beside
    if after is None or after == one.core + 1:
        return False
    beside = text.tokens[after]
    plain = text.ordinary(beside) and not (beside.capital or text.listed(beside))
    if one.listed and text.firm(one.core + 1, after) and not plain:
        return True
    if not one.first:
        return False
    if one.token.capital and beside.capital and not text.strictly_kept(after):
        return True
    return (
        (one.token.capital or not one.has("also_ordinary"))
        and beside.low in text.words.last
        and not text.strictly_kept(after)
    )


def capitals_beside(one: Candidate) -> bool:
    """'Sterre Bakker', 'Wen Jiabao'."""
    text, after = one.text, one.beside
    if after is None or not text.likely(one.core):
        return False
    beside = text.tokens[after]
    return beside.capital and (
        text.sure(after)
        or (text.likely(after) and not text.ordinary(one.token))
        or (one.token.low in text.words.first and beside.low in text.words.last)
    )


def first_and_last(one: Candidate) -> bool:
    """'mark jansen', in lower case."""
    text, after = one.text, one.beside
    if after != one.core + 1 or one.token.capital or not one.first:
        return False
    if text.sure(after):
        return True
    beside = text.tokens[after].low
    return (
        not one.has("also_ordinary")
        and beside in text.words.last
        and beside not in text.words["never"]
        and not text.kept(after)
    )


def does_what_patients_do(one: Candidate) -> bool:
    """'mark huilt', 'tsige ligt op bed', 'Winifred valt'."""
    following, text = one.following, one.text
    if following is None or following.low not in text.words["patient_verbs"]:
        return False
    if one.first or (one.strange and len(one.token.low) < _SHORTER):
        return True
    return one.token.capital and (
        one.listed
        or text.likely(one.core)
        and not text.ordinary(one.token)
        and len(one.token.text) < _CAPITAL_BEFORE_VERB
    )


def does_what_anyone_does(one: Candidate) -> bool:
    """'wim is weer weg', 'Mark wil'."""
    following = one.following
    if following is None or following.low not in one.text.words["verbs"]:
        return False
    if one.first and (one.token.capital or not one.has("also_ordinary")):
        return True
    return one.text.likely(one.core) and _looks_like_one(one)


def _looks_like_one(one: Candidate) -> bool:
    if one.text.ordinary(one.token) or NO_PERSON.search(one.token.low):
        return False
    return not any(letter.isupper() for letter in one.token.text[1:].replace("-", "")[1:])


def capital_within_sentence(one: Candidate) -> bool:
    """'toen belde Winifred': no word we know, and nothing else that has a capital."""
    if not one.text.likely(one.core) or one.token.begins:
        return False
    return one.listed or (one.preceding is not None and _looks_like_one(one))


def after_person_word(one: Candidate) -> bool:
    """'plek voor mark', 'de dochter van tsige'."""
    preceding = one.preceding
    if preceding is None or preceding.low not in one.text.words["person_words"]:
        return False
    if one.first and not one.has("also_ordinary"):
        return True
    return one.strange and len(one.token.low) < _SHORT and bool(_FOREIGN_LOOK.search(one.token.low))


Evidence = Callable[[Candidate], bool]
ANYWHERE: tuple[Evidence, ...] = (with_initials, after_relation, after_family, after_patient)
PREFIXED: tuple[Evidence, ...] = (capital_after_prefix, after_firm_prefix, capital_prefix)
BARE: tuple[Evidence, ...] = (
    on_lists,
    before_age,
    before_initials,
    before_relation,
    first_and_prefixed_last,
    capitals_beside,
    first_and_last,
    does_what_patients_do,
    does_what_anyone_does,
    capital_within_sentence,
    after_person_word,
)


def is_imperative(one: Candidate) -> bool:
    """'mark de datum': a verb."""
    following = one.following
    small = following is not None and following.low in ("de", "het", "deze", "dit", "even")
    # 'is mark de datum vergeten'
    asked = one.preceding is not None and one.preceding.low in one.text.words["verbs"]
    return small and one.has("imperatives") and not one.token.capital and not asked


def is_name(one: Candidate) -> bool:
    """Whether any evidence says that this is a name."""
    if one.has("titles", "relations") and not (one.title and one.token.capital):
        return False
    if one.title:
        return after_title(one)
    if one.of_someone or is_imperative(one):
        return False
    if one.text.organisation_before(one.begin):
        return False
    if any(evidence(one) for evidence in ANYWHERE):
        return True
    if one.prefixed:
        return any(evidence(one) for evidence in PREFIXED)
    return not one.text.kept(one.core) and any(evidence(one) for evidence in BARE)
