"""What flows need beside their steps, by the name that their files give it (`afhandeling`)."""

from dialogues.flows.handlers.base import Handler
from dialogues.flows.handlers.phases import PhasesHandler
from dialogues.flows.handlers.plan import ChecklistHandler, PlanHandler
from dialogues.flows.handlers.procedures import (
    HomeCareHandler,
    MeasuresHandler,
    OverflowHandler,
    ProfileHandler,
)
from dialogues.flows.handlers.reports import (
    AdditionHandler,
    ReopeningHandler,
    ReportHandler,
    WithdrawalHandler,
)
from knowledge.flow_model import Flow

_PLAIN = Handler()
_HANDLERS: dict[str, Handler] = {
    "report": ReportHandler(),
    "addition": AdditionHandler(),
    "reopening": ReopeningHandler(),
    "withdrawal": WithdrawalHandler(),
    "home-care": HomeCareHandler(),
    "checklist": ChecklistHandler(),
    "plan": PlanHandler(),
    "measures": MeasuresHandler(),
    "phases": PhasesHandler(),
    "overflow": OverflowHandler(),
    "profile": ProfileHandler(),
}
NAMES = frozenset(_HANDLERS)


def handler_of(flow: Flow) -> Handler:
    """The handler that the flow names, or a plain one.

    Raises:
        KeyError: there is no such handler.
    """
    return _HANDLERS[flow.handler] if flow.handler else _PLAIN
