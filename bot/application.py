"""Puts the parts together: settings, model, knowledge, database, assistant."""

import sys

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from bot.settings import Settings
from bottlenecks.privacy import warm_up
from bottlenecks.store.database import random_id
from dialogues.assistant import Assistant, AssistantError
from knowledge import load
from nlu.training import MODEL_NAME, TrainingError, is_current, train

STAGES = 4


def load_assistant(settings: Settings) -> Assistant:
    """The assistant, with a model that is trained first when it is missing or outdated.

    Raises:
        TrainingError, AssistantError, KnowledgeError: what is wrong and what to do.
    """
    knowledge = load()
    warm_up()
    if not is_current(settings.model_dir):
        train_with_progress(settings)
    model = settings.model_dir / MODEL_NAME

    def assistant() -> Assistant:
        return Assistant(model, knowledge, new_id=random_id)

    try:
        return assistant()
    except AssistantError:
        train_with_progress(settings, why="Het taalmodel is beschadigd. ")
        return assistant()


def train_with_progress(settings: Settings, why: str = "") -> None:
    """Train the model, saying so on standard error."""
    exists = (settings.model_dir / MODEL_NAME).exists()
    reason = why or ("Het taalmodel is verouderd. " if exists else "Er is nog geen taalmodel. ")
    console = Console(file=sys.stderr)
    console.print(f"{reason}Ik train het opnieuw, dat duurt ongeveer een minuut.")
    with Progress(
        TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console
    ) as progress:
        task = progress.add_task("beginnen", total=STAGES + 1)

        def on_stage(name: str) -> None:
            progress.update(task, advance=1, description=name)

        try:
            train(settings.model_dir, on_stage)
        except TrainingError as error:
            raise TrainingError(
                f"{error}. Check MODEL_DIR and the space on its disk, then run regiowijzer train"
            ) from error
        progress.update(task, completed=STAGES + 1, description="klaar")
