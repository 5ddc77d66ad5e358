"""Addresses that no pattern knows: words that could be a street, and a number behind them."""

import re

from bottlenecks.privacy.evidence import NO_PERSON
from bottlenecks.privacy.tokens import Tokens
from bottlenecks.privacy.words import folded

_NUMBER = (
    r"(?P<number>,? (?:(?:nr|no|nummer|huisnr|huisnummer)\.? ?)?\d{1,5}"
    r"(?! ?[.:,/-] ?\d|[.,]?\d|e\b|de\b|ste\b)(?:[- ]?[a-zA-Z]\b|-?(?:bis|hs|[IVX]+)\b)?"
    r"(?: (?:wsb|achter|voor|boven|beneden|links|rechts|zwart|rood|bis|hs|huis)\b(?! [a-z]))?"
    r"(?:,? (?:nr|no|kamer|app|appartement|bus|huis|hs|bis|boven|beneden|ligplaats|unit|kavel)"
    r"\.? ?\d{1,4}\b)?)"
)
_WORD = r"[^\W\d_][\w'’.-]*"
_PLACE = re.compile(
    rf"(?<![\w-])(?P<words>(?:{_WORD} ){{0,4}}{_WORD}){_NUMBER}(?P<after>.{{0,12}})"
)
# what a street ends in, in lower case too
_STREET = re.compile(
    r"(?:straat|str|straatje|laan|laantje|weg|wegje|plein|pleintje|hof|hofje|dreef|kade|dijk|dijkje|"
    r"singel|gracht|pad|paadje|padje|steeg|steegje|plantsoen|veld|veldje|flat|toren|park|poort|"
    r"akker|kamp|oever|haven|brink|eind|einde|kwartier|burcht|donk|heide|hoek|hoekje|berg|dal|"
    r"beek|horst|markt|wal|werf|zoom|vest|erf|gaarde|weide|tuin|burg|rode|heuvel|kolk|meent|es|"
    r"esch|enk|stede|borg|schans|sluis|brug|vaart|wetering|vliet|bosje|boulevard|allee|hoeve|"
    r"hofstede|molen|bolwerk|drift|tocht|kreek|rak|gang|zand|duin|duinen|kamer[ij]k)$"
)
_LONGEST_ENDING = 5
_NO_STREET = re.compile(
    r"(?:^(?:onderweg|weg|halfweg|snelweg|afweg|luchtweg|luchtwegen|urineweg|markt|park|eind|"
    r"einde|hoek|dal|es|veld|berg|hof|tuin|haven|overweg|uitweg|omweg|medeweg|voormalig|"
    r"weekeinde|weekeind|zorgpad|pad|verband|rapportcijfer|wijk|kamp|flat|toren)$|onderzoek$|bezoek$|verzoek$|ingang$|gang$)"
)
# makes a street of these: 'oude haven', 'lange markt'
_OF_STREETS = frozenset(
    "oude oud nieuwe hoge lage lange korte grote kleine noorder zuider ooster wester eerste tweede "
    "binnen buiten achter".split()
)
# 'Skoalikkers 4A'
_LETTERED = re.compile(r" \d{1,4}(?:[- ]?[a-hA-H]|-?[IVX]+)$")
# 'Op de Bies 31 Schinnen'
_TOWN = re.compile(r",? (?:te |in )?([A-Z][\w-]+)")
# within the name of a street
_INSIDE = frozenset("de het den der 't t op aan in bij achter onder van".split())
_BEFORE = frozenset(
    "op aan naar van bij in woont wonen wonend wonende adres verblijft langs bezoekadres "
    "thuisadres woonadres huisadres straat adresje hoek".split()
)
_LIVES = frozenset(
    "woont wonen wonend wonende adres woonadres thuisadres huisadres bezoekadres verblijft".split()
)
_ARTICLES = frozenset("de het een is wordt : op aan in".split())
# what is counted, and what has numbers itself
_UNITS = re.compile(
    r" ?(?:%|°|€|euro|uur|uren|u\b|min|sec|dag|dgn|week|weken|wk|maand|mnd|jaar|jr|keer|x\b|maal|"
    r"pati|pt|mensen|person|cli[eë]nt|bewoner|plek|plaats|bed|kamer|meld|meter|km|m\b|cm|mm|mg|ml|"
    r"kg|g\b|gram|liter|l\b|tablet|stuk|aanvra|telefo|consult|visite|verwijz|praktijk|huisarts|"
    r"arts|verpleeg|instelling|organisatie|kind|jan|feb|mrt|maart|apr|mei|jun|jul|aug|sep|okt|nov|"
    r"dec|van de|leden|inwoner|procent|punt|graden|gemeld|wacht|nieuw|op de|tot|t/m|à|of \d|en \d)"
)
_NUMBERED = frozenset(
    "fase kamer afdeling bed week stap bijlage locatie protocol team gang verdieping etage punt "
    "vraag optie nummer nr dag jaar niveau trap categorie cat klasse graad stadium score lijn bus "
    "route blok bladzijde pagina artikel art hoofdstuk regel versie scenario maatregel code tel "
    "ruim circa ca ongeveer bijna minstens maximaal minimaal max min totaal nog slechts al maar "
    "pas ronde dosis spuit type groep tabel figuur kantelpunt kolom rij deel onderdeel sinds per "
    "rond vanaf tot om na voor over binnen en of dus met alle zeker wel toch weer dan ook heeft "
    "hebben zijn is was zit zitten ligt liggen u urgentie hba1c crp gfi mmse moca egfr hb bmi op "
    "aan naar van bij in zit woont wachten wacht wachttijd leeftijd januari februari maart april "
    "mei juni juli augustus september oktober november december maandag dinsdag woensdag donderdag "
    "vrijdag zaterdag zondag seh hap covid type diabetes dm poh kwartaal agb".split()
)


def streets_in(text: str) -> list[tuple[int, int]]:
    """Where what could be a street with a number begins and ends in a text."""
    if not any(letter.isdigit() for letter in text):
        return []
    found: list[tuple[int, int]] = []
    tokens = Tokens(text)
    at = {token.start: i for i, token in enumerate(tokens.tokens)}
    for match in _PLACE.finditer(text):
        begin = _begin(tokens, at, match)
        if begin is None:
            begin = _told_by_its_end(tokens, at, match)
        if begin is not None and not _UNITS.match(match["after"]):
            found.append((begin, match.end("number")))
    return found


def is_street(word: str) -> bool:
    """Whether a word ends as streets do, and is more than that ending: 'Kerkstraat', not 'Dijk'."""
    low = folded(word)
    return len(low) > _LONGEST_ENDING and bool(_STREET.search(low)) and not _NO_STREET.search(low)


def _begin(tokens: Tokens, at: dict[int, int], match: re.Match[str]) -> int | None:
    """Where the street begins, when the words of a match could be one."""
    words = [
        (m.group(), match.start("words") + m.start()) for m in re.finditer(_WORD, match["words"])
    ]
    last, start = words[-1]
    low = folded(last)
    if low in _NUMBERED or low in tokens.words["titles"] or start not in at:
        return None
    token = at[start]
    # what stands behind 'op', 'woont', 'naar de'
    place = next((i for i in range(len(words) - 1, -1, -1) if folded(words[i][0]) in _BEFORE), None)
    behind = words[place + 1 :] if place is not None else []
    while len(behind) > 1 and folded(behind[0][0]) in _ARTICLES:
        behind = behind[1:]
    adjective = len(words) > 1 and folded(words[-2][0]) in _OF_STREETS
    if adjective and _STREET.search(low):
        article = len(words) > 2 and folded(words[-3][0]) in ("de", "het", "t")
        return words[-3 if article else -2][1]
    if place is not None and 0 < len(behind) < 4 and words[place][0].istitle():
        # 'Op de Bies 31'
        opens = _is_clause(match) or not tokens.tokens[at[words[place][1]]].begins
        if opens and tokens.tokens[token].capital and not tokens.kept(token):
            return words[place][1]
    if _STREET.search(low) and not _NO_STREET.search(low) and len(low) > 3:
        return behind[0][1] if 0 < len(behind) < 4 else start
    if not 0 < len(behind) < 4 or tokens.kept(token):
        return None
    # 'woont op de wingerd 12'
    if any(folded(word) in _LIVES for word, _ in words):
        return behind[0][1]
    if low in ("veldje", "hof", "flat", "pad", "park", "markt", "toren", "weg", "eind", "hoek"):
        return behind[0][1]
    capital = tokens.tokens[token].capital
    if NO_PERSON.search(low) and not _STREET.search(low):
        return None
    if capital or not tokens.ordinary(tokens.tokens[token]):
        return behind[0][1]
    return None


def _told_by_its_end(tokens: Tokens, at: dict[int, int], match: re.Match[str]) -> int | None:
    """Where an address begins that its number, a town or brackets tell; None when it is none."""
    words = list(re.finditer(_WORD, match["words"]))
    start, low = match.start("words"), [folded(word.group()) for word in words]
    here = at.get(start + words[-1].start())
    if here is None or low[-1] in _NUMBERED or tokens.kept(here):
        return None
    last = tokens.tokens[here]
    if _LETTERED.search(match["number"]) and last.capital and not tokens.ordinary(last):
        return last.start
    # '(achter de kerk 3)'
    brackets = match.string[start - 1 : start] + match.string[match.end("number") :][:1]
    counted = any(word in _NUMBERED - _ARTICLES - _BEFORE for word in low[1:])
    if brackets == "()" and 1 < len(words) < 5 and not counted:
        return start
    town = _TOWN.match(match.string, match.end("number"))
    in_town = town is not None and folded(town[1]) in tokens.words.places
    if not last.capital or not (in_town or _is_clause(match) and _is_called(tokens, words, here)):
        return None
    first = len(words) - 1
    while first and low[first - 1] in _INSIDE:
        first -= 1
    # 'It Súd 4', 'Gen Hoes 14'
    while first and words[first - 1].group()[0].isupper() and low[first - 1] not in _NUMBERED:
        first -= 1
    return start + words[first].start()


def _is_called(tokens: Tokens, words: list[re.Match[str]], here: int) -> bool:
    """Whether a word is a name of something: unknown, or not the only one with a capital."""
    before = len(words) > 1 and words[-2].group()[0].isupper()
    return before or not tokens.ordinary(tokens.tokens[here])


def _is_clause(match: re.Match[str]) -> bool:
    """Whether the words and the number are all there is between two marks."""
    before = match.string[: match.start("words")].rstrip(" ")[-1:]
    behind = match.string[match.end("number") :][:1]
    few = len(match["words"].split()) < 5
    return few and before in ("", *",;:/(\n") and behind in ("", *",;:/)\n.-")
