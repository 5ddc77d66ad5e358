"""What goes in and out of a conversation, the same for every channel."""

import base64
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

# Telegram allows 64 bytes in a button; values are made to fit
MAX_VALUE_BYTES = 64


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Incoming(_Message):
    """What a user did: typed `text`, or tapped a button whose value is `choice`."""

    text: str = ""
    choice: str | None = None


def _fits_in_a_button(value: str) -> str:
    if len(value.encode()) > MAX_VALUE_BYTES:
        raise ValueError(f"a button's value has at most {MAX_VALUE_BYTES} bytes")
    return value


class Choice(_Message):
    """A button: what it says, and what tapping it sends back (at most 64 bytes)."""

    label: str
    value: Annotated[str, AfterValidator(_fits_in_a_button)]


class SourceLine(_Message):
    """The source of an answer, as shown."""

    title: str
    publisher: str
    section: str
    date: str


class File(_Message):
    """A file that goes with a reply: its name, its media type, and its content in base64."""

    name: str
    media_type: str
    content: str

    @classmethod
    def of(cls, name: str, media_type: str, content: bytes) -> "File":
        """A file with this content."""
        return cls(name=name, media_type=media_type, content=base64.b64encode(content).decode())

    def as_bytes(self) -> bytes:
        """The content."""
        return base64.b64decode(self.content)


class Reply(_Message):
    """One message of the assistant.

    `topic`, `flow`, `step` and `reference` say what it is about, for programs that read replies;
    `links` are URLs, `files` go along. `copyable` marks a text that is meant to be copied or
    forwarded as it is.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    sources: tuple[SourceLine, ...] = ()
    links: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    copyable: bool = False
    topic: str | None = None
    flow: str | None = None
    step: str | None = None
    reference: str | None = None


def source_lines(sources: tuple[SourceLine, ...]) -> list[str]:
    """Sources as shown: one line per document, with all its sections."""
    sections: dict[tuple[str, str, str], list[str]] = {}
    for source in sources:
        sections.setdefault((source.title, source.publisher, source.date), []).append(
            source.section
        )
    return [
        f"{title} ({publisher}), onderdeel {' en '.join(dict.fromkeys(parts))}, {date}"
        for (title, publisher, date), parts in sections.items()
    ]
