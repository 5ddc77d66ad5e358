"""How a line of the audit log reads: ids become names, actions become words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bottlenecks.contacts import KINDS
from bottlenecks.store.audit import AuditView
from bottlenecks.workflow import DESK_LABELS

# nobody who is signed in did it
NOBODY = "niemand"
# who works on the server itself, with the command `regiowijzer users`
SERVER = "opdrachtregel"
# and the name of a program
API = "api:"
SPECIAL = {NOBODY: "Iemand die niet was ingelogd", SERVER: "Op de server zelf"}

# what is kept, and how it reads; a new action is a line here
ACTIONS = {
    "melding-gelezen": "Melding gelezen",
    "melding-behandeld": "Melding behandeld",
    "melding-gewijzigd": "Meldingen tegelijk gewijzigd",
    "melding-gecorrigeerd": "Gegevens van een melding verbeterd",
    "eigenaar": "Eigenaar gewijzigd",
    "notitie": "Notitie bij een melding",
    "meldingen-gewist": "Afgesloten meldingen gewist, omdat de bewaartijd voorbij is: aantal",
    "bericht-opnieuw": "Bericht dat was blijven liggen opnieuw geprobeerd",
    "berichten-opnieuw": "Berichten die waren blijven liggen opnieuw geprobeerd: aantal",
    "bericht-weggegooid": "Bericht dat was blijven liggen weggegooid",
    "onderwerp-gekozen": "Onderwerp van een melding gekozen",
    "vragen-ingedeeld": "Vragen ingedeeld",
    "opmerking-afgehandeld": "Opmerking over een antwoord afgehandeld",
    "opmerking-teruggezet": "Opmerking over een antwoord teruggezet",
    "groep-gelezen": "Groep gelezen",
    "groep-gemaakt": "Groep gemaakt",
    "groep-gewijzigd": "Titel of eigenaar van een groep gewijzigd",
    "groep-behandeld": "Groep behandeld",
    "groep-notitie": "Notitie bij een groep",
    "groep-vergeleken": "Meldingen gelezen die op een groep lijken",
    "melding-vergeleken": "Meldingen gelezen die op een melding lijken",
    "melding-in-groep": "Melding toegevoegd aan een groep",
    "melding-uit-groep": "Melding weggehaald uit een groep",
    "melding-niet-in-groep": "Vastgelegd dat een melding niet bij een groep hoort",
    "export": "Meldingen opgehaald als bestand",
    "cijfers-opgehaald": "Cijfers opgehaald als bestand",
    "verslag-begonnen": "Verslag begonnen",
    "verslag-gewijzigd": "Verslag gewijzigd",
    "verslag-opgehaald": "Verslag opgehaald als Word-bestand",
    "verslag-weggegooid": "Verslag weggegooid",
    "melding-geciteerd": "Melding geciteerd in een verslag",
    "api-gelezen": "Meldingen gelezen door een programma",
    "fase-ingesteld": "Fase ingesteld",
    "bericht-verstuurd": "Bericht aan een regio verstuurd",
    "contact-gewijzigd": "Contactgegevens gewijzigd",
    "inhoud-concept": "Concept van een tekst bewaard",
    "inhoud-voorgesteld": "Tekst voorgesteld",
    "inhoud-goedgekeurd": "Tekst goedgekeurd",
    "inhoud-afgewezen": "Tekst afgewezen",
    "inhoud-ingetrokken": "Tekst ingetrokken",
    "inhoud-bekeken": "Tekst bekeken: klopt nog",
    "inhoud-opgehaald": "Inhoud opgehaald als bestand",
    "ingelogd": "Ingelogd",
    "uitgelogd": "Uitgelogd",
    "inloggen-mislukt": "Inloggen mislukt",
    "inloggen-geremd": "Te vaak geprobeerd in te loggen",
    "wachtwoord-gewijzigd": "Eigen wachtwoord gewijzigd",
    "wachtwoord-uitgegeven": "Nieuw wachtwoord gegeven",
    "overal-uitgelogd": "Overal uitgelogd",
    "mens-toegevoegd": "Persoon toegevoegd",
    "mens-gewijzigd": "Persoon gewijzigd",
    "sleutel-gemaakt": "Sleutel gemaakt",
    "sleutel-ingetrokken": "Sleutel ingetrokken",
    "uitnodiging-gemaakt": "Link voor een praktijk gemaakt",
    "uitnodiging-ingetrokken": "Link van een praktijk ingetrokken",
    "signaalregel-gemaakt": "Regel voor signalen gemaakt",
    "signaalregel-gewijzigd": "Regel voor signalen gewijzigd",
    "signaal-gezien": "Signaal gezien",
    "plan-ingelezen": "Plan van een regio ingelezen",
    "plan-concept": "Concept gemaakt uit een plan",
    "plan-verwijderd": "Plan van een regio verwijderd",
    "chat-gekoppeld": "Eigen Telegram gekoppeld",
    "chat-ontkoppeld": "Eigen Telegram ontkoppeld",
    "gegevens-verwijderd": "Eigen gegevens verwijderd in de chat",
}
LABELS = {"regios": "regio's", "om": "om het"}


@dataclass(frozen=True)
class LogLine:
    """A line as shown; `link` is the page of its subject, if it has one."""

    at: datetime
    who: str
    what: str
    subject: str
    link: str | None
    detail: str


class AuditWords:
    """Puts lines of the log into words."""

    def __init__(self, people: Mapping[str, str], places: Mapping[str, str]) -> None:
        """Names by id: of accounts, and of regions and insurers."""
        self._people = people
        kinds = {kind.id: kind.name for kind in KINDS.values()}
        states = {status.value: label for status, label in DESK_LABELS.items()}
        self._names = {**states, **kinds, **places, **people}

    def line(self, entry: AuditView) -> LogLine:
        """A line as shown."""
        subject, link = entry.subject, None
        if subject in self._people:
            link = f"/beheer/mensen/{subject}"
        elif subject.startswith("KP-"):
            link = f"/beheer/meldingen/{subject}"
        elif entry.action.startswith("groep-"):
            link = f"/beheer/groepen/{subject.removeprefix('groep ')}"
        elif entry.action.startswith("inhoud-") and "/" in subject:
            link = f"/beheer/inhoud/onderwerp/{subject}"
        if entry.action.startswith("signaalregel-"):
            link = f"/beheer/signalen/regels/{subject}"
        if entry.action.startswith(("sleutel-", "signaalregel-")):
            subject = str(entry.detail.get("naam", subject))
        elif entry.action == "contact-gewijzigd":
            subject = ", ".join(self._name(part) for part in subject.split(" ", 1))
        detail = {name: value for name, value in entry.detail.items() if value != subject}
        return LogLine(
            entry.at,
            self.actor(entry.actor),
            ACTIONS.get(entry.action) or entry.action.replace("-", " ").capitalize(),
            self._name(subject),
            link,
            self.detail(detail),
        )

    def actor(self, actor: str) -> str:
        """Who did something."""
        if actor.startswith(API):
            return f"Programma: {actor.removeprefix(API)}"
        return SPECIAL.get(actor) or self._people.get(actor, "Onbekend")

    def detail(self, detail: Mapping[str, Any]) -> str:
        """What is known beside it: "rol: lezer → behandelaar; regio's: alle"."""
        return "; ".join(
            f"{LABELS.get(name) or name.replace('_', ' ')}: {self._value(value)}"
            for name, value in detail.items()
            if value not in (None, "", [], {})
        )

    def _value(self, value: Any) -> str:
        if isinstance(value, dict):
            if set(value) == {"van", "naar"}:
                return f"{self._value(value['van'])} → {self._value(value['naar'])}"
            return self.detail(value)
        if isinstance(value, list):
            return ", ".join(self._value(item) for item in value)
        if isinstance(value, bool):
            return "ja" if value else "nee"
        return "geen" if value is None else self._name(str(value))

    def _name(self, value: str) -> str:
        return self._names.get(value, value)
