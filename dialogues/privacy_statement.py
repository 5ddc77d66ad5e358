"""The privacy statement: one text, for the chat and for the page /privacy.

How long things are kept and what is taken out of texts come from the code that does it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bottlenecks.privacy import KINDS, in_words
from bottlenecks.retention import Period
from dialogues.situation import reaching
from knowledge.model import Region

TOPIC = "gesprek/privacy"
TITLE = "Privacyverklaring"
# said at first contact, where the whole text is one word away
READ_MORE = 'Typ "privacy" als je wilt weten wat ik bewaar, of "mijn gegevens" om het te zien.'
UNKNOWN_REGION = "Zeg me in welke regio je werkt, dan zoek ik op hoe je je RHO bereikt."


@dataclass(frozen=True)
class Section:
    """A part of the statement: a heading, paragraphs, and a list with what stands after it."""

    heading: str
    paragraphs: tuple[str, ...]
    items: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def responsible(regions: Mapping[str, Region], own: str | None = None) -> tuple[str, ...]:
    """How the regional organisation is reached: the one of the region `own`, or all of them."""
    if own is not None and own in regions:
        return (reaching(regions[own]),)
    return tuple(reaching(region) for region in regions.values())


def statement(periods: Sequence[Period], reached: Sequence[str]) -> tuple[Section, ...]:
    """The whole text; `periods` is how long what is kept, `reached` how to reach who answers it."""
    return (
        Section(
            "Wie is verantwoordelijk?",
            (
                "Je regio-organisatie (RHO) is verantwoordelijk voor wat hier wordt bewaard. Daar "
                "stel je vragen over je gegevens.",
                *(reached if len(reached) == 1 else ()),
            ),
            tuple(reached) if len(reached) > 1 else (),
        ),
        Section(
            "Wat bewaar ik, en waarom?",
            ("Dit bewaar ik:",),
            (
                "Wat je zegt over jezelf (regio, functie, praktijk): voor antwoorden die bij je "
                "passen, en zodat je RHO weet waar een melding vandaan komt. Een praktijk noemen "
                "hoeft niet.",
                "Kwam je binnen met een uitnodiging, dan ook welke dat was. Daarin staat je "
                "praktijk, als je RHO die invulde.",
                "Je gesprek: zodat ik weet waar we het over hadden.",
                "Je meldingen en wat je toevoegt: zodat je RHO er iets mee kan doen en je kan "
                "antwoorden.",
                "Stappen en lijsten waar je mee bezig bent: zodat je later verder kunt.",
                "Wat je zegt over een fout antwoord, en vragen die ik niet goed begreep: om beter "
                "te worden. Bij die vragen staat niet van wie ze zijn.",
                "Een code van je account, en een versleuteld adres: om je te herkennen en te "
                "antwoorden. Je naam en nummer in Telegram bewaar ik niet leesbaar.",
                "In de browser een cookie: daaraan herken ik je browser, een jaar lang. Wat je "
                "typt en nog niet hebt verstuurd, staat leesbaar in je eigen browser, tot je het "
                "verstuurt of het tabblad sluit.",
                "Hoe vaak per week een onderwerp is gevraagd, niet door wie.",
            ),
        ),
        Section(
            "Wat haal ik weg?",
            (
                "Uit wat je typt, haal ik weg wat ik herken als: "
                f"{in_words(*KINDS.values())}. Ik herken niet alles. Typ dus geen gegevens van "
                "patiënten.",
                "Haal ik te veel weg uit een melding? Voor je die verstuurt, kun je het "
                "terugzetten, behalve een BSN. Zo lang bewaar ik dat stuk versleuteld. Verstuur je "
                "de melding, of gooi je die weg, dan wis ik het stuk meteen. Maak je de melding "
                "niet af, dan wis ik het samen met de melding.",
                "Je originele bericht bewaar ik versleuteld tot je antwoord er is. Daarna wis ik "
                "het.",
            ),
        ),
        Section(
            "Hoe lang bewaar ik het?",
            ("Ik wis vanzelf:",),
            tuple(_until(one) for one in periods),
            (
                "Voor twee dingen is er geen vaste termijn. Een open melding blijft tot die is "
                "afgesloten. Wat je over jezelf zei, blijft tot je het verwijdert.",
            ),
        ),
        Section(
            "Wie ziet het?",
            (
                "Medewerkers van je RHO lezen de meldingen uit hun regio, met je praktijk als je "
                "die noemde. Ook programma's die van de RHO een sleutel kregen, kunnen ze lezen. "
                "Ze lezen je gesprek niet. Opmerkingen over antwoorden en vragen die ik niet "
                "begreep, lezen ze zonder jouw naam of account. Deel je stappen met een collega? "
                "Dan ziet die wat er is ingevuld.",
                "Wie de server beheert, kan bij de database. Je adres, wachtende berichten en de "
                "berichten in de browser zijn daar versleuteld, je gesprek en je meldingen niet.",
                "Je tekst gaat niet naar een taalmodel of dienst buiten deze server. Gebruik je "
                "Telegram, dan gaan je berichten wel via de servers van Telegram, en blijven ze "
                "daar ook staan.",
            ),
        ),
        Section(
            "Wat kun je zelf?",
            ("Typ in de chat:",),
            (
                '"mijn gegevens": zien wat ik van je bewaar',
                '"verwijder mijn gegevens": wissen wat aan jou te koppelen is',
                '"wijzig mijn regio": je regio en functie verbeteren',
                '"vergeet mijn regio": je regio weghalen',
                '"status van mijn melding": je meldingen zien',
                '"trek mijn melding in": je melding intrekken',
            ),
            (
                "Verwijder je je gegevens, dan blijven je meldingen staan, met wat je erin typte, "
                "maar zonder link naar jou. Daarna kun je ze niet meer intrekken: doe dat dus "
                "eerst als je dat wilt. Ook wat je zei over een fout antwoord, en vragen die ik "
                "niet begreep, blijven staan. Daar stond al niet bij van wie ze zijn.",
                "Voor al je andere rechten, zoals een kopie of bezwaar, ga je naar je RHO. Ben je "
                "niet tevreden? Dan kun je een klacht sturen aan de Autoriteit Persoonsgegevens.",
            ),
        ),
        Section(
            "Kopieën van de database",
            (
                "Wie de server beheert, maakt kopieën (back-ups) voor als er iets stukgaat. Wat "
                "jij wist, kan daar nog in staan. Wordt een kopie teruggezet, dan komt het terug: "
                "wis het dan opnieuw. Hoe lang kopieën blijven, bepaalt wie de server beheert.",
            ),
        ),
    )


def _until(period: Period) -> str:
    """After how long something is erased: "Berichten in de browser: 30 dagen na het bericht"."""
    when = f"{period.kept_in_words} {period.since_what}".strip()
    return f"{period.what.replace(': ', ', ')}: {when}"


def as_text(sections: Sequence[Section]) -> str:
    """The statement as one message."""
    parts = []
    for number, section in enumerate(sections, 1):
        heading = f"{number}. {section.heading}"
        items = "\n".join(f"- {item}" for item in section.items)
        parts += [heading, *section.paragraphs, items, *section.after]
    return "\n\n".join(part for part in parts if part)
