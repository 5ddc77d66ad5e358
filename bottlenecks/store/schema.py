"""The revisions of the schema that this version of the program knows."""

from alembic.config import Config
from alembic.script import ScriptDirectory

from bottlenecks.store.database import MIGRATIONS


def known_revisions() -> set[str]:
    """All revisions, earlier ones too."""
    return {step.revision for step in _steps().walk_revisions()}


def newest_revision() -> str:
    """The revision to which a database is brought when it is opened."""
    return _steps().get_current_head() or ""


def _steps() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config)
