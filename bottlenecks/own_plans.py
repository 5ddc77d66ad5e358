"""Taking up a region's own plan: its text is read and kept, and drafts are made of it."""

import hashlib
from dataclasses import dataclass, replace

from bottlenecks.live_content import known_now
from bottlenecks.privacy import OTHER_THAN_CONTACTS, in_words, screen
from bottlenecks.proposals import OPEN_PROPOSALS
from bottlenecks.store import Work
from bottlenecks.store.content_sources import NewPlan, PlanPassage, PlanRow
from knowledge import Knowledge
from knowledge.check_text import contacts_in
from knowledge.data import as_data
from knowledge.plan import (
    About,
    Kind,
    Match,
    Passage,
    Plan,
    can_be_drafted,
    draft_of,
    drafts_of,
    match,
    read_plan,
)

MAX_FILE_NAME = 200


class KnownPlanError(Exception):
    """The same file was taken up for this region before; `source_id` is that plan."""

    def __init__(self, source_id: str) -> None:
        """`source_id` is the plan that is there already."""
        super().__init__(source_id)
        self.source_id = source_id


@dataclass(frozen=True)
class Description:
    """What is told about a plan, beside the file: for which region, and what it is called."""

    region: str
    title: str
    publisher: str
    date: str | None = None


@dataclass(frozen=True)
class Read:
    """A plan that was read and screened, with the topics that were found in it.

    `removed` tells in Dutch what kinds of personal data were taken out.
    """

    plan: Plan
    matches: tuple[Match, ...]
    digest: str
    removed: str


@dataclass(frozen=True)
class TakenUp:
    """What became of a plan: its key, the topics with a draft, and the pieces without a topic."""

    source_id: str
    topics: tuple[str, ...]
    unmatched: tuple[Passage, ...]


def read(file: str, content: bytes, knowledge: Knowledge) -> Read:
    """Read a plan, take personal data out, and find the topics it is about.

    Needs no database, and takes seconds for a long plan.

    Raises:
        PlanError: the file cannot be used (see `read_plan`).
    """
    plan = read_plan(_short_name(file), content)
    removed: list[str] = []
    passages = []
    for passage in plan.passages:
        # full of names of organisations: only what is sure goes, as nobody can put it back
        clean = screen(passage.text, kinds=OTHER_THAN_CONTACTS, bold=False)
        removed.append(clean.removed_in_words)
        passages.append(replace(passage, text=clean.text))
    plan = replace(plan, passages=tuple(passages))
    found = match(plan, knowledge)
    return Read(plan, tuple(found), hashlib.sha256(content).hexdigest(), in_words(*removed))


def take_up(
    work: Work, knowledge: Knowledge, found: Read, about: Description, *, actor: str | None
) -> TakenUp:
    """Keep a plan, and its drafts as concepts for the region; `actor` None: on the server itself.

    Raises:
        KnownPlanError: the same file was taken up for this region before.
    """
    before = work.content_sources.same_file(about.region, found.digest)
    if before is not None:
        raise KnownPlanError(before)
    source_id = work.content_sources.new_id(about.region)
    plan = found.plan
    topics_of: dict[int, list[str]] = {}
    for one in found.matches:
        for passage in one.passages:
            topics_of.setdefault(passage.index, []).append(one.topic)
    work.content_sources.add(
        source_id,
        NewPlan(
            region=about.region,
            title=about.title,
            publisher=about.publisher,
            date=about.date,
            file=plan.file,
            digest=found.digest,
            contacts=tuple(contacts_in(plan.text)),
            notes=plan.notes,
        ),
        (
            PlanPassage(
                passage.place, passage.text, passage.page, tuple(topics_of.get(passage.index, ()))
            )
            for passage in plan.passages
        ),
        created_by=actor,
    )
    key = About(source_id, knowledge.regions[about.region], about.date)
    now = known_now(work, knowledge, about.region)
    for draft in drafts_of(found.matches, now, key):
        _keep(work, knowledge, now, draft.topic, draft.data, about.region, source_id)
    return TakenUp(
        source_id,
        tuple(one.topic for one in found.matches),
        tuple(passage for passage in plan.passages if passage.index not in topics_of),
    )


def draft_passage(work: Work, knowledge: Knowledge, plan: PlanRow, index: int, topic: str) -> str:
    """Draft a topic that an officer chose for a passage, and give the id of the proposal.

    A draft that is there and that nobody worked on gets the passage as well; one that someone did
    work on stays as it is.

    Raises:
        LookupError: there is no such passage, or no such topic to draft.
    """
    now = known_now(work, knowledge, plan.region)
    if topic not in now.topics or not can_be_drafted(now.topic(topic)):
        raise LookupError(topic)
    work.content_sources.point(plan.id, index, topic)
    about = About(plan.id, knowledge.regions[plan.region], plan.date)
    passages = [
        Passage(number, one.place, one.place, one.text, Kind.TEXT, page=one.page)
        for number, one in enumerate(work.content_sources.passages(plan.id))
        if topic in one.topics
    ]
    data = draft_of(now.topic(topic), passages, about).data
    for draft in work.content_sources.drafts(plan.id):
        if draft.topic == topic and draft.status in OPEN_PROPOSALS:
            if draft.is_untouched:
                work.content_sources.redraft(draft.id, data)
            return draft.id
    return _keep(work, knowledge, now, topic, data, plan.region, plan.id)


def _keep(
    work: Work,
    files: Knowledge,
    now: Knowledge,
    topic: str,
    data: dict[str, object],
    region: str,
    source_id: str,
) -> str:
    own = files.variants.get(region, {})
    base = {
        "geldt": as_data(now.topic(topic)),
        "bestand": as_data(own.get(topic) or files.topic(topic)),
    }
    return work.content.add_concept(topic, region, data, base=base, source_id=source_id)


def _short_name(file: str) -> str:
    """The name of a file without folders, short enough to keep."""
    name = file.replace("\\", "/").rsplit("/", 1)[-1].strip() or "plan"
    return screen(name, kinds=OTHER_THAN_CONTACTS, bold=False).text[-MAX_FILE_NAME:]
