"""How long each kind of data is kept: the periods, and how they read in the documents."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# days after which a closed report is erased, when the settings say nothing else
KEEP_CLOSED_REPORTS_DAYS = 730
MESSAGES_KEPT = timedelta(days=30)
FLOWS_KEPT = timedelta(days=90)
QUESTIONS_KEPT = timedelta(days=90)
# long enough for the last reply to arrive, and to be read in a browser
UNUSED_ACCOUNTS_KEPT = timedelta(days=2)


@dataclass(frozen=True)
class Period:
    """How long one kind of data is kept.

    Attributes:
        kind: its name, as `bottlenecks.store.retention` knows it.
        kept: how long it is kept.
        since: from when that counts, in English, for an operator.
        what: what it is, in Dutch, for the documents.
        since_what: from when that counts, in Dutch.
    """

    kind: str
    kept: timedelta
    since: str
    what: str
    since_what: str

    @property
    def kept_in_words(self) -> str:
        """How long it is kept, in Dutch: "30 dagen", "2 jaar"; empty for not at all."""
        years, days = divmod(self.kept.days, 365)
        if years and not days:
            return f"{years} jaar"
        return f"{self.kept.days} dagen" if self.kept.days else ""

    def before(self, now: datetime) -> datetime:
        """What is older than this is not kept."""
        return now - self.kept


def periods(closed_reports_days: int = KEEP_CLOSED_REPORTS_DAYS) -> tuple[Period, ...]:
    """All periods, in the order in which is erased: what points to something goes before it."""
    return (
        Period(
            "browser messages",
            MESSAGES_KEPT,
            "said",
            "Berichten in de browser",
            "na het bericht",
        ),
        Period(
            "unfinished flows",
            FLOWS_KEPT,
            "last touched",
            "Stappen en meldingen die niet zijn afgemaakt: wat er is ingevuld",
            "na de laatste keer dat iemand eraan werkte",
        ),
        Period(
            "finished flows",
            timedelta(days=30),
            "finished",
            "Dat stappen zijn afgerond (zonder inhoud)",
            "na het afronden",
        ),
        Period(
            "codes",
            timedelta(0),
            "expired",
            "Codes om te koppelen of iets over te nemen (alleen versleuteld)",
            "zodra ze niet meer gelden",
        ),
        Period(
            "conversations",
            timedelta(days=30),
            "last used",
            "Gesprekken, met alles wat erin is gezegd",
            "na het laatste bericht",
        ),
        Period(
            "unanswered questions",
            QUESTIONS_KEPT,
            "asked",
            "Vragen die de assistent niet goed begreep",
            "na de vraag",
        ),
        Period(
            "remarks on answers",
            timedelta(days=730),
            "made",
            "Opmerkingen dat een antwoord niet klopt",
            "na de opmerking",
        ),
        Period(
            "closed reports",
            timedelta(days=closed_reports_days),
            "last changed",
            "Afgesloten meldingen, met alles wat erbij hoort",
            "na de laatste wijziging",
        ),
        Period(
            "audit entries",
            timedelta(days=730),
            "written",
            "Logboek van het beheer",
            "na de handeling",
        ),
        Period(
            "failed updates",
            timedelta(days=7),
            "set aside",
            "Inhoud van berichten die niet verwerkt konden worden",
            "na de laatste poging",
        ),
        Period(
            "undelivered replies",
            timedelta(days=7),
            "set aside",
            "Inhoud van antwoorden die niet bezorgd konden worden",
            "na de laatste poging",
        ),
        Period(
            "delivered replies",
            timedelta(days=30),
            "delivered",
            "Dat een antwoord is bezorgd (zonder inhoud)",
            "na het bezorgen",
        ),
        Period(
            "handled updates",
            timedelta(days=30),
            "handled",
            "Dat een bericht is verwerkt (zonder inhoud)",
            "na het verwerken",
        ),
        Period(
            "unused accounts",
            UNUSED_ACCOUNTS_KEPT,
            "last used",
            "Accounts waar verder niets van wordt bewaard",
            "na het laatste antwoord",
        ),
    )
