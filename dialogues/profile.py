"""Where someone works and as what, in their own words: "ik ben huisarts in Geleen"."""

import re
from dataclasses import dataclass

from bottlenecks.store.accounts import Profile
from dialogues.flows.reading import folded, match
from dialogues.regions import Place, find_place
from dialogues.reply import Choice, Reply
from dialogues.turn import Turn
from knowledge import Knowledge
from knowledge.flow_model import FlowChoice

# the flow that asks for both, and the input that begins it
FLOW = "profiel/instellen"
SET_UP = "profiel"
SAY = "profiel:zeg"
FORGET = "profiel:vergeet"
_MAX_WORDS = 10
_WHERE = (
    r"(?:ik werk|wij werken|we werken|ik zit|wij zitten|we zitten"
    r"|(?:mijn|onze) praktijk (?:is|zit|staat|ligt)|(?:mijn|onze) (?:regio|plaats|standplaats) is)"
)
_ROLE = r"(?:ik ben|wij zijn|ik werk als|mijn (?:rol|functie|beroep) is)(?: (?:een|de))?"
_PLACE = r"(?:(?:in|te|uit|bij|regio|de regio|in de regio|rond)\s+)*(?P<place>[\w' -]{2,40})"
_SAYS_PLACE = re.compile(rf"(?:nee )?{_WHERE} {_PLACE}")
_SAYS_ROLE = re.compile(
    rf"(?:nee )?{_ROLE} (?P<role>[\w' -]{{2,40}}?)(?: (?:in|te|uit|bij) {_PLACE})?"
)
_FORGETS = re.compile(
    r"(?:vergeet|wis|verwijder)(?: (?:mijn|de|wat je van mij weet|alles over mij))?"
    r"(?: (?:regio|rol|functie|profiel|instellingen|gegevens|en))*"
)
_CHANGES = re.compile(
    r"(?:(?:wijzig|verander|stel|pas|kies|toon|wat (?:is|zijn)|ik wil) )?(?:mijn |de )?"
    r"(?:regio|rol|functie|profiel|instellingen|regio en (?:rol|functie))"
    r"(?: (?:wijzigen|veranderen|instellen|aanpassen|in|aan|kiezen))?"
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
    forgotten = ("regio", "rol", "functie", "profiel", "instellingen", "over mij", "van mij weet")
    if _FORGETS.fullmatch(words) and any(word in words for word in forgotten):
        return FORGET
    if _CHANGES.fullmatch(words):
        return SET_UP
    return SAY if read(text, knowledge) is not None else None


def read(text: str, knowledge: Knowledge) -> Said | None:
    """What a message says about its writer and nothing else; None when it says anything more."""
    words = folded(text)
    if len(words.split()) > _MAX_WORDS:
        return None
    if found := _SAYS_ROLE.fullmatch(words):
        role = match(found["role"], _roles(knowledge))
        if role is None:
            return None
        return Said(_region(found["place"], text, knowledge) if found["place"] else None, role)
    if found := _SAYS_PLACE.fullmatch(words):
        region = _region(found["place"], text, knowledge)
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
    """Forget it all."""
    turn.desk.remember_profile(Profile())
    turn.slots["region"] = None
    return Reply(
        text="Ik ben je regio en functie vergeten. Je kunt alles blijven vragen.",
        choices=(Choice(label="Opnieuw instellen", value=SET_UP),),
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


def region_name(value: str, knowledge: Knowledge) -> str:
    """A region as shown: its name, or what was typed."""
    region = knowledge.regions.get(value)
    return region.name if region else value.removeprefix("=")


def _roles(knowledge: Knowledge) -> list[FlowChoice]:
    return [
        FlowChoice(value=role.id, label=role.name, synonyms=role.aliases)
        for role in knowledge.roles.values()
    ]


def _region(name: str, text: str, knowledge: Knowledge) -> str | None:
    """The region of a place, by its id, or the name of one that is elsewhere; None: no place."""
    place = find_place(text, knowledge) or find_place(f"in {name}", knowledge)
    if place is None:
        return None
    return place.region or (f"={place.name}" if place.name else None)
