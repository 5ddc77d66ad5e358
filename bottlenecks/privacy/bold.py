"""What is probably a name: evidence that is used when removing too much costs little.

The reporter sees what was removed and can put it back, while a name that stays is out of reach.
`screen(..., bold=False)` leaves this out.
"""

import re

from bottlenecks.privacy.candidate import Candidate
from bottlenecks.privacy.evidence import NO_PERSON, Evidence, is_imperative
from bottlenecks.privacy.explained import explained, is_compound
from bottlenecks.privacy.surnames import SURNAMES_BARE, SURNAMES_PREFIXED

_SHORTEST, _LONGEST = 4, 14
# a longer word that is one letter off a known one is a slip of the pen
_LONGEST_SLIP = 7
_VOWEL = re.compile(r"[aeiouy].")
# how words of medicine end
_MEDICAL = re.compile(
    r"(?:mab|pril|olol|azol|statine|cilline|mycine|floxacine|sartan|dipine|zepam|zolam|oxaban|"
    r"gliptine|tide|itis|osis|oom|urie|emie|pathie|ectomie|scopie|grafie|logie|fractuur|sepsis|"
    r"pneu|algie|plegie|fasie|tomie|stomie|trofie|iatrie|fobie|therapie|gram|toom|coccen|virus)$"
)
_ABBREVIATED_TITLES = frozenset("mw mevr dhr hr mnr mej fam mvr mevw".split())
# what somebody is or has done: 'mw gevallen', 'dhr verward'
_STATE = re.compile(
    r"^(?:ge|be|ver|ont|her|op|aan|af|uit|in|over|terug|door).*(?:d|t|en)$"
    r"|(?:ig|lijk|aal|eel|ief|isch|loos|baar|end|ende|eerd|erd|zaam|achtig|matig|tie|heid|ing)$"
)
_BARE_AGE = re.compile(r",? \(?\d{2}(?:\)|,|\.(?!\d)| ?(?:j|jr|jaar)\b|$)")
# no name ends so: 'inschr', 'wvpk', 'mantelz'
_CUT_OFF = re.compile(r"(?:[bdfgkpt][lrw]|[nm]v|lz|vr|schr|tw|v?pk)$|^[^aeiouy]+$")
_PATIENTS = frozenset(
    "pt pte patient patiente client cliente echtpaar gezin familie fam weduwe bewoner".split()
)
_NUMBERS = re.compile(r",? \(?(?:\d{5}|geb|bsn|\d{1,2}[-/.]\d)", re.IGNORECASE)
_AND = re.compile(r", | en | of | & |/")


def unexplained(one: Candidate) -> bool:
    """'haddouchi': in lower case, on no list, no compound and no slip of the pen."""
    text, token = one.text, one.token
    if token.text[0].isupper() or not _SHORTEST <= len(token.low) <= _LONGEST:
        return False
    if one.preceding is not None and one.preceding.low in text.words["articles"]:
        return False
    return _is_unexplained(one)


def capital_unexplained(one: Candidate) -> bool:
    """'Oyelaran belde', also where a sentence begins."""
    text, token = one.text, one.token
    if not text.likely(one.core) or len(token.low) < _SHORTEST or NO_PERSON.search(token.low):
        return False
    return not token.begins and not text.ordinary(token) or _is_unexplained(one)


def _is_unexplained(one: Candidate) -> bool:
    text, token = one.text, one.token
    if text.kept(one.core) or text.ordinary(token) or one.has("titles", "relations", "jargon"):
        return False
    if (
        _CUT_OFF.search(token.low)
        or _MEDICAL.search(token.low)
        or "-" in token.low
        or "'" in token.low
    ):
        return False
    return not explained(token.low)


def double_name(one: Candidate) -> bool:
    """'Roos Koolmees', 'Annemiek Storm', 'Lo-A-Njoe'."""
    text, after = one.text, one.beside
    if "-" in one.token.text and one.token.text[-1].islower() and one.token.capital:
        parts = one.token.parts
        if len(parts) > 2 and any(text.words.is_name(part) for part in parts if len(part) > 1):
            return not any(part in text.words["keep"] for part in parts)
    if after is None or not one.token.capital or text.kept(one.core):
        return False
    beside = text.tokens[after]
    if not beside.capital or text.strictly_kept(after) or NO_PERSON.search(beside.low):
        return False
    if one.first or text.likely(one.core):
        return True
    # 'bij Storm Verhulst', but not 'bij Stichting Verhulst'
    organisation = one.has("organisation_before", "keep") or NO_PERSON.search(one.token.low)
    return not one.token.begins and not organisation and text.likely(after)


def after_people_word(one: Candidate) -> bool:
    """'weigert roos te zien', 'voor jasmijn': an ordinary word that is a first name."""
    text, preceding = one.text, one.preceding
    if preceding is None or preceding.low not in text.words["before_people"]:
        return False
    return one.first and not text.kept(one.core) and not one.has("seldom_people")


def between_names(one: Candidate) -> bool:
    """'Roos en Madelief': two names in a row, of which the lists know both."""
    text, core = one.text, one.core
    if core + 1 >= len(text.tokens) or not one.listed:
        return False
    follow = core + 1
    if text.tokens[follow].low in ("en", "of") and text.gap(core) == " ":
        follow += 1
    elif not _AND.fullmatch(text.gap(core)):
        return False
    after = text.prefixes(follow)
    if after >= len(text.tokens) or text.gap(follow - 1).strip() not in ("", ",", "&", "/"):
        return False
    beside = text.tokens[after]
    if not text.listed(beside) or beside.low in text.words["never"]:
        return False
    if one.prefixed and after > follow:
        # but not 'langs de bakker en de kok'
        trades = text.ordinary(one.token) and text.ordinary(beside)
        if trades and not text.tokens[one.begin].begins:
            return False
        return not _plain(one, one.core) and not _plain(one, after)
    capitals = one.token.capital and beside.capital
    return capitals and not text.kept(core) and not text.strictly_kept(after)


def _plain(one: Candidate, i: int) -> bool:
    """A place or organisation, or no last name."""
    token = one.text.tokens[i]
    return token.low not in one.text.words.last or i in one.text.phrases


def prefixed_does(one: Candidate) -> bool:
    """'de boer ligt op bed', 'van bruggen wacht', 'van dongen is gevallen'."""
    text, following = one.text, one.following
    starts = text.tokens[one.begin]
    if not one.prefixed or following is None or starts.low in ("het", "'t", "a"):
        return False
    if not one.last or one.core in text.phrases:
        return False
    if one.has("never", "seldom_people", "relations", "titles", "keep"):
        return False
    words = text.words
    if following.low in words["patient_verbs"] | words["plural_verbs"]:
        return True
    first = starts.begins and starts.low == "van" or not text.ordinary(one.token)
    return first and following.low in words["verbs"]


def both_ordinary(one: Candidate) -> bool:
    """'bij roos bakker': two ordinary words that are a first and a last name."""
    text, following, before = one.text, one.following, one.preceding
    if following is None or not one.first or one.has("seldom_people"):
        return False
    if before is None or before.low not in text.words["before_people"]:
        return False
    return following.low in text.words.last and following.low not in text.words["seldom_people"]


def unknown_after_prefix(one: Candidate) -> bool:
    """'van dooijeweerd'."""
    low = one.token.low
    return _is_unexplained(one) and len(low) >= _SHORTEST and not NO_PERSON.search(low)


def title_before_word(one: Candidate) -> bool:
    """'mw koolmees ligt', 'dhr. timmerman, 82', 'mw de goede uit Sittard'."""
    text = one.text
    before = text.tokens[one.begin - 1].low if one.begin else ""
    if not one.title or before not in _ABBREVIATED_TITLES or _no_one(one):
        return False
    if one.prefixed and text.tokens[one.begin].low in text.words["capital_prefixes"]:
        return False
    # 'mw van geleen'
    place = one.prefixed and one.token.low in text.words.places
    return (place or not _STATE.search(one.token.low)) and _ends_there(one)


def patient_before_word(one: Candidate) -> bool:
    """'pt koolmees ligt', 'echtpaar de goede wil'."""
    if one.relation not in _PATIENTS or one.initials or _no_one(one):
        return False
    if one.text.gap(one.begin - 1) not in (" ", ". "):
        return False
    if not one.prefixed and _NUMBERS.match(one.text.text, one.token.end):
        return not _STATE.search(one.token.low)
    if one.prefixed and one.text.tokens[one.begin].low in ("van", "in", "op", "aan", "uit", "te"):
        return False
    following = one.following
    return following is not None and following.low in _verbs(one)


def _no_one(one: Candidate) -> bool:
    lists = ("never", "verbs", "patient_verbs", "plural_verbs", "relations", "titles", "keep")
    return one.has(*lists, "jargon") or one.text.strictly_kept(one.core) or len(one.token.low) < 3


def _verbs(one: Candidate) -> frozenset[str]:
    words = one.text.words
    return words["verbs"] | words["patient_verbs"] | words["plural_verbs"]


def _ends_there(one: Candidate) -> bool:
    """Whether a verb, a small word or a mark stands behind it, as behind a name."""
    following = one.following
    if following is None:
        return True
    return following.low in _verbs(one) or following.low in one.text.words["behind_names"]


def capital_prefixed(one: Candidate) -> bool:
    """'Van Hemert, COPD'; but 'Van Zuyderland horen we niets'."""
    text, token = one.text, one.token
    starts = text.tokens[one.begin]
    if starts.low not in ("van", "vd", "v") or not starts.text[0].isupper() or not token.capital:
        return False
    if text.kept(one.core) if starts.begins else text.strictly_kept(one.core):
        return False
    return not NO_PERSON.search(token.low) or one.last


def among_people(one: Candidate) -> bool:
    """'ik heb naima gevraagd', 'karimi wil', '(evert)', 'jelle, 82,': also one letter off."""
    text, token = one.text, one.token
    if len(token.low) < 3 or text.kept(one.core) or one.has("jargon", "never"):
        return False
    if token.text.isupper() or one.has("titles", "relations") or not _VOWEL.search(token.low):
        return False
    strange = not text.ordinary(token) and not is_compound(token.low)
    if not strange and not (one.first and not one.has("seldom_people")):
        return False
    brackets = text.text[token.start - 1 : token.start] + text.text[token.end : token.end + 1]
    if brackets == "()" or _BARE_AGE.match(text.text, token.end):
        return True
    if not strange or not text.unknown(one.core):
        return False
    if len(token.low) > _LONGEST_SLIP and explained(token.low):
        return False
    before, behind = one.preceding, one.following
    if behind is not None and behind.low in text.words["patient_verbs"] | text.words["verbs"]:
        return before is None or before.low not in text.words["articles"]
    known = before is not None and before.low in text.words["before_people"]
    return known and len(token.low) >= _SHORTEST


def weak_organisation(one: Candidate) -> bool:
    """Whether what stands before it names an organisation only before some words.

    'de regio Annemiek Storm' is a person, 'de regio Utrecht' is none.
    """
    text, after = one.text, one.beside
    before = text.tokens[one.begin - 1].low if one.begin else ""
    if before not in text.words["weak_organisations"] or after is None:
        return False
    return one.first and one.token.capital and text.tokens[after].capital


BOLD_BARE: tuple[Evidence, ...] = (
    unexplained,
    capital_unexplained,
    double_name,
    after_people_word,
    between_names,
    among_people,
    both_ordinary,
    *SURNAMES_BARE,
)
BOLD_PREFIXED: tuple[Evidence, ...] = (
    between_names,
    prefixed_does,
    unknown_after_prefix,
    capital_prefixed,
    *SURNAMES_PREFIXED,
)


def is_probably_a_name(one: Candidate) -> bool:
    """Whether any evidence says that this is probably a name."""
    if one.has("titles", "relations"):
        return False
    # 'onerror=...': the language of computers
    if one.text.text[one.token.end : one.token.end + 1] == "=":
        return False
    if one.title:
        return title_before_word(one)
    if one.of_someone or is_imperative(one):
        return False
    if patient_before_word(one):
        return True
    if one.text.organisation_before(one.begin):
        return weak_organisation(one)
    if one.prefixed:
        return any(evidence(one) for evidence in BOLD_PREFIXED)
    return any(evidence(one) for evidence in BOLD_BARE)
