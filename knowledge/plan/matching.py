"""Which topics the passages of a plan are about, by the likeness of their words.

The numbers were chosen on tests/plans/voorbeeldplan.yml, a made-up plan in other words than the
source documents. Among values that did about as well there, what the source documents gave was
looked at too, so figures on those are not of texts that were never seen:
`python -m tools.evaluate_plans`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.model import Knowledge, Topic, TopicKind
from knowledge.plan.model import Passage, Plan
from knowledge.plan.phases import is_front_matter, phases_in, phases_of

# a likeness of 1 is the same text; at least this much, or it is about nothing that we know
THRESHOLD = 0.2
# a passage may be about several topics, that are nearly as like as the best of them
OF_BEST_TOPIC = 0.85
# and a topic is in several passages, that are at least half as like as the best of them
OF_BEST_PASSAGE = 0.5
WORDS, LETTERS, HEADINGS = 0.4, 0.6, 0.1

_ORDINARY = frozenset(
    "de het een en van in te dat die is op aan voor met zijn er als om ook bij of door naar "
    "uit kan kunnen dan wordt worden deze dit je jullie wij we ze zij hun zich heeft hebben "
    "moet moeten niet geen maar wel over nog na tot al hoe wat wie waar welke ben bent was "
    "waren had zo tegen onder meer via per volgens".split()
)
_ENDINGS = ("heden", "ingen", "eren", "tjes", "jes", "en", "s", "e")
_MIN_STEM = 4
Likeness = NDArray[np.float64]


@dataclass(frozen=True)
class Match:
    """A topic, the passages about it in the order of the plan, and how like the best one is."""

    topic: str
    passages: tuple[Passage, ...]
    likeness: float


def can_be_drafted(topic: Topic) -> bool:
    """Whether a plan can say something else about a topic: its answer comes from a document."""
    return topic.kind is not TopicKind.CONVERSATION and bool(topic.sources)


def match(plan: Plan, knowledge: Knowledge) -> list[Match]:
    """The topics that a plan is about, in the order in which it treats them."""
    topics = [topic for topic in knowledge.topics.values() if can_be_drafted(topic)]
    if not plan.passages or not topics:
        return []
    like = np.where(_may_be(plan.passages, topics), _likeness(plan.passages, topics), 0.0)
    chosen = (
        (like >= THRESHOLD)
        & (like >= OF_BEST_TOPIC * like.max(axis=1, keepdims=True))
        & (like >= OF_BEST_PASSAGE * like.max(axis=0, keepdims=True))
    )
    found = [
        Match(
            topic.id,
            tuple(plan.passages[row] for row in np.flatnonzero(chosen[:, column])),
            float(like[:, column].max()),
        )
        for column, topic in enumerate(topics)
        if chosen[:, column].any()
    ]
    return sorted(found, key=lambda one: (one.passages[0].index, -one.likeness))


def unmatched(plan: Plan, matches: Sequence[Match]) -> list[Passage]:
    """The passages that no topic was found for."""
    used = {passage.index for one in matches for passage in one.passages}
    return [passage for passage in plan.passages if passage.index not in used]


def _may_be(passages: Sequence[Passage], topics: Sequence[Topic]) -> NDArray[np.bool_]:
    """Which topics a passage can be about, however like: not about another phase than it names."""
    own = [phases_in(topic.title) for topic in topics]
    rows = []
    for passage in passages:
        named = phases_of(passage)
        rows.append(
            [
                not is_front_matter(passage.text)
                and not (named and phases and named.isdisjoint(phases))
                for phases in own
            ]
        )
    return np.array(rows, dtype=np.bool_)


def _likeness(passages: Sequence[Passage], topics: Sequence[Topic]) -> Likeness:
    # here, because it is large and plans are seldom read
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = [passage.text for passage in passages]
    headings = [f"{passage.heading} {passage.label}" for passage in passages]
    known = [_all_words(topic) for topic in topics]
    titles = [topic.title for topic in topics]
    total = np.zeros((len(passages), len(topics)))
    for weight, vectors in (
        (WORDS, TfidfVectorizer(analyzer=_word_pairs, sublinear_tf=True)),
        (LETTERS, TfidfVectorizer(analyzer=_letter_runs, sublinear_tf=True)),
    ):
        topic_vectors = vectors.fit_transform(known)
        total += weight * (vectors.transform(texts) @ topic_vectors.T).toarray()
        in_headings = vectors.transform(headings) @ vectors.transform(titles).T
        total += HEADINGS * weight * in_headings.toarray()
    return total


def _all_words(topic: Topic) -> str:
    facts = [fact.text for fact in topic.facts]
    return "\n".join([topic.title, topic.title, *facts, topic.answer, topic.more or ""])


def _word_pairs(text: str) -> list[str]:
    stems = _stems(text)
    return stems + [f"{first} {second}" for first, second in zip(stems, stems[1:], strict=False)]


def _letter_runs(text: str) -> list[str]:
    """Runs of three to five letters within words."""
    runs = []
    for stem in _stems(text):
        padded = f" {stem} "
        for size in (3, 4, 5):
            if len(padded) <= size:
                runs.append(padded)
                break
            runs += [padded[start : start + size] for start in range(len(padded) - size + 1)]
    return runs


def _stems(text: str) -> list[str]:
    words = re.findall(r"[a-zà-ÿ0-9]{2,}", text.casefold())
    return [_stem(word) for word in words if word not in _ORDINARY]


def _stem(word: str) -> str:
    """A word without its ending, so that one house and two houses are alike."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _MIN_STEM:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word
