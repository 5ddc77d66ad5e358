"""A region's own plan: read it, split it into sections, match them to topics, write drafts."""

from knowledge.plan.drafts import About, Draft, draft_of, drafts_of
from knowledge.plan.matching import Match, can_be_drafted, match, unmatched
from knowledge.plan.model import Kind, Passage, Plan, PlanError
from knowledge.plan.reading import MAX_BYTES, read_plan

__all__ = [
    "MAX_BYTES",
    "About",
    "Draft",
    "Kind",
    "Match",
    "Passage",
    "Plan",
    "PlanError",
    "can_be_drafted",
    "draft_of",
    "drafts_of",
    "match",
    "read_plan",
    "unmatched",
]
