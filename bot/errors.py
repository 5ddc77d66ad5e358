"""The problems an operator can solve: shown as one line, without a traceback."""

from bot.dead_letters_command import DeadLettersError
from bot.knowledge_command import DraftError
from bot.serve import ExampleLoginError, NothingToServeError
from bot.settings import SettingsError
from bot.telegram import PollingStopped
from bot.users import UsersError
from bot.web.server import WebServerError
from bot.working import WorkersError
from bottlenecks.crypto import SecretKeyError
from bottlenecks.store import DatabaseError
from bottlenecks.store.backup import BackupError
from dialogues.assistant import AssistantError
from knowledge import KnowledgeError
from nlu.learning import LearningError
from nlu.training import TrainingError

KNOWN = (
    SettingsError,
    DatabaseError,
    BackupError,
    SecretKeyError,
    KnowledgeError,
    AssistantError,
    TrainingError,
    LearningError,
    NothingToServeError,
    WorkersError,
    ExampleLoginError,
    PollingStopped,
    WebServerError,
    UsersError,
    DeadLettersError,
    DraftError,
)


def is_known(error: Exception) -> bool:
    """Whether the message of `error` already says what to do."""
    return isinstance(error, KNOWN)
