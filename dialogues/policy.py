"""The policy that answers any topic, so that a new topic needs no rule."""

from __future__ import annotations

from typing import Any

import nlu.rasa_compat  # noqa: F401  (must come before rasa)

from rasa.core.featurizers.tracker_featurizers import TrackerFeaturizer
from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from nlu.topics import EMERGENCY, intent_of

# above RulePolicy (6): a running flow takes the turn, whatever rule the intent has
PRIORITY = 7
# below a matching rule (1.0)
UNLESS_A_RULE = 0.6


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=False
)
class TopicPolicy(Policy):
    """Chooses: listen after an action, the running flow, or the answer to the topic."""

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        featurizer: TrackerFeaturizer | None = None,
    ) -> None:
        """Rasa makes it; nothing is learned."""
        super().__init__(config, model_storage, resource, execution_context, featurizer)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TopicPolicy:
        """Nothing was stored, so loading is making (Rasa calls this)."""
        return cls(config, model_storage, resource, execution_context)

    def train(self, *args: Any, **kwargs: Any) -> Resource:
        """Nothing to learn (Rasa asks every policy for this)."""
        return self._resource

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Its place among the policies."""
        return {"priority": PRIORITY}

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """The next action (Rasa calls this)."""
        name, confidence = self._next(tracker)
        probabilities = self._default_predictions(domain)
        probabilities[domain.index_for_action(name)] = confidence
        return self._prediction(probabilities)

    @staticmethod
    def _next(tracker: DialogueStateTracker) -> tuple[str, float]:
        if tracker.latest_action_name != "action_listen":
            return "action_listen", 1.0
        intent = (tracker.latest_message.intent or {}).get("name") if tracker.latest_message else ""
        if tracker.get_slot("flow") and intent != intent_of(EMERGENCY):
            return "action_flow", 1.0
        return "action_answer", UNLESS_A_RULE
