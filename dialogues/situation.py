"""What holds now where someone works, as a regional officer filled it in: phase, and people."""

import re

from dialogues.flows.words import folded
from dialogues.turn import Turn
from knowledge.model import Region

# topics whose answer ends with what holds now
ABOUT_NOW = ("opschaling/fasen", "crisisteam/situatie")
PHASES = "opschaling/fasen"
GREETING = "gesprek/groet"
# "welke fase geldt nu in Geleen?" asks what holds, not which phases there are
_ASKS_NOW = re.compile(
    r"(?:(?:weet je|kun je zeggen|mag ik weten) )?(?:"
    r"(?:in )?welke (?:opschalings?)?fase (?:geldt|zitten (?:we|wij)|zijn (?:we|wij)|is het|is er)"
    r"(?: er)?(?: van kracht)?(?: (?:nu|momenteel|vandaag|op dit moment|hier|eigenlijk))*"
    r"|wat is (?:nu |momenteel )?de (?:huidige|actuele) (?:opschalings?)?fase"
    r"|(?:zitten|zijn) (?:we|wij) (?:al|nu|nu al|momenteel) in fase [1-3][a-d]?"
    r"|is er (?:al|nu|nu al|momenteel) opgeschaald"
    r"|huidige fase|actuele fase|fase nu"
    r")(?: (?:hier|bij ons|(?:in|van|voor) (?:de |onze |mijn )?[\w' -]{3,40}))?(?: nu)?"
)
_ASK = "Vraag het je regio-organisatie (RHO)."


def asks_now(text: str) -> bool:
    """Whether a message asks which phase is in force, and nothing else."""
    return _ASKS_NOW.fullmatch(folded(text)) is not None


def current_phase(turn: Turn) -> str:
    """The phase in force where the person works, or that it is not known here."""
    region = turn.knowledge.regions.get(turn.region or "")
    if region is not None:
        return phase_of(turn, region)
    known = [
        phase_of(turn, other) for other in turn.knowledge.regions.values() if _is_set(turn, other)
    ]
    lead = "In welke regio je werkt, weet ik niet."
    if known:
        return "\n".join((f"{lead} Dit is ingevuld:", *(f"- {line}" for line in known)))
    return f"{lead} Welke fase nu geldt, is hier niet bekend. {_ASK}"


def phase_of(turn: Turn, region: Region) -> str:
    """The phase in force in a region with its notice, or that it is not known here."""
    phase = turn.knowledge.phases.get(region.phase or "")
    if phase is None:
        return f"Welke fase nu geldt in {region.name}, is hier niet bekend. {_ASK}"
    since = f", sinds {region.phase_since}" if region.phase_since else ""
    what = phase.name.partition(": ")[2] or phase.name
    said = f"In {region.name} geldt nu fase {phase.id}{since} ({what})."
    if region.phase_notice:
        said += f" Bericht van de regio-organisatie: {region.phase_notice}"
    return said


def greeting(turn: Turn) -> str:
    """The phase in force where the person works, to say at a greeting; empty when not known."""
    region = turn.knowledge.regions.get(turn.region or "")
    return phase_of(turn, region) if region is not None and _is_set(turn, region) else ""


def reaching(region: Region) -> str:
    """How the regional organisation is reached, as far as that was filled in."""
    lines = [f"Voor {region.name}: {region.contact}"] if region.contact else []
    if region.persons:
        lines.append(f"Contactpersonen: {region.persons}")
    if region.other_contacts:
        lines.append(f"Andere contacten in {region.name}: {region.other_contacts}")
    if region.reading_times:
        lines.append(f"Meldingen worden gelezen: {region.reading_times}")
    if lines:
        return "\n".join(lines)
    who = f" ({region.organisation})" if region.organisation else ""
    return f"Hoe je de RHO van {region.name}{who} bereikt, is hier nog niet ingevuld."


def _is_set(turn: Turn, region: Region) -> bool:
    return region.phase in turn.knowledge.phases
