"""What a page sends: read within limits, checked, and stored in the inbox once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qs
from uuid import uuid4

from fastapi import Request

from bot.menu import MENU, read_typed
from bot.web.channel import ADDRESS, CHANNEL, as_payload
from bot.web.context import ChatContext
from bot.web.show import CONTEXT, reply_of, said_by_tapping, show
from bottlenecks.privacy import KINDS, screen
from bottlenecks.store import Work
from bottlenecks.store.codes import masked
from dialogues.assistant import MAX_TEXT
from dialogues.flows.runner import kinds_for
from dialogues.reply import Incoming

MAX_BODY_BYTES = 64 * 1024
MAX_FIELDS = 20
MAX_ID = 64
BROKEN_BUTTON = "Die knop werkt niet meer. Typ je vraag, of kies iets uit het menu."


class TooLargeError(Exception):
    """A page sent more than is read."""


@dataclass(frozen=True)
class Sent:
    """What a page sent: typed `text`, or the value of a button under the message `under`.

    `id` is made by the page: the same message sent again has the same.
    """

    id: str
    text: str
    choice: str | None
    under: int | None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to answer."""
        return self.choice is None and not self.text.strip()


@dataclass(frozen=True)
class Taken:
    """What became of it: the account, and the message that shows it (None: nothing to show)."""

    account_id: str
    message_id: int | None


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form, the first of each name.

    Raises:
        TooLargeError: there is more than 64 KB.
    """
    told = request.headers.get("content-length", "0")
    if told.isdecimal() and int(told) > MAX_BODY_BYTES:
        raise TooLargeError
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise TooLargeError
    try:
        fields = parse_qs(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MAX_FIELDS
        )
    except ValueError:  # more fields than any of our forms has
        return {}
    return {name: values[0] for name, values in fields.items()}


def read_sent(fields: Mapping[str, str]) -> Sent:
    """The fields of a form as a message."""
    under = fields.get("van", "")
    return Sent(
        fields.get("id", "")[:MAX_ID] or uuid4().hex,
        _readable(fields.get("tekst", "")),
        fields.get("keuze"),
        int(under) if re.fullmatch(r"\d{1,18}", under, re.ASCII) else None,
    )


def take(work: Work, chat: ChatContext, token: str, sent: Sent) -> Taken:
    """Store the message in the inbox, and in the mailbox as it may be kept.

    What was stored before is not stored again.
    """
    account = work.accounts.find_or_create(CHANNEL, token, ADDRESS)
    # the page's id alone would let one visitor's message stand in the way of another's
    parts = (account.id, sent.id, sent.text, sent.choice or "", str(sent.under))
    # made of what was sent: sent again, the buttons on the screen are others
    update_id = chat.cipher.hash_id("web-update", "\n".join(parts))
    incoming: Incoming | None
    said: str | None
    sent = _numbered(work, account.id, sent)
    if sent.choice is None:
        incoming, said = read_typed(sent.text), _kept(work, chat, account.id, sent.text)
    else:
        said = _label(work, account.id, sent.choice, sent.under)
        incoming = Incoming(choice=sent.choice) if said is not None else None
    direct = BROKEN_BUTTON if incoming is None else None
    if not work.inbox.receive(CHANNEL, update_id, as_payload(token, incoming, direct), token):
        return Taken(account.id, None)
    if said is None:
        return Taken(account.id, None)
    return Taken(account.id, work.mailbox.add_said(account.id, said))


def _numbered(work: Work, account_id: str, sent: Sent) -> Sent:
    """A typed number as a tap on that button; a page without scripts cannot do that itself.

    At a step of a flow the number is read there: it may be an answer in words as well.
    """
    if sent.choice is not None or not re.fullmatch(r"\d{1,2}", sent.text, re.ASCII):
        return sent
    live = [one for one in show(work.mailbox.latest(account_id, CONTEXT)) if one.is_live]
    if any(one.in_flow for one in live):
        return sent
    buttons = [(one.id, button.value) for one in live for button in one.buttons]
    if not 0 < int(sent.text) <= len(buttons):
        return sent
    under, value = buttons[int(sent.text) - 1]
    return replace(sent, choice=value, under=under)


def _label(work: Work, account_id: str, value: str, under: int | None) -> str | None:
    """What tapping this button says; None when there is no such button."""
    if under is None:
        return next((choice.label for choice in MENU if choice.value == value), None)
    message = work.mailbox.get(account_id, under)
    if message is None or message.is_said:
        return None
    choices = reply_of(message).choices
    return next((said_by_tapping(choice) for choice in choices if choice.value == value), None)


def _kept(work: Work, chat: ChatContext, account_id: str, text: str) -> str:
    """What a typed text is kept as: as much as is read of it, without personal data or codes."""
    # a little more than is kept, so that no number is cut in two before it is recognised
    screened = screen(text[: MAX_TEXT + 200], kinds=_kinds(work, chat, account_id)).text
    cut = screened if len(text) <= MAX_TEXT else screened[:MAX_TEXT].rstrip() + "…"
    return masked(cut)


def _kinds(work: Work, chat: ChatContext, account_id: str) -> frozenset[str]:
    """What is taken out: at a step that asks for contact data, those stay, as in its answer."""
    latest = work.mailbox.latest(account_id, 1)
    if not latest or latest[0].is_said:
        return frozenset(KINDS)
    reply = reply_of(latest[0])
    flow = chat.knowledge.flows.get(reply.flow or "")
    step = next((step for step in flow.steps if step.id == reply.step), None) if flow else None
    return kinds_for(step) if step else frozenset(KINDS)


def _readable(text: str) -> str:
    """A text without control characters; lines end as everywhere else."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign.isprintable() or sign in "\n\t").strip()
