"""What can be chosen at any moment, on every channel: as a command, or from a menu."""

import re

from dialogues.reply import Choice, Incoming

# command -> what choosing it means, and how Telegram's menu shows it
COMMANDS = {
    "start": ("t:gesprek/groet", "Begin een gesprek"),
    "help": ("t:gesprek/help", "Wat kan ik vragen?"),
    "melden": ("t:knelpunt/melden", "Meld een knelpunt"),
    "status": ("t:knelpunt/status", "Hoe staat het met mijn melding?"),
    "verder": ("verder:", "Ga verder waar je gebleven was"),
    "regio": ("profiel", "Stel je regio en functie in"),
    "koppel": ("koppel", "Ga verder op een ander apparaat"),
    "stop": ("t:gesprek/stop", "Stop waar we mee bezig zijn"),
    "privacy": ("t:gesprek/privacy", "Wat wordt er bewaard?"),
}

# the same in few words, for a menu that is always on the screen
MENU = tuple(
    Choice(label=label, value=COMMANDS[command][0])
    for command, label in (
        ("help", "Wat kun je?"),
        ("melden", "Meld een knelpunt"),
        ("status", "Mijn meldingen"),
        ("verder", "Verder waar je was"),
        ("regio", "Regio en functie"),
        ("koppel", "Ander apparaat"),
        ("privacy", "Privacy"),
        ("stop", "Stop"),
        ("start", "Opnieuw beginnen"),
    )
)


def read_typed(text: str) -> Incoming:
    """A known command as a choice; other text without the slashes that Rasa takes as intents."""
    command = re.match(r"/(\w+)", text)
    if command and command[1].lower() in COMMANDS:
        return Incoming(choice=COMMANDS[command[1].lower()][0])
    plain = re.sub(r"^[\s/]*/[\s/]*", "", text)
    return Incoming(text=plain) if plain else Incoming(choice=COMMANDS["help"][0])
