"""The states of a proposal for another text, and what an officer may do with it."""

from enum import StrEnum


class ProposalStatus(StrEnum):
    """Where a proposal stands; the value is stored.

    One that is approved is live, unless it says "back to the files"; the one before it, of the same
    topic and region, is replaced from then on.
    """

    CONCEPT = "concept"
    PROPOSED = "voorgesteld"
    APPROVED = "goedgekeurd"
    REJECTED = "afgewezen"
    WITHDRAWN = "ingetrokken"
    REPLACED = "vervangen"


STATUS_LABELS = {
    ProposalStatus.CONCEPT: "concept",
    ProposalStatus.PROPOSED: "wacht op goedkeuring",
    ProposalStatus.APPROVED: "goedgekeurd",
    ProposalStatus.REJECTED: "afgewezen",
    ProposalStatus.WITHDRAWN: "ingetrokken",
    ProposalStatus.REPLACED: "vervangen",
}

# nothing was decided yet: the text can still be changed
OPEN_PROPOSALS = frozenset({ProposalStatus.CONCEPT, ProposalStatus.PROPOSED})


class DecisionError(Exception):
    """A proposal cannot be decided on like this; the message is for an officer, in Dutch."""


class SamePersonError(DecisionError):
    """Who proposed a text does not approve or reject it."""


class ProposalChangedError(Exception):
    """Someone else changed or decided the proposal since it was looked at."""
