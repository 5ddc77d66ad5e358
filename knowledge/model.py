"""The shapes of what is known. Keys in the YAML are Dutch, because regional officers edit them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from knowledge.flow_model import Flow, StepSource

NATIONAL = "landelijk"


class _Entry(BaseModel):
    """Base of everything read from YAML: unknown keys are faults, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class TopicKind(StrEnum):
    """How a topic is answered: one message, a step-by-step flow, or a turn of conversation."""

    ANSWER = "antwoord"
    FLOW = "flow"
    CONVERSATION = "gesprek"


class SourceRef(_Entry):
    """A place in a source document: its key in bronnen.yml and the section."""

    document: str
    section: str = Field(alias="onderdeel", min_length=1)


class Fact(_Entry):
    """One fact an answer must hold, with the strings (anchors) that prove that it does.

    An anchor is compared without regard to case; `a|b` means that either will do.
    """

    text: str = Field(alias="feit", min_length=3)
    anchors: tuple[Annotated[str, Field(min_length=1)], ...] = Field(alias="ankers", min_length=1)
    place: Literal["antwoord", "meer"] = Field(alias="waar", default="antwoord")


class Pointed(_Entry):
    """A first sentence for who told that at least `from_count` were called already."""

    sentence: str = Field(alias="zin", min_length=3)
    from_count: int = Field(alias="vanaf_aantal", ge=1)


class Topic(_Entry):
    """Something a user can ask about, and the answer in our own words.

    `dated` is the wording of the date that the first sentence of the answer must name; None for
    topics that do not age. `scope` is "landelijk", or the name of an area or a region of
    regions.yml.
    """

    id: str = Field(pattern=r"^[a-z-]+(/[a-z0-9-]+)?$")
    kind: TopicKind = Field(alias="soort")
    title: str = Field(alias="titel", max_length=45, min_length=3)
    scope: str = Field(alias="geldt_voor", default=NATIONAL)
    sources: tuple[SourceRef, ...] = Field(alias="bron", default=())
    dated: str | None = Field(alias="gedateerd", default=None)
    answer: str = Field(alias="antwoord", min_length=3)
    more: str | None = Field(alias="meer", default=None)
    facts: tuple[Fact, ...] = Field(alias="feiten", default=())
    pointed: Pointed | None = Field(alias="toegespitst", default=None)
    related: tuple[str, ...] = Field(alias="verwant", default=())

    @property
    def subject(self) -> str:
        """The part of the id before the slash; also the name of its file."""
        return self.id.split("/")[0]


class Source(_Entry):
    """A source document. `date` is None where the document has none; it is never guessed."""

    title: str = Field(alias="titel")
    publisher: str = Field(alias="uitgever")
    date: str | None = Field(alias="datum", default=None)
    dating: str | None = Field(alias="datering", default=None)
    file: str = Field(alias="bestand")
    contacts: tuple[str, ...] = Field(alias="contactgegevens", default=())

    @property
    def date_text(self) -> str:
        """The date as shown to a user, in Dutch."""
        return self.date or self.dating or "datum niet vermeld"


class Region(_Entry):
    """A region of a regional GP organisation (RHO).

    `area` is the name that a topic's scope uses. Contact, reading times, persons and other contacts
    are None until a regional officer fills them in at the desk, because no source gives them; so
    are the phase of scaling up that is in force now (an id of fasen.yml), since when, and a short
    notice with it.
    """

    id: str = Field(pattern=r"^[a-z-]+$")
    name: str = Field(alias="naam")
    area: str = Field(alias="gebied")
    organisation: str | None = Field(alias="organisatie", default=None)
    contact: str | None = Field(alias="contact", default=None)
    reading_times: str | None = Field(alias="leestijden", default=None)
    places: tuple[str, ...] = Field(alias="plaatsen", default=())
    aliases: tuple[str, ...] = Field(alias="ook", default=())
    phase: str | None = Field(alias="fase", default=None)
    phase_since: str | None = Field(alias="fase_sinds", default=None)
    phase_notice: str | None = Field(alias="fase_bericht", default=None)
    persons: str | None = Field(alias="personen", default=None)
    other_contacts: str | None = Field(alias="andere_contacten", default=None)


class Insurer(_Entry):
    """A large regional health insurer (noodplan, bijlage 1).

    `contact` says how to reach its care mediation (zorgbemiddeling); None until a regional
    officer fills it in, because no source gives it.
    """

    id: str = Field(pattern=r"^[a-z-]+$")
    name: str = Field(alias="naam")
    contact: str | None = Field(alias="contact", default=None)
    aliases: tuple[str, ...] = Field(alias="ook", default=())


class Measure(_Entry):
    """A measure that an emergency plan can hold (noodplan, section 3.3).

    `available` says what must be there for it, `conditions` what the guide asks to arrange.
    """

    id: str = Field(pattern=r"^[a-z0-9-]{1,30}$")
    name: str = Field(alias="naam", max_length=45)
    available: str = Field(alias="beschikbaar", max_length=45)
    what: str = Field(alias="wat")
    conditions: tuple[str, ...] = Field(alias="voorwaarden", min_length=1)
    aliases: tuple[str, ...] = Field(alias="ook", default=())
    sources: tuple[StepSource, ...] = Field(alias="bron", min_length=1)


class Phase(_Entry):
    """A phase of the scaling plan of Zuid-Limburg (plan for January-February 2022).

    What it means for a day practice and for the out-of-hours post, what is arranged inside and
    agreed outside, and which parties are informed.
    """

    id: str = Field(pattern=r"^\d[a-d]?$")
    name: str = Field(alias="naam", max_length=40)
    day_practice: str = Field(alias="dagpraktijk")
    post: str = Field(alias="huisartsenpost")
    inside: str = Field(alias="intern")
    outside: str = Field(alias="extern")
    informed: tuple[str, ...] = Field(alias="informeren", default=())
    sources: tuple[StepSource, ...] = Field(alias="bron", min_length=1)


class TippingPoint(_Entry):
    """A reason to scale up (kantelpunt), and which reports speak to it.

    `categories` and `severities` are ids of the lists of a report; no severities: of any.
    """

    id: str = Field(pattern=r"^[a-z-]{1,30}$")
    name: str = Field(alias="naam", max_length=40)
    categories: tuple[str, ...] = Field(alias="soorten", min_length=1)
    severities: tuple[str, ...] = Field(alias="ernst", default=())
    sources: tuple[StepSource, ...] = Field(alias="bron", min_length=1)


class ReadyText(_Entry):
    """A text in our own words to copy or forward; what stands between [ ] is filled in."""

    id: str = Field(pattern=r"^[a-z-]{1,30}$")
    title: str = Field(alias="titel", max_length=35)
    audience: str = Field(alias="voor")
    text: str = Field(alias="tekst", min_length=10)


class Role(_Entry):
    """What someone works as; `menu` are the topics that are offered to them first."""

    id: str = Field(pattern=r"^[a-z-]{1,24}$")
    name: str = Field(alias="naam")
    aliases: tuple[str, ...] = Field(alias="ook", default=())
    menu: tuple[str, ...] = Field(default=())


@dataclass(frozen=True)
class Knowledge:
    """Everything that is known, with its revision (a hash of the files it came from).

    `variants` are topics, by region and id, that hold there instead of those for everyone.
    """

    topics: Mapping[str, Topic]
    sources: Mapping[str, Source]
    regions: Mapping[str, Region]
    other_places: tuple[str, ...]
    ambiguous_places: frozenset[str]
    insurers: Mapping[str, Insurer]
    flows: Mapping[str, Flow]
    measures: Mapping[str, Measure]
    phases: Mapping[str, Phase]
    tipping_points: Mapping[str, TippingPoint]
    texts: Mapping[str, ReadyText]
    roles: Mapping[str, Role]
    revision: str
    variants: Mapping[str, Mapping[str, Topic]] = field(default_factory=dict)

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """Ids of topics by their title, as `bare_title` gives it; the first of two alike."""
        found: dict[str, str] = {}
        for topic in self.topics.values():
            found.setdefault(bare_title(topic.title), topic.id)
        return found

    def topic(self, topic_id: str) -> Topic:
        """The topic with this id.

        Raises:
            KeyError: there is no such topic.
        """
        return self.topics[topic_id]


def bare_title(text: str) -> str:
    """A title as it is compared with what was typed: in small letters, without its last mark."""
    return text.lower().rstrip(" ?.!")


def revision_of(contents: Mapping[str, bytes]) -> str:
    """A short hash over file names and contents; changes when any file changes."""
    digest = hashlib.sha256()
    for name in sorted(contents):
        digest.update(name.encode() + b"\0" + contents[name] + b"\0")
    return digest.hexdigest()[:12]
