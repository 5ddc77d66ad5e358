"""Texts that officers approved, laid over those of the files; one that does not fit is left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from pydantic import ValidationError

from knowledge.messages import in_dutch
from knowledge.model import Knowledge, Source, Topic


@dataclass(frozen=True)
class LiveText:
    """An approved text for a topic, in one region or (None) for everyone.

    `id` stands for its data: it never gets other data.
    """

    id: str
    topic: str
    region: str | None
    data: Mapping[str, Any] = field(compare=False, repr=False)


class MisfitError(ValueError):
    """A text does not fit what the assistant knows; the message says why, in Dutch."""


def overlaid(
    knowledge: Knowledge,
    texts: Sequence[LiveText],
    region: str | None = None,
    sources: Mapping[str, Source] | None = None,
) -> Knowledge:
    """The knowledge for who works in `region` (None: not known), with what officers approved.

    What was approved for the region wins from its text in the files, that from what was approved
    for everyone, and that from the files. `sources` are those that are not in the files.
    """
    files = knowledge.variants.get(region or "", {})
    if not texts and not files and not sources:
        return knowledge
    complete = replace(knowledge, sources={**(sources or {}), **knowledge.sources})
    topics = dict(knowledge.topics)
    for wanted in (None, region):
        if wanted is not None:
            topics.update({id_: topic for id_, topic in files.items() if id_ in topics})
        for text in texts:
            if text.region == wanted:
                try:
                    topics[text.topic] = fitted(text, complete)
                except MisfitError:
                    continue
    return replace(complete, topics=topics)


def fitted(text: LiveText, knowledge: Knowledge) -> Topic:
    """The text as a topic; `knowledge` has all sources.

    Raises:
        MisfitError: the files or the models changed since it was approved.
    """
    known = knowledge.topics.get(text.topic)
    if known is None:
        raise MisfitError("dit onderwerp bestaat niet meer")
    topic = _validated(text)
    if topic.id != known.id or topic.kind is not known.kind:
        raise MisfitError(f"dit onderwerp is nu van soort {known.kind.value}")
    for ref in topic.sources:
        if ref.document not in knowledge.sources:
            raise MisfitError(f"bron '{ref.document}' bestaat niet meer")
    for related in topic.related:
        if related not in knowledge.topics:
            raise MisfitError(f"verwant onderwerp '{related}' bestaat niet meer")
    return topic


@lru_cache(maxsize=1024)
def _validated(text: LiveText) -> Topic:
    try:
        return Topic.model_validate(dict(text.data))
    except ValidationError as error:
        raise MisfitError("; ".join(_problem(problem) for problem in error.errors())) from error


def _problem(problem: Mapping[str, Any]) -> str:
    where = ".".join(str(part) for part in problem["loc"])
    return f"{where}: {in_dutch(problem['type'], problem.get('ctx') or {}, problem['msg'])}"
