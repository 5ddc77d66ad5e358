"""The components of the Rasa pipeline in config.yml: topic classifier and decision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import nlu.rasa_compat  # noqa: F401  (must come before rasa)

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.danger import LIKELY, Danger, DangerModel, danger_in, danger_sentences, tells_of_past
from nlu.decision import Candidate, Outcome, Thresholds, decide
from nlu.model import TopicModel, Tuning, as_text, as_texts
from nlu.normalise import written_out
from nlu.progress import step
from nlu.segments import sentences
from nlu.spacy_pipeline import load_pipeline, pipeline_info
from nlu.topics import CLARIFY_INTENT, EMERGENCY, OUT_OF_SCOPE, intent_of, topic_of
from nlu.vague import VagueWords

RANKING = "intent_ranking"
RANKING_LENGTH = 6
VAGUE = "vague"
DANGER = "danger"
# folder of the danger model within that of the classifier
DANGER_FOLDER = "danger"
# intents of which a sentence may well tell of danger; no examples of what does not
_NEAR_DANGER = (intent_of(EMERGENCY), intent_of("gesprek/medisch-advies"))
# of the messages about our topics every so many is enough to learn what is ordinary
_ORDINARY_STEP = 4
# sentences after these are not looked at by themselves
MAX_SENTENCES = 10
# words of a message that has little to be judged by
_SHORT = 5


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(GraphComponent):
    """Gives a message its ranking of topics (see nlu/model.py)."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        """An untrained classifier; `config` holds the fields of `Tuning`."""
        self._storage = storage
        self._resource = resource
        tuning = {key: config[key] for key in Tuning.__dataclass_fields__ if key in config}
        self._model = TopicModel(Tuning(**tuning))
        self._vague = VagueWords()
        self._danger = DangerModel()

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Defaults of `Tuning`."""
        return {key: field.default for key, field in Tuning.__dataclass_fields__.items()}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TopicClassifier:
        """Make an untrained component (Rasa calls this)."""
        return cls(config, model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Lemmas of another pipeline make another model."""
        return str(pipeline_info())

    def train(self, training_data: TrainingData) -> Resource:
        """Train on all sentences and keep the model."""
        examples = [m for m in training_data.intent_examples if m.get(TEXT) and m.get(INTENT)]
        texts = [example.get(TEXT) for example in examples]
        with step(f"{len(texts)} zinnen ontleden"):
            prepared = as_texts(texts, load_pipeline().lemmas_of_many)
        with step("model berekenen"):
            labels = [example.get(INTENT) for example in examples]
            self._model.fit(prepared, labels)
            self._vague = VagueWords.learned([words.split() for words, _ in prepared], labels)
        with step("gevaar leren herkennen"):
            self._danger.fit(list(danger_sentences()), _ordinary(texts, labels))
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
            self._vague.save(folder)
            self._danger.save(folder / DANGER_FOLDER)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TopicClassifier:
        """Read a trained component (Rasa calls this)."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._model = TopicModel.load(folder, component._model.tuning)
            component._vague = VagueWords.load(folder)
            component._danger = DangerModel.load(folder / DANGER_FOLDER)
        load_pipeline()
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the ranking and the most probable intent of each message."""
        pipeline = load_pipeline()
        for message in messages:
            text = written_out(message.get(TEXT) or "")
            lemmas = pipeline.lemmas(text)
            prepared = as_text(lemmas, text)
            ranking = [
                {"name": name, "confidence": confidence}
                for name, confidence in self._model.ranking(prepared, RANKING_LENGTH)
            ]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(RANKING, ranking, add_to_output=True)
            message.set(VAGUE, self._vague.is_vague(lemmas))
            whole = message.get(TEXT) or ""
            parts = sentences(whole)[:MAX_SENTENCES]
            looked_at = [whole, *parts] if len(parts) > 1 else [whole]
            danger = max(self._danger.probability(part) for part in looked_at)
            message.set(DANGER, danger, add_to_output=True)
        return messages


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Decision(GraphComponent):
    """Sets the intent to what the assistant should do: a topic, clarify, or out of scope."""

    def __init__(self, config: dict[str, Any]) -> None:
        """`config` holds the fields of `Thresholds`."""
        names = Thresholds.__dataclass_fields__
        self._thresholds = Thresholds(**{key: config[key] for key in names if key in config})

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Defaults of `Thresholds`."""
        return {key: field.default for key, field in Thresholds.__dataclass_fields__.items()}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Decision:
        """Make the component (Rasa calls this)."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Replace the most probable intent by the decision."""
        for message in messages:
            ranking = message.get(RANKING) or []
            if ranking:
                message.set(INTENT, self._decided(message, ranking), True)
        return messages

    def _decided(self, message: Message, ranking: list[dict[str, Any]]) -> dict[str, Any]:
        text = message.get(TEXT) or ""
        best: dict[str, Any] = ranking[0]
        if self._is_danger(message, best) is Danger.NOW:
            return {"name": intent_of(EMERGENCY), "confidence": 1.0}
        if not any(character.isalpha() for character in text):
            return {"name": OUT_OF_SCOPE, "confidence": 1.0}
        unsure = tells_of_past(text) or (message.get(DANGER) or 0.0) < LIKELY
        if topic_of(best["name"]) == EMERGENCY and unsure:
            return {"name": CLARIFY_INTENT, "confidence": best["confidence"]}
        small_talk = topic_of(best["name"]).startswith("gesprek/")
        if message.get(VAGUE) and best["name"] != OUT_OF_SCOPE and not small_talk:
            return {"name": CLARIFY_INTENT, "confidence": best["confidence"]}
        candidates = [Candidate(topic_of(r["name"]), r["confidence"]) for r in ranking]
        match decide(candidates, self._thresholds):
            case Outcome.CLARIFY:
                return {"name": CLARIFY_INTENT, "confidence": best["confidence"]}
            case Outcome.DECLINE:
                declined = [r for r in ranking if r["name"] == OUT_OF_SCOPE]
                return {
                    "name": OUT_OF_SCOPE,
                    "confidence": declined[0]["confidence"] if declined else 0.0,
                }
        return best

    def _is_danger(self, message: Message, best: dict[str, Any]) -> Danger:
        topic = topic_of(best["name"])
        ours = topic != OUT_OF_SCOPE and not topic.startswith("gesprek/")
        surely_ours = ours and best["confidence"] >= self._thresholds.answer
        probability = message.get(DANGER) or 0.0
        return danger_in(message.get(TEXT) or "", probability, surely_ours=surely_ours)


def _ordinary(texts: Sequence[str], labels: Sequence[str]) -> list[str]:
    """Messages without danger: small talk, not ours, short ones, and some of the rest."""
    pairs = list(zip(texts, labels, strict=True))
    near = [text for text, label in pairs if label not in _NEAR_DANGER and _is_loose(label)]
    ours = [text for text, label in pairs if not _is_loose(label)]
    short = [text for text in ours if len(text.split()) <= _SHORT]
    longer = [text for text in ours if len(text.split()) > _SHORT]
    return [*near, *short, *longer[::_ORDINARY_STEP]]


def _is_loose(intent: str) -> bool:
    topic = topic_of(intent)
    return topic == OUT_OF_SCOPE or topic.startswith("gesprek/")
