"""What the people of the bench say: 14 messages, the same in every setup.

Two questions, a clarification, a report with a correction, and a checklist. The parts can be held
in any order; conversations begin with different ones, so that at every moment the mix is the same.
"""

from dataclasses import dataclass
from random import Random

QUESTIONS = (
    "wie coördineert het noodplan?",
    "wie coordineert het noodplan",
    "wie is de coördinator van het noodplan?",
    "wie heeft de coördinatie van het noodplan?",
)
CLOSED = (
    "buurpraktijk is ineens dicht, wat nu?",
    "de buurpraktijk is dicht, wat nu?",
    "een praktijk valt weg, wat nu?",
)
THINGS = ("vandaag", "deze week", "al dagen", "sinds maandag", "al een week", "voor morgen")
STORY = (
    "al {number} organisaties gebeld {thing}, nergens thuiszorg te vinden in Geleen, graag melden"
)
# by the intent that they have; "noodplan" alone is left out, since it is close to several
SENTENCES = {
    "noodplan.coordinatie": QUESTIONS,
    "noodplan.checklist-tijdens": CLOSED,
    "knelpunt.melden": tuple(STORY.format(number=9, thing=thing) for thing in THINGS),
    "gesprek.stop": ("stop",),
}


@dataclass(frozen=True)
class Step:
    """Something that is typed, or the label of a button that is tapped.

    `expected` stands in the answer, when the assistant understood.
    """

    text: str
    expected: str
    is_tap: bool = False


@dataclass(frozen=True)
class Conversation:
    """The 14 messages of one conversation, of which the first `begun` are of its first part.

    Who is found having one, each message of the script as likely as any other, has sent those.
    """

    steps: list[Step]
    begun: int


def conversation(chance: Random) -> Conversation:
    """A conversation, which begins with a part that `chance` takes."""
    story = STORY.format(number=chance.randint(3, 400), thing=chance.choice(THINGS))
    parts = (
        [Step(chance.choice(QUESTIONS), "geen enkele partij is standaard")],
        [
            Step("noodplan", "Ik weet niet zeker wat je bedoelt"),
            _tap("Wie coördineert het noodplan?", "geen enkele partij is standaard"),
        ],
        [
            Step(story, "Hoe ernstig is het?"),
            _tap("Hoog", "Van welke praktijk is deze melding?"),
            _tap("Anoniem melden", "Wil je antwoord van de regio-organisatie?"),
            _tap("Nee, niet nodig", "Klopt dit?"),
            _tap("Ernst aanpassen", "Hoe ernstig is het?"),
            _tap("Midden", "Klopt dit?"),
            _tap("Versturen", "Je melding is gedaan."),
        ],
        [
            Step(chance.choice(CLOSED), "Vertel patiënten over de (tijdelijke) sluiting"),
            _tap("Stap voor stap", "0 van 7 gedaan"),
            _tap("Gedaan", "1 van 7 gedaan"),
            Step("stop", "Gestopt"),
        ],
    )
    # a longer part is begun as much more often as there are more messages in it
    first = chance.choices(range(len(parts)), weights=[len(part) for part in parts])[0]
    steps = [step for part in (*parts[first:], *parts[:first]) for step in part]
    return Conversation(steps, chance.randint(1, len(parts[first])))


def _tap(label: str, expected: str) -> Step:
    return Step(label, expected, is_tap=True)
