"""The menu of the chat: all that Telegram's commands can do."""

from bot.menu import COMMANDS
from bot.menu import MENU as ALWAYS
from dialogues.reply import Choice

MENU = (
    *ALWAYS,
    Choice(label="Stop", value=COMMANDS["stop"][0]),
    Choice(label="Opnieuw beginnen", value=COMMANDS["start"][0]),
)
