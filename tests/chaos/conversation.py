"""The script of a conversation: questions, a doubt, a report with a correction, a checklist."""

import re
import threading
import time
import traceback
from dataclasses import dataclass, field
from random import Random

from tests.chaos.people import PATIENCE_S, Person

KINDS = ("Thuiszorg", "GGZ", "Telefonie", "Medicatie of apotheek")
REGIONS = ("Utrecht", "Westelijke Mijnstreek", "Oostelijke Mijnstreek")
SEVERITIES = ("Hoog", "Midden", "Laag")
THINGS = ("de wachtlijst", "de telefoon", "het rooster", "de overdracht", "de planning")
# how many of them are in such a hurry that they send their report twice
IN_A_HURRY = 0.25
LOOK_EVERY_S = 0.1


@dataclass
class Conversation:
    """One conversation, and what it must lead to.

    `severity` and `story` are what its report must hold; `reference` is the number that its
    person was told. `began` and `ended` are moments, in monotonic time.
    """

    person: Person
    chance: Random
    is_answered: bool
    calm: threading.Event
    number: int
    story: str = ""
    severity: str = ""
    reference: str | None = None
    has_confirmed: bool = False
    has_gone_on: bool = False
    waits_for_calm: bool = False
    began: float = 0.0
    ended: float = field(default=float("inf"))
    problem: str | None = None

    def hold(self) -> None:
        """Hold it; what went wrong is in `problem`."""
        self.began = time.monotonic()
        try:
            self._ask()
            self._report()
            self._follow()
            self._tick()
            if self.is_answered:
                self._until_answered()
            self.waits_for_calm = True
            self.calm.wait()
            self.person.says("wat is een harop?")
            self.person.waits_for("regionaal huisartsen-rampen-opvangplan")
            self.has_gone_on = True
        except AssertionError as error:
            self.problem = f"{error} ({_place(error)})"
        finally:
            self.waits_for_calm = True
            self.ended = time.monotonic()

    def answer(self) -> str:
        """What the regional organisation answers to its report."""
        return f"We bellen over {self.reference} met de aanbieders."

    def _ask(self) -> None:
        self.person.says("wie coördineert het noodplan?")
        self.person.waits_for("geen enkele partij is standaard")
        self.person.says("noodplan")  # which of three questions about it?
        self.person.waits_for("Ik weet niet zeker wat je bedoelt")
        self.person.taps("Wie coördineert het noodplan?")
        self.person.waits_for("geen enkele partij is standaard")

    def _report(self) -> None:
        person, chance = self.person, self.chance
        kind, first = chance.choice(KINDS), chance.choice(SEVERITIES)
        self.severity = chance.choice([one for one in SEVERITIES if one != first])
        weeks = chance.randint(2, 30)
        self.story = f"Al {weeks} weken loopt {chance.choice(THINGS)} vast, niemand helpt"
        person.says("ik wil een knelpunt melden")
        person.waits_for("Waar gaat het knelpunt over?")
        person.taps(kind)
        person.waits_for("In welke regio speelt het?")
        person.taps(chance.choice(REGIONS))
        person.waits_for("Wat is er aan de hand?")
        person.says(self.story)
        person.waits_for("Wat heb je al geprobeerd?")
        person.taps("Nog niets")
        person.waits_for("Hoe ernstig is het?")
        person.taps(first)
        person.waits_for("Van welke praktijk is deze melding?")
        person.taps("Anoniem melden")
        person.waits_for("Wil je antwoord van de regio-organisatie?")
        person.taps("Ja, graag")
        person.waits_for("Klopt dit?", first)
        person.taps("Ernst aanpassen")
        person.waits_for("Je antwoord was")
        person.taps(self.severity)
        person.waits_for("Klopt dit?", self.severity)
        person.taps("Versturen", twice=chance.random() < IN_A_HURRY)
        self.has_confirmed = True
        told = person.waits_for("Je melding is gedaan.")
        found = re.search(r"KP-\d{4}-\d+", told)
        assert found is not None, told
        self.reference = found.group()

    def _follow(self) -> None:
        self.person.says("wat is de status van mijn melding?")
        assert self.reference is not None
        self.person.waits_for(self.reference, self.story)

    def _tick(self) -> None:
        self.person.says("buurpraktijk is ineens dicht, wat nu?")
        self.person.waits_for("Vertel patiënten over de (tijdelijke) sluiting")
        self.person.taps("Stap voor stap")
        self.person.waits_for("0 van 7 gedaan")
        self.person.taps("Gedaan")
        self.person.waits_for("1 van 7 gedaan")
        self.person.taps("Gedaan")
        self.person.waits_for("2 van 7 gedaan")
        self.person.says("stop")
        self.person.waits_for("Gestopt")

    def _until_answered(self) -> None:
        end = time.monotonic() + PATIENCE_S
        while not self.person.has(self.answer()):
            assert time.monotonic() < end, "the regional organisation's answer did not come"
            time.sleep(LOOK_EVERY_S)


def _place(error: BaseException) -> str:
    """Where in the script it went wrong."""
    frames = traceback.extract_tb(error.__traceback__)
    return next((f"{f.name}: {f.line}" for f in reversed(frames) if f.filename == __file__), "")
