"""Where someone works and as what, in their own words: "ik ben huisarts in Geleen"."""

import re
from dataclasses import dataclass

from bottlenecks.store.accounts import Profile
from dialogues.flows.words import folded, match_exactly
from dialogues.regions import Place, mentions, place_from_slot
from dialogues.reply import Choice, Reply
from dialogues.turn import Turn
from knowledge import Knowledge
from knowledge.flow_model import FlowChoice

# the flow that asks for both, and the input that begins it
FLOW = "profiel/instellen"
SET_UP = "profiel"
SAY = "profiel:zeg"
SHOW = "profiel:toon"
FORGET = "profiel:vergeet"
_MAX_WORDS = 10
_LEAD = r"(?:(?:nee|sorry|oeps|hoi|hallo|en|ja) )*"
_WHERE = (
    r"(?:ik werk|wij werken|we werken|ik zit|wij zitten|we zitten"
    r"|(?:mijn|onze) praktijk (?:is|zit|staat|ligt)|(?:mijn|onze) (?:regio|plaats|standplaats) is)"
)
_ROLE = (
    r"(?:ik ben|wij zijn|ik werk als|ik werk (?:op|bij)|mijn (?:rol|functie|beroep) is)"
    r"(?: (?:een|de))?"
)
_PLACE = r"(?:(?:in|te|uit|bij|regio|de regio|rond) )*(?P<place>[\w'-]+(?: [\w'-]+){0,3})"
_SAYS_PLACE = re.compile(rf"{_LEAD}{_WHERE} {_PLACE}")
_SAYS_ROLE = re.compile(
    rf"{_LEAD}{_ROLE} (?P<role>[\w'-]+(?: [\w'-]+){{0,4}}?)(?: (?:in|te|uit|bij) {_PLACE})?"
)
_FORGETS = re.compile(
    r"(?:vergeet|wis|verwijder)(?: (?:mijn|de|wat je van mij weet|alles over mij))?"
    r"(?: (?:regio|rol|functie|profiel|instellingen|en))*"
)
_CHANGES = re.compile(
    r"(?:wijzig|verander|stel|pas|kies|toon|ik wil) (?:mijn |de )?"
    r"(?:regio|rol|functie|profiel|instellingen|regio en (?:rol|functie))"
    r"(?: (?:wijzigen|veranderen|instellen|aanpassen|in|aan|kiezen))?"
    r"|mijn (?:regio|rol|functie|profiel|instellingen|regio en (?:rol|functie))"
    r"(?: (?:wijzigen|veranderen|instellen|aanpassen))?"
)
_ASKS = re.compile(
    r"(?:weet|ken|onthoud) je (?:nog )?(?:mijn|waar ik|in welke) .*(?:regio|functie|werk).*"
    r"|welke (?:regio|functie) (?:heb ik|weet je|ken je|staat er).*"
)


@dataclass(frozen=True)
class Said:
    """What someone says about themselves; None: not that."""

    region: str | None = None
    role: str | None = None


def as_statement(text: str, knowledge: Knowledge) -> str | None:
    """The input for a message that only tells, changes or forgets the profile."""
    words = folded(text)
    if len(words.split()) > _MAX_WORDS:
        return None
    if _ASKS.fullmatch(words):
        return SHOW
    forgotten = ("regio", "rol", "functie", "profiel", "instellingen", "over mij", "van mij weet")
    if _FORGETS.fullmatch(words) and any(word in words for word in forgotten):
        return FORGET
    if _CHANGES.fullmatch(words):
        return SET_UP
    return SAY if read(text, knowledge) is not None else None


def read(text: str, knowledge: Knowledge) -> Said | None:
    """What a message says about its writer and nothing else; None when it says anything more."""
    words = folded(text)
    if len(words.split()) > _MAX_WORDS or "?" in text:
        return None
    if found := _SAYS_ROLE.fullmatch(words):
        role = match_exactly(found["role"], role_choices(knowledge))
        region = _region(found["place"], knowledge) if found["place"] else None
        if role is not None and (region or not found["place"]):
            return Said(region, role)
    if found := _SAYS_PLACE.fullmatch(words):
        region = _region(found["place"], knowledge)
        return Said(region) if region else None
    return None


def keep(turn: Turn, said: Said) -> Reply:
    """Remember what was said, and tell what is remembered."""
    known = turn.desk.profile()
    profile = Profile(said.region or known.region, said.role or known.role)
    if not turn.desk.remember_profile(profile):
        return Reply(text="Bij een losse vraag bewaar ik niets. Zeg het in een gesprek met mij.")
    turn.slots["region"] = None  # what was named before no longer counts
    return Reply(
        text=f"Ik onthoud: {in_words(profile, turn.knowledge)}. Ik houd er rekening mee in mijn "
        'antwoorden. Typ "wijzig mijn regio" of "vergeet mijn regio" als het anders moet.'
    )


def forget(turn: Turn) -> Reply:
    """Forget what the message names; all of it when it names neither."""
    words = folded(turn.incoming.text)
    known = turn.desk.profile()
    region, role = "regio" in words, "functie" in words or "rol" in words
    both = region == role
    left = Profile(None if region or both else known.region, None if role or both else known.role)
    turn.desk.remember_profile(left)
    if left.region is None:
        turn.slots["region"] = None
    what = "je regio en functie" if both else "je regio" if region else "je functie"
    return Reply(
        text=f"Ik ben {what} vergeten. Je kunt alles blijven vragen.",
        choices=(Choice(label="Opnieuw instellen", value=SET_UP),),
    )


def show(turn: Turn) -> Reply:
    """What is remembered."""
    return Reply(
        text=f"Ik onthoud: {in_words(turn.desk.profile(), turn.knowledge)}.",
        choices=(
            Choice(label="Wijzigen", value=SET_UP),
            Choice(label="Vergeten", value=FORGET),
        ),
    )


def in_words(profile: Profile, knowledge: Knowledge) -> str:
    """A profile as a user reads it."""
    parts = []
    if profile.region:
        parts.append(f"regio {region_name(profile.region, knowledge)}")
    role = knowledge.roles.get(profile.role or "")
    if role is not None:
        parts.append(f"functie {role.name[0].lower()}{role.name[1:]}")
    return " en ".join(parts) or "geen regio en geen functie"


def place_of(profile: Profile, knowledge: Knowledge) -> Place | None:
    """The place where answers hold for this person; None when it is not known."""
    region = knowledge.regions.get(profile.region or "")
    if region is not None:
        return Place(region.id, region.area, region.name)
    if profile.region:
        return Place(None, "elders", profile.region.removeprefix("="))
    return None


def place_in(turn: Turn) -> Place | None:
    """The place that the conversation is about: the one named last, else where its user works."""
    named = place_from_slot(turn.slot("region"))
    return named or place_of(turn.desk.profile(), turn.knowledge)


def region_name(value: str, knowledge: Knowledge) -> str:
    """A region as shown: its name, or what was typed."""
    region = knowledge.regions.get(value)
    return region.name if region else value.removeprefix("=")


def role_choices(knowledge: Knowledge) -> list[FlowChoice]:
    """The roles that someone can have, as choices."""
    return [
        FlowChoice(value=role.id, label=role.name, synonyms=role.aliases)
        for role in knowledge.roles.values()
    ]


def _region(name: str, knowledge: Knowledge) -> str | None:
    """The region of a place, by its id, or the name of one that is elsewhere; None: no place.

    All of `name` must be the place: "vol in Heerlen" is a story.
    """
    found = mentions(f"in {name}", knowledge)
    if len(found) != 1 or found[0].end - found[0].start < len(name):
        return None
    place = found[0].place
    return place.region or (f"={place.name}" if place.name else None)
