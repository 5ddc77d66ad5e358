"""Last names that stand alone, without a title: 'van dam, bsn ...', 'bij kok', 'de Wilde'.

More evidence of what is only probably a name, beside bold.py.
"""

import re

from bottlenecks.privacy.candidate import Candidate
from bottlenecks.privacy.evidence import NO_PERSON, Evidence

_MONTH = r"(?:jan|feb|mrt|maart|apr|mei|jun|jul|aug|sep|okt|nov|dec)\w*"
# what only people have
_LABEL = re.compile(
    r" (?:sr|jr|senior|junior)\b|,? ?[(/]? ?(?:geb\b|geboren|gbd\b|bsn\b|pa?t\.? ?nrs?\b|patnr\b"
    r"|pati[eë]ntn|polis|zorgpolis|pol\.?nr|dossiern|gebdat|geboorted|tel(?:nr)?\b[.: ]*0)",
    re.IGNORECASE,
)
_YEARS = re.compile(r",? \(?\d{2,3} ?(?:jr|jaar|j)\b")
# a whole date, or a phone number: what others have too, though seldom right behind their name
_DATE = re.compile(
    rf",? ?[(/]? ?(?:\d{{1,2}}[-./]\d{{1,2}}[-./]'?\d{{2,4}}\b|\d{{1,2}} {_MONTH} '?\d{{2,4}}\b"
    r"|(?:19|20)\d{6}\b|06[- ]?\d)",
    re.IGNORECASE,
)
# what stands before a name in a list
_OPENS_LIST = re.compile(r"[:>/;(] ?$")
_ON_NAME = re.compile(r"\b(?:op naam van|t\.?n\.?v\.?|ten name van) $", re.IGNORECASE)
_OPENS = re.compile(r"[,;:/(–-] ?$|^$|[.!?] ?$|\n$")
_CLOSES = re.compile(r"^[,;:/()–.!?-]|^ [(/–-]|^$")
# behind these 'van' belongs to a name: 'bij van dam'
_BEFORE_VAN = frozenset(
    "bij voor met van aan door namens dat omdat als toen belt belde mail belden".split()
)
# an adjective without its ending behind 'de' is none
# as they stand before last names, joined
_SURNAME_PREFIXES = frozenset(
    "de den van vd te ter ten van_de van_den van_der v_d v_de op_de op_den in_'t van_'t 't".split()
)
_TIMES = frozenset(
    "week dag maand nacht avond middag ochtend post wijk zorg school stad straat huis weg".split()
)
_UNINFLECTED = frozenset("jong groot wit bruin zwart wild vries rooij rooy roo klein".split())
# a longer word before a name is an ordinary one
_SHORT = 6
_NOT_BEHIND = frozenset("van in die dat of en te op aan".split())
_BEHIND_PERSONS = frozenset("z'n zn zijn d'r haar thuis sr jr".split())
_PARTICIPLE = re.compile(r"ge\w{3,}[dt]$")
_NO_SUBJECT = ("never", "seldom_people", "keep", "relations", "titles", "jargon", "verbs")


def before_what_people_have(one: Candidate) -> bool:
    """'van den bosch (9 sept 1929)', 'Nijland, zorgpolis: ...', 'kramer sr.'."""
    text, token = one.text, one.token
    firm = one.prefixed and text.firm(one.begin, one.core)
    if not one.last or one.has("seldom_people", "relations", "titles", "jargon"):
        return False
    if one.has("keep") and not firm:
        return False
    before = one.preceding if not one.prefixed else None
    if before is not None and before.low in text.words["articles"]:
        return False
    if _LABEL.match(text.text, token.end):
        return True
    if _YEARS.match(text.text, token.end):
        return True
    place = token.low in text.words.places and not one.prefixed
    return not place and bool(_DATE.match(text.text, token.end))


def van_behind_preposition(one: Candidate) -> bool:
    """'bij van dam', 'de baxterrol van van leeuwen'; but not 'dat van de week'."""
    text, begin = one.text, one.begin
    if not one.prefixed or text.tokens[begin].text != "van" or not begin:
        return False
    if text.gap(begin - 1) != " " or text.tokens[begin - 1].low not in _BEFORE_VAN:
        return False
    if not one.last or one.has("seldom_people", "relations", "titles"):
        return False
    if text.firm(begin, one.core) or one.core == begin + 1:
        return True
    return not text.ordinary(one.token) or one.token.capital


def behind_short_prefix(one: Candidate) -> bool:
    """'bij vd berg', 'vd heide belt'; but not 'eind vd week'."""
    joined = "_".join(part.low for part in one.text.tokens[one.begin : one.core])
    if joined not in ("vd", "v_d", "van_der") or one.token.low in _TIMES:
        return False
    if one.token.low not in one.text.words.last or one.has("relations", "titles", "keep", "never"):
        return False
    start = one.text.tokens[one.begin].start
    opens = _OPENS.search(one.text.text[max(0, start - 2) : start])
    before = one.text.tokens[one.begin - 1].low if one.begin else ""
    return bool(opens) or before in _BEFORE_VAN


def uninflected(one: Candidate) -> bool:
    """'de jong', 'de wit': as adjectives these would end in -e."""
    begin = one.begin
    return (
        one.core == begin + 1
        and one.text.tokens[begin].low == "de"
        and one.token.low in _UNINFLECTED
        and one.text.gap(begin) == " "
    )


def noun_from(one: Candidate) -> bool:
    """'de vos uit born'."""
    following = one.following
    if not one.prefixed or following is None or following.low != "uit":
        return False
    return (
        one.text.tokens[one.begin].low == "de" and one.token.low in one.text.words["bare_surnames"]
    )


def capital_behind_prefix(one: Candidate) -> bool:
    """'post voor de Ruiter', '(1) de Wilde', 'zag Van Wijk'; but not 'ziekenhuizen van Breda'."""
    text, token = one.text, one.token
    starts = text.tokens[one.begin]
    joined = "_".join(part.low for part in text.tokens[one.begin : one.core])
    if joined not in _SURNAME_PREFIXES or not token.capital or one.core in text.phrases:
        return False
    if token.low not in text.words.last or one.has("relations", "titles", "jargon"):
        return False
    following = one.following
    if following is not None and following.capital:
        return False
    # towns have 'van' and 'te' before them as well
    if joined in ("van", "te") and text.kept(one.core) and not starts.text[0].isupper():
        return bool(_OPENS_LIST.search(text.text[max(0, starts.start - 2) : starts.start]))
    if starts.begins and starts.text[0].isupper():
        return not text.kept(one.core) and not one.has("never", "seldom_people")
    return not one.has("keep")


def on_name_of(one: Candidate) -> bool:
    """'op naam van bosch', 't.n.v. de boer'."""
    start = one.text.tokens[one.begin].start
    before = one.text.text[max(0, start - 12) : start]
    listed = one.token.low in one.text.words.last or one.first or not one.text.ordinary(one.token)
    return bool(_ON_NAME.search(before)) and listed


def noun_without_article(one: Candidate) -> bool:
    """'kok niet kunnen plaatsen', 'bij visser': a noun like that needs an article."""
    text = one.text
    if one.prefixed or one.token.low not in text.words["bare_surnames"]:
        return False
    if not _stands_alone(one):
        return False
    following = one.following
    if following is None:
        return bool(_CLOSES.match(text.text[one.token.end : one.token.end + 2]))
    if following.low in ("en", "of", "plus") and one.core + 2 < len(text.tokens):
        return text.tokens[one.core + 2].low in text.words["bare_surnames"]
    verbs = text.words["verbs"] | text.words["patient_verbs"]
    at_home = one.preceding is not None and one.preceding.low == "bij"
    behind = text.words["behind_names"] - _NOT_BEHIND | _BEHIND_PERSONS
    behind |= {"op", "aan"} if at_home else set()
    return following.low in verbs | behind or bool(_PARTICIPLE.match(following.low))


def subject_without_article(one: Candidate) -> bool:
    """'beukers woont in born', 'bij evers thuis': a last name that is some word."""
    text, following = one.text, one.following
    if one.prefixed or following is None or not one.last or one.has(*_NO_SUBJECT):
        return False
    if text.kept(one.core) or not _stands_alone(one) or NO_PERSON.search(one.token.low):
        return False
    at_home = one.preceding is not None and one.preceding.low == "bij"
    if at_home and following.low == "thuis":
        return True
    return following.low in text.words["patient_verbs"]


def relation_before_first(one: Candidate) -> bool:
    """'wijkverpleegkundige linde', 'zuster Linde': also where it is a place or a thing."""
    if not one.relation or one.initials or one.prefixed or one.core in one.text.phrases:
        return False
    return one.first and not one.has("seldom_people", "keep", "behind_names", "verbs")


def capital_first_name(one: Candidate) -> bool:
    """'Roos en Wil kunnen niet meer', within a sentence."""
    token, before = one.token, one.preceding
    if one.prefixed or not token.capital or token.begins or before is None or before.capital:
        return False
    if one.text.kept(one.core) or one.has("seldom_people", "keep", "titles", "relations"):
        return False
    return token.low in one.text.words.first and len(token.low) > 2


def beside_a_name(one: Candidate) -> bool:
    """'huo xiaoming', 'chow wing': in lower case, right before what is a name."""
    text, token, following = one.text, one.token, one.following
    if one.prefixed or following is None or token.capital or following.capital:
        return False
    if not text.sure(one.core + 1) or one.has(*_NO_SUBJECT, "also_ordinary", "behind_names"):
        return False
    return text.unknown(one.core) or one.last and len(token.low) < _SHORT


def _stands_alone(one: Candidate) -> bool:
    """Whether a clause begins here, or a word stands before it that a person follows."""
    text, token = one.text, one.token
    if token.begins or _OPENS.search(text.text[max(0, token.start - 2) : token.start]):
        return True
    before = one.preceding
    return before is not None and before.low in text.words["before_people"]


SURNAMES_BARE: tuple[Evidence, ...] = (
    before_what_people_have,
    noun_without_article,
    subject_without_article,
    beside_a_name,
    on_name_of,
    relation_before_first,
    capital_first_name,
)
SURNAMES_PREFIXED: tuple[Evidence, ...] = (
    before_what_people_have,
    van_behind_preposition,
    behind_short_prefix,
    uninflected,
    noun_from,
    capital_behind_prefix,
    on_name_of,
)
