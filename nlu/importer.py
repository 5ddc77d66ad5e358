"""Reads the training data as Rasa does, and takes the intents from it: no list to keep by hand."""

import nlu.rasa_compat  # noqa: F401  (must come before rasa)

from rasa.shared.core.domain import Domain
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.topics import CLARIFY_INTENT, TAP_INTENT


class TopicImporter(RasaFileImporter):
    """Adds every topic that has training sentences to the domain's intents."""

    _nlu_data: TrainingData | None = None

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """The training sentences; Rasa asks for them five times, and reading takes seconds."""
        if self._nlu_data is None:
            self._nlu_data = super().get_nlu_data(language)
        return self._nlu_data

    def get_domain(self) -> Domain:
        """The domain file with the intents of the training data."""
        domain = super().get_domain()
        intents = sorted({*self.get_nlu_data().intents, CLARIFY_INTENT, TAP_INTENT})
        return domain.merge(Domain.from_dict({"intents": intents}))
