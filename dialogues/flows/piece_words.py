"""The words in which people say that a piece of their text must go, or come back."""

import re

from dialogues.flows.words import command

# what is wanted; SAYS_WHAT is "Roos is een wijkteam", which restores only what was taken out
TAKE_OUT, RESTORE, SAYS_WHAT = "take out", "restore", "says what"
# longer messages tell something else
_MAX_WORDS = 16
# a command of so many words is no answer to a question about what goes on
_MAX_COMMAND_WORDS = 6
_LEAD = r"^(?:(?:nee|ja|ok|oke|oké|oeps|sorry|wacht|maar|en|kun je|kan je|wil je|graag)[ ,]+)*"
_SOFT = r"(?:ook|nog|er|even|maar|wel|graag|toch|weer|gewoon|overal|aub|alsjeblieft)"
_END = rf"(?:[ ,]+{_SOFT})*[ .!]*$"
_AWAY = r"(?:weg|eruit|er ?uit|uit(?: (?:de|mijn) tekst)?|eraf|weglaten|weghalen|verwijderen)"


def _compiled(*patterns: str) -> list[re.Pattern[str]]:
    return [re.compile(pattern, re.IGNORECASE | re.DOTALL) for pattern in patterns]


_TAKES_OUT = _compiled(
    rf"{_LEAD}(?:haal|laat|doe)[ ](?:{_SOFT}[ ])*(?P<piece>.+?)(?:[ ]{_SOFT})*[ ]{_AWAY}{_END}",
    rf"{_LEAD}(?:verwijder|wis|schrap)[ ](?:{_SOFT}[ ])*(?P<piece>.+?){_END}",
    rf"{_LEAD}(?P<piece>.+?)[ ](?:moet|moeten|mag|mogen|kan|kunnen)(?:[ ]{_SOFT})*"
    rf"[ ]{_AWAY}{_END}",
    rf"{_LEAD}(?P<piece>.+?)[ ](?:weghalen|verwijderen|weglaten){_END}",
    rf"{_LEAD}(?P<piece>.+?)[ ]is(?:[ ]{_SOFT})*[ ](?:een naam|(?:een|de) patiënte?){_END}",
)
_NO_DATA = (
    r"geen (?:eigen)?(?:naam|achternaam|voornaam|adres|straat|telefoonnummer|nummer|persoon|mens"
    r"|patiënte?|geboortedatum|datum|e-?mail(?:adres)?|bsn)\b.*"
)
_BACK = r"(?:terug|terugzetten|erin|er ?in|in|blijven(?: staan)?|blijft)"
_RESTORES = _compiled(
    rf"{_LEAD}(?P<piece>.+?)[ ](?:is|zijn)(?:[ ]{_SOFT})*[ ]{_NO_DATA}$",
    rf"{_LEAD}(?:zet|doe|laat)[ ](?:{_SOFT}[ ])*(?P<piece>.+?)(?:[ ]{_SOFT})*[ ]{_BACK}{_END}",
    rf"{_LEAD}(?P<piece>.+?)[ ](?:moet|moeten|mag|mogen|kan|kunnen)(?:[ ]{_SOFT})*"
    rf"[ ]{_BACK}{_END}",
    rf"{_LEAD}(?P<piece>.+?)[ ](?:terugzetten){_END}",
)
# whoever is at work in care, and what is no person at all
_AT_WORK = (
    r"(?:collega|huisarts|arts|dokter|specialist|assistente?|doktersassistente?|poh|verpleegkundige"
    r"|wijkverpleegkundige|verzorgende|medewerker|medewerkster|co[öo]rdinator|casemanager|waarnemer"
    r"|apotheker|wijkteam|team|organisatie|thuiszorgorganisatie|zorgorganisatie|thuiszorg|instelling"
    r"|bedrijf|apotheek|praktijk|huisartsenpraktijk|ziekenhuis|verpleeghuis|zorginstelling|hospice"
    r"|afdeling|locatie|gebouw|wijk|buurt|dorp|stad|plaats|gemeente|regio|afkorting|programma)"
)
_WHAT_IT_IS = _compiled(
    rf"{_LEAD}(?P<piece>.+?)[ ](?:is|zijn)(?:[ ]{_SOFT})*[ ]"
    rf"(?:een|de|het|onze?|mijn|(?:een|de)[ ]naam[ ]van[ ](?:een|de|het|onze?|mijn))[ ]"
    rf"{_AT_WORK}(?:s|en|'s)?\b[^?]{{0,40}}$",
)
_COMMANDS = _compiled(
    rf"{_LEAD}(?:haal)[ ](?P<piece>.+?)[ ]{_AWAY}{_END}",
    rf"{_LEAD}(?:zet)[ ](?P<piece>.+?)[ ](?:terug|erin|er in){_END}",
)
_NOT_A_PIECE = re.compile(
    r"\b(?:meldingen|melding|knelpunt|kp-\d+|gegevens|account|gesprek)\b", re.I
)
_QUOTES = " \t\n\"'“”‘’«».,!"
_ARTICLE = re.compile(r"^(?:de|het|die|dat|mijn)\s+", re.IGNORECASE)
_ALL_OF_IT = re.compile(r"^(?:hele|gehele|volledige|complete)\s+", re.IGNORECASE)
# they stand in any text and tell nothing of anyone: without them it cannot be read
_EVERYWHERE_TEXT = (
    "aan al als alle ben bij daar dan dat de der deze die dit door dus een eens en er ga geen "
    "gaat had heb hebben heeft hem het hier hij hoe ik in is ja je kan kon maar me meer men "
    "met mij mijn na naar nee niet nog nu of om omdat ons onze ook op over te tegen toch toen "
    "tot u uit van veel voor want waren was wat we wel werd wie wij wil worden wordt ze zei "
    "zelf zich zij zijn zo zou"
)
_EVERYWHERE = frozenset(_EVERYWHERE_TEXT.split())


def wish(written: str) -> tuple[str, str]:
    """What a message wants of a piece, and of which; empty when it says no such thing."""
    text = written.strip()
    if command(text) is not None or len(text.split()) > _MAX_WORDS or text.endswith("?"):
        return "", ""
    for wanted, patterns in (
        (RESTORE, _RESTORES),
        (TAKE_OUT, _TAKES_OUT),
        (SAYS_WHAT, _WHAT_IT_IS),
    ):
        for pattern in patterns:
            found = pattern.search(text)
            if found and (piece := unquoted(found["piece"])):
                return wanted, piece
    return "", ""


def commanded(written: str) -> str:
    """The piece of a message that can only be a command about one; empty when it is none."""
    text = written.strip()
    if len(text.split()) > _MAX_COMMAND_WORDS or text.endswith("?") or _NOT_A_PIECE.search(text):
        return ""
    found = next((one for pattern in _COMMANDS if (one := pattern.search(text))), None)
    return unquoted(found["piece"]) if found else ""


def unquoted(text: str) -> str:
    """A piece as it was typed, without quotes and signs around it."""
    return text.strip(_QUOTES)


def bare(text: str) -> str:
    """A piece without an article before it, and without "hele"."""
    return _ALL_OF_IT.sub("", _ARTICLE.sub("", text))


def is_everywhere(piece: str) -> bool:
    """Whether a piece is a word or a sign that stands in any text."""
    return piece.lower() in _EVERYWHERE or len(piece) < 2
