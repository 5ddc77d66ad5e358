"""Notices of the desk as messages in a chat."""

from bottlenecks.notices import Notice, NoticeAction
from dialogues.flows.handlers.own_reports import REACT, REOPEN, STATUS
from dialogues.rendering import TOPIC
from dialogues.reply import Choice, Reply


def as_reply(notice: Notice) -> Reply:
    """The message, with a button for each action."""
    buttons = {
        NoticeAction.REACT: Choice(label="Reageren", value=f"{REACT}{notice.reference or ''}"),
        NoticeAction.REOPEN: Choice(label="Heropenen", value=f"{REOPEN}{notice.reference or ''}"),
        NoticeAction.STATUS: Choice(label="Mijn meldingen", value=TOPIC + STATUS),
    }
    return Reply(
        text=notice.text,
        choices=tuple(buttons[action] for action in notice.actions),
        reference=notice.reference,
    )
