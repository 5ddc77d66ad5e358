"""How updates and replies look in Telegram; part of `bot.telegram`, which is what to import."""

import json
import logging
import re
from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumberFormat
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity, Update
from telegram.ext import filters

from bot.menu import COMMANDS, read_typed
from bottlenecks.privacy.pieces import MARKERS
from bottlenecks.store.invitations import invitation_in
from dialogues.reply import MAX_VALUE_BYTES, Incoming, Reply, source_lines

LOGGER = logging.getLogger(__name__)

MAX_TEXT_UNITS = 4096
MAX_LABEL = 60
MAX_BUTTONS = 100

# what Telegram sends when someone opens t.me/(name of the bot)?start=(code)
_OPENED = re.compile(r"/start(?:@\w+)?\s+(\S+)", re.ASCII | re.IGNORECASE)

BROKEN_BUTTON = "Deze knop werkt niet meer. Typ je vraag opnieuw, of typ help."
EDITED = (
    "Ik zie dat je een bericht hebt aangepast. Ik lees alleen nieuwe berichten: stuur het opnieuw."
)
ONLY_TEXT = (
    "Ik kan alleen tekst lezen. Stuur geen foto of bestand, ook niet van patiënten: typ je vraag."
)


@dataclass(frozen=True)
class Parsed:
    """What a stored update comes to: `incoming` to handle, or `direct` to answer with, or none.

    `code` is that of an invitation, which came with a link or was typed.
    """

    outside_id: str
    address: str
    incoming: Incoming | None = None
    direct: str | None = None
    code: str | None = None


def parse(payload: str) -> Parsed:
    """Read an update that `TelegramInbox` stored."""
    update = Update.de_json(json.loads(payload), None)
    user, chat = update.effective_user, update.effective_chat
    if user is None or chat is None or chat.type != chat.PRIVATE:
        return Parsed("", "")
    who = (str(user.id), str(chat.id))
    if update.callback_query is not None:
        data = update.callback_query.data or ""
        if not data.isprintable() or not 0 < len(data.encode()) <= MAX_VALUE_BYTES:
            return Parsed(*who, direct=BROKEN_BUTTON)
        return Parsed(*who, incoming=Incoming(choice=data))
    if update.edited_message is not None:
        # a live location edits itself every few seconds
        moved = update.edited_message.location is not None
        return Parsed(*who, direct=None if moved else EDITED)
    message = update.message
    if message is None or filters.StatusUpdate.ALL.check_update(update):
        return Parsed(*who)
    if message.text is None:
        return Parsed(*who, direct=ONLY_TEXT)
    opened = _OPENED.fullmatch(message.text.strip())
    code = opened[1] if opened else invitation_in(message.text)
    if code is not None:
        # a code is no question: nothing keeps it, and the conversation begins
        return Parsed(*who, incoming=Incoming(choice=COMMANDS["start"][0]), code=code)
    return Parsed(*who, incoming=read_typed(message.text))


def render(reply: Reply) -> list[tuple[str, InlineKeyboardMarkup | None]]:
    """The messages to send for a reply, none too long; the buttons are under the last."""
    sources = "\n".join(f"Bron: {line}" for line in source_lines(reply.sources))
    blocks = [block for block in (reply.text.strip(), sources, "\n".join(reply.links)) if block]
    parts = _split(_tappable("\n\n".join(blocks)))
    rows = []
    for choice in reply.choices:
        if not choice.value or not choice.label.strip():
            LOGGER.error("button left out: Telegram would refuse it, and the reply with it")
            continue
        label = choice.label
        if len(label) > MAX_LABEL:
            label = label[: MAX_LABEL - 1].rstrip() + "…"
        rows.append([InlineKeyboardButton(label, callback_data=choice.value)])
    if not rows:
        return [(part, None) for part in parts]
    keyboard = InlineKeyboardMarkup(rows[:MAX_BUTTONS])
    parts = parts or ["Kies:"]
    return [*((part, None) for part in parts[:-1]), (parts[-1], keyboard)]


def marks(text: str) -> list[MessageEntity]:
    """Where personal data were taken out of a message, which is shown in bold."""
    return [
        MessageEntity(MessageEntity.BOLD, _units(text[: found.start()]), _units(found[0]))
        for found in MARKERS.finditer(text)
    ]


def _tappable(text: str) -> str:
    """Phone numbers as Telegram makes them tappable: with their country code."""
    shown, end = "", 0
    for found in phonenumbers.PhoneNumberMatcher(text, "NL"):
        number = phonenumbers.format_number(found.number, PhoneNumberFormat.INTERNATIONAL)
        shown += text[end : found.start] + number
        end = found.end
    return shown + text[end:]


def _units(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _split(text: str) -> list[str]:
    """Cut at paragraphs, else lines, else words, else anywhere."""
    parts = []
    rest = text.strip()
    while _units(rest) > MAX_TEXT_UNITS:
        size = MAX_TEXT_UNITS
        while _units(rest[:size]) > MAX_TEXT_UNITS:
            size -= max(1, (_units(rest[:size]) - MAX_TEXT_UNITS) // 2)
        cuts = (rest.rfind(mark, 1, size + 1) for mark in ("\n\n", "\n", " "))
        cut = next((place for place in cuts if place > 0), size)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*parts, rest] if rest else parts
