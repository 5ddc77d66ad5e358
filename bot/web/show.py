"""Makes of stored messages what a page shows: blocks, buttons, days, and what is left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from bot.web.blocks import Block, plain_lines, read_blocks
from bottlenecks.dates import AMSTERDAM, written
from bottlenecks.store.mailbox import Message
from dialogues.flows import inputs
from dialogues.reply import Choice, Reply, source_lines

DAYS = "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag".split()
# a button that can be ticked begins with one of these
TICKED, OPEN = "☑ ", "☐ "
FLIPPED = {TICKED: OPEN, OPEN: TICKED}
# how many messages before one decide how it is shown
CONTEXT = 8

UNREADABLE = Reply(text="Dit bericht kan ik niet meer tonen.")

QUIET = (
    inputs.STOP,
    inputs.BACK,
    inputs.SKIP,
    inputs.LEAVE,
    inputs.EXPLAIN,
    inputs.CHANGE,
    inputs.ANONYMOUS,
    inputs.TAKE_OUT,
    inputs.RESTORE,
)
MAIN = (inputs.FINISH, inputs.SEND)


@dataclass(frozen=True)
class Button:
    """A choice, and what tapping it `says`.

    `ticked` is None unless it can be ticked; `weight` is plain, quiet or main.
    """

    label: str
    value: str
    says: str
    ticked: bool | None = None
    weight: str = "plain"


@dataclass(frozen=True)
class Attachment:
    """A file to download: its number within the message, and its name."""

    number: int
    name: str


@dataclass(frozen=True)
class Shown:
    """A message as it is shown.

    Attributes:
        at: the moment, Dutch time; `day` is its date, and `day_label` says it before the first
            message of a day.
        copyable: the text that is meant to be copied as it is; `blocks` is empty then.
        copy_title: what that text is called, if it has a name.
        in_flow: a step of a procedure; its buttons work only while it is the current step.
        is_live: its buttons are on the screen: nothing was said after it, and no next step came.
        is_tick: the user ticked a box, which its list shows again.
        is_left_out: a later message says the same; `replaces` has the ids that this one leaves out.
    """

    id: int
    is_said: bool
    at: datetime
    day: str
    day_label: str | None
    blocks: tuple[Block, ...]
    copyable: str | None
    copy_title: str | None
    sources: tuple[str, ...]
    links: tuple[str, ...]
    files: tuple[Attachment, ...]
    buttons: tuple[Button, ...]
    in_flow: bool
    is_live: bool
    is_tick: bool
    is_left_out: bool
    replaces: tuple[int, ...]


def reply_of(message: Message) -> Reply:
    """The reply that a message holds; one that an other version wrote may not be readable."""
    try:
        return Reply.model_validate_json(message.payload)
    except ValidationError:
        return UNREADABLE


def said_by_tapping(choice: Choice) -> str:
    """What a tap says: the button's label, a box as it is after the tap."""
    box = choice.label[:2]
    return FLIPPED[box] + choice.label[2:] if box in FLIPPED else choice.label


def show(
    messages: Sequence[Message],
    *,
    before: Sequence[Message] = (),
    after: Sequence[Message] = (),
    on_top: bool = False,
    titles: Mapping[str, str] | None = None,
) -> list[Shown]:
    """The messages as a page shows them; `before` and `after` are what was said around them.

    `on_top`: nothing stands above them, so that the first says its day. `titles` names texts that
    are meant to be copied.
    """
    whole = [*before, *messages, *after]
    thread = _Thread(whole)
    left_out = {place: thread.left_out_by(place) for place in range(len(whole))}
    gone = {id_ for ids in left_out.values() for id_ in ids}
    shown = []
    for place in range(len(before), len(before) + len(messages)):
        message, reply = whole[place], thread.replies[place]
        at = message.created_at.astimezone(AMSTERDAM)
        new_day = (
            place == (len(before) if on_top else 0)
            or whole[place - 1].created_at.astimezone(AMSTERDAM).date() != at.date()
        )
        shown.append(
            Shown(
                id=message.id,
                is_said=message.is_said,
                at=at,
                day=at.date().isoformat(),
                day_label=day_label(at) if new_day else None,
                blocks=_blocks(message, reply),
                copyable=reply.text if reply and reply.copyable else None,
                copy_title=(titles or {}).get(reply.text.strip()) if reply else None,
                sources=tuple(source_lines(reply.sources)) if reply else (),
                links=tuple(link for link in reply.links if _is_web(link)) if reply else (),
                files=_files(reply),
                buttons=tuple(_button(choice) for choice in reply.choices) if reply else (),
                in_flow=reply is not None and reply.step is not None,
                is_live=thread.is_live(place),
                is_tick=thread.is_tick(place),
                is_left_out=message.id in gone,
                replaces=left_out[place],
            )
        )
    return shown


def day_label(at: datetime) -> str:
    """A day in words: "maandag 2 maart 2026"."""
    return f"{DAYS[at.weekday()]} {written(at)}"


def _blocks(message: Message, reply: Reply | None) -> tuple[Block, ...]:
    if reply is None:
        return plain_lines(message.payload)
    return () if reply.copyable else read_blocks(reply.text)


def _files(reply: Reply | None) -> tuple[Attachment, ...]:
    files = reply.files if reply else ()
    return tuple(Attachment(number, file.name) for number, file in enumerate(files))


def _button(choice: Choice) -> Button:
    box = choice.label[:2]
    if box in FLIPPED:
        return Button(choice.label[2:], choice.value, said_by_tapping(choice), ticked=box == TICKED)
    # of a flow's button the last part says what it does
    parts = choice.value.split(":", 3)
    given = parts[3] if len(parts) == 4 and parts[0] == inputs.PREFIX else ""
    weight = "main" if given in MAIN else "quiet" if given in QUIET else "plain"
    return Button(choice.label, choice.value, choice.label, weight=weight)


class _Thread:
    """Messages in their order, and what each means for the others."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self._messages = messages
        self.replies = [None if message.is_said else reply_of(message) for message in messages]
        places = range(len(messages))
        said = [place for place in places if self.replies[place] is None]
        self._last_said = max((place for place in said if not self.is_tick(place)), default=-1)
        steps = [place for place in places if (reply := self.replies[place]) and reply.step]
        self._last_step = max(steps, default=-1)

    def is_live(self, place: int) -> bool:
        """Whether the buttons of this message are on the screen."""
        reply = self.replies[place]
        if reply is None or place < self._last_said:
            return False
        return reply.step is None or place == self._last_step

    def is_tick(self, place: int) -> bool:
        """Whether this was said by ticking a box of the reply before it."""
        before = self._reply_before(place)
        if self.replies[place] is not None or before is None:
            return False
        return self._messages[place].payload in _ticks(self.replies[before])

    def left_out_by(self, place: int) -> tuple[int, ...]:
        """Ids that need not be shown any more because of the message at `place`.

        Each tick gives the whole list of boxes again: the ticks go, and the lists between the
        first, which explains them, and the last.
        """
        if not self._repeats(place):
            return ()
        before = self._reply_before(place) or 0
        first = before if self._repeats(before) else before + 1
        return tuple(message.id for message in self._messages[first:place])

    def _repeats(self, place: int) -> bool:
        """Whether the message at `place` shows a step again because boxes were ticked."""
        now, before = self.replies[place], self._reply_before(place)
        if now is None or now.step is None or before is None or not _ticks(now):
            return False
        earlier = self.replies[before]
        if earlier is None or (earlier.flow, earlier.step) != (now.flow, now.step):
            return False
        return all(self.is_tick(between) for between in range(before + 1, place))

    def _reply_before(self, place: int) -> int | None:
        return next((p for p in range(place - 1, -1, -1) if self.replies[p] is not None), None)


def _ticks(reply: Reply | None) -> set[str]:
    """What is said by ticking the boxes of a reply."""
    choices = reply.choices if reply else ()
    return {said_by_tapping(choice) for choice in choices if choice.label[:2] in FLIPPED}


def _is_web(link: str) -> bool:
    return link.startswith(("https://", "http://"))
