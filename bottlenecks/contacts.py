"""What officers fill in about how people and organisations are reached."""

from dataclasses import dataclass

RHO = "rho"
READING_TIMES = "leestijden"
PERSONS = "personen"
REGIONAL = "regionaal"
CARE_MEDIATION = "zorgbemiddeling"


@dataclass(frozen=True)
class ContactKind:
    """A thing to fill in: its name, and what to type there. `of` is a region or an insurer."""

    id: str
    name: str
    hint: str
    of: str = "regio"


KINDS = {
    kind.id: kind
    for kind in (
        ContactKind(
            RHO,
            "Regio-organisatie bereiken",
            "Telefoonnummer, e-mailadres of website van de regio-organisatie (RHO).",
        ),
        ContactKind(
            READING_TIMES,
            "Leestijden",
            "Wanneer meldingen worden gelezen, bijvoorbeeld: werkdagen tussen 9 en 17 uur.",
        ),
        ContactKind(
            PERSONS, "Contactpersonen", "Wie je kunt bellen of mailen, met functie. Eén per regel."
        ),
        ContactKind(
            REGIONAL,
            "Andere regionale contacten",
            "Bijvoorbeeld het crisisteam of het coördinatiepunt. Eén per regel.",
        ),
        ContactKind(
            CARE_MEDIATION,
            "Zorgbemiddeling bereiken",
            "Telefoonnummer of e-mailadres van de afdeling zorgbemiddeling.",
            of="verzekeraar",
        ),
    )
}
MAX_LENGTH = 1_000
