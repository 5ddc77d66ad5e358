"""The `regiowijzer` command."""

import asyncio
import gc
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from bot import backup, dead_letters_command, knowledge_command, learn, retention_command, users
from bot.settings import ROOT, Settings, load_settings

app = typer.Typer(
    help="Regiowijzer: regionale afspraken voor huisartsen, met de bron erbij.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(knowledge_command.app, name="knowledge")
app.add_typer(learn.app, name="learn")
app.add_typer(users.app, name="users")
app.command()(retention_command.retention)
app.command()(dead_letters_command.dead_letters)
app.command()(backup.backup)
app.command()(backup.restore)
DEFAULT_SOURCES = ROOT.parent / "shared" / "bronnen"


def main() -> None:
    """Run the command; a known problem becomes one line and exit status 1."""
    try:
        app()
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has left
    except Exception as error:
        from bot.errors import is_known  # here, because it loads half of the program

        first = error.exceptions[0] if isinstance(error, ExceptionGroup) else error
        if not is_known(first):
            raise
        _fail(str(first))


def _fail(message: str) -> None:
    # drivers of databases explain themselves in several lines
    print(f"regiowijzer: {' '.join(message.split())}", file=sys.stderr)
    sys.exit(1)


@app.command()
def chat(
    as_json: Annotated[
        bool, typer.Option("--json", help="One message per line in, one JSON object per line out.")
    ] = False,
    conversation: Annotated[
        str | None, typer.Option(help="Continue the conversation with this id.")
    ] = None,
) -> None:
    """Chat in the terminal; buttons are numbers."""
    from bot.application import load_assistant
    from bot.opening import configure_logging, open_store
    from bot.terminal import CHANNEL, WELCOME, Terminal, read_payload
    from bot.worker import Worker

    settings = load_settings()
    configure_logging(settings)
    with open_store(settings) as database:
        assistant = load_assistant(settings)
        worker = Worker(
            database,
            assistant,
            {CHANNEL: read_payload},
            keep_closed_reports_days=settings.keep_closed_reports_days,
        )
        terminal = Terminal(
            database,
            worker,
            conversation_id=conversation,
            as_json=as_json,
            folder=settings.data_dir / "documenten",
        )
        if not terminal.knows_conversation():
            _fail(f"there is no conversation {conversation} here; leave --conversation out")
        if not as_json:
            print(WELCOME)
        terminal.resume()
        _read_lines(terminal.say, prompt="" if as_json else "\n> ")
        if not as_json and terminal.conversation_id:
            print(f"\nVerdergaan: regiowijzer chat --conversation {terminal.conversation_id}")


def _read_lines(handle: Callable[[str], None], prompt: str) -> None:
    while True:
        if prompt:
            print(prompt, end="", flush=True)
        try:
            line = sys.stdin.buffer.readline()
        except KeyboardInterrupt:
            return
        if not line:
            return
        handle(line.decode("utf-8", errors="replace").rstrip("\r\n"))


@app.command()
def ask(
    text: Annotated[str | None, typer.Argument(help="The question.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Ask one question, or one per line from standard input; nothing is kept."""
    from bot import ask as one_shot
    from bot.application import load_assistant
    from bot.opening import configure_logging
    from bot.terminal import as_text

    settings = load_settings()
    configure_logging(settings)
    assistant = load_assistant(settings)

    def answer(question: str) -> None:
        if as_json or text is None:
            print(json.dumps(one_shot.as_json(assistant, question), ensure_ascii=False), flush=True)
            return
        for reply in one_shot.ask(assistant, question).replies:
            print(as_text(reply))

    if text is not None:
        answer(text)
    else:
        _read_lines(answer, prompt="")


@app.command()
def screen(
    text: Annotated[str | None, typer.Argument(help="The text of a report.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per text.")] = False,
) -> None:
    """Read what a report is about, or one per line from standard input; nothing is kept."""
    from bot import ask as one_shot
    from bot.application import load_assistant
    from bot.opening import configure_logging

    settings = load_settings()
    configure_logging(settings)
    assistant = load_assistant(settings)

    def show(report: str) -> None:
        found = one_shot.report_as_json(assistant, report)
        if as_json:
            print(json.dumps(found, ensure_ascii=False), flush=True)
            return
        for name in ("category", "region", "severity"):
            doubt = ", to be asked" if name in found["unsure"] else ""
            print(f"{name}: {found[name] or 'none'} ({found['confidence'][name]:.2f}{doubt})")
        print(f"redacted: {found['redacted']}")

    if text is not None:
        show(text)
    else:
        _read_lines(show, prompt="")


@app.command()
def serve() -> None:
    """Run chat and desk in the browser, and Telegram when it is configured, until stopped."""
    gc.disable()
    from bot.application import load_assistant
    from bot.logs import catch_what_python_prints
    from bot.opening import configure_logging, open_store
    from bot.serve import serve as run

    settings = load_settings()
    configure_logging(settings)
    catch_what_python_prints()
    with open_store(settings) as database:
        assistant = load_assistant(settings)
        _loaded()
        asyncio.run(run(settings, database, assistant, on_web=_say_address))


@app.command()
def worker() -> None:
    """Handle messages beside `serve`, until stopped; any number of these, on PostgreSQL."""
    gc.disable()
    from bot.application import load_assistant
    from bot.opening import configure_logging, open_store
    from bot.working import require_shared, run

    settings = load_settings()
    configure_logging(settings)
    require_shared(settings)
    with open_store(settings) as database:
        assistant = load_assistant(settings)
        _loaded()
        asyncio.run(run(settings, database, assistant, on_ready=_say_working))


def _loaded() -> None:
    """From here there is garbage; while all is loaded, looking for it only costs time."""
    gc.freeze()
    gc.enable()


def _say_working() -> None:
    print("Working. Stop: Ctrl-C", flush=True)


def _say_address(url: str) -> None:
    print(f"Chat: {url}/chat    Desk: {url}/beheer    Stop: Ctrl-C", flush=True)


@app.command()
def demo() -> None:
    """Serve with example reports and an example login, in a folder of its own."""
    from bot.application import load_assistant
    from bot.demo import folder_of, run
    from bot.opening import configure_logging

    settings = load_settings()
    settings = settings.model_copy(update={"data_dir": folder_of(settings), "database_url": None})
    configure_logging(settings)
    run(settings, load_assistant(settings))


@app.command()
def train() -> None:
    """Train the model anew."""
    from bot.application import train_with_progress

    train_with_progress(load_settings(), why="Op verzoek. ")


@app.command()
def check(
    sources: Annotated[
        Path | None, typer.Option(help="Folder with the source documents, to compare with.")
    ] = None,
) -> None:
    """Check the knowledge files; every fault is shown with its file, line and id."""
    from knowledge.check import check as find_faults

    folder = sources or (DEFAULT_SOURCES if DEFAULT_SOURCES.is_dir() else None)
    faults = find_faults(sources=folder)
    for fault in faults:
        print(f"knowledge/{fault}")
    compared = "met de brondocumenten erbij" if folder else "zonder de brondocumenten"
    print(f"{len(faults)} fouten, nagekeken {compared}")
    if faults:
        raise typer.Exit(1)


@app.command()
def info() -> None:
    """Show versions, which Dutch pipeline is in use, and whether the model is up to date."""
    from importlib import metadata

    from knowledge import load
    from nlu.spacy_pipeline import pipeline_info
    from nlu.training import is_current

    settings: Settings = load_settings()
    pipeline = pipeline_info()
    knowledge = load()
    print(f"regiowijzer {metadata.version('regiowijzer')}, Python {sys.version.split()[0]}")
    print(f"Dutch pipeline: {pipeline.name} {pipeline.version}")
    print(f"knowledge: {len(knowledge.topics)} topics, revision {knowledge.revision}")
    print(f"model: {'up to date' if is_current(settings.model_dir) else 'to be trained'}")
    print(f"Telegram: {'configured' if settings.telegram_token else 'not configured'}")


@app.command()
def tune() -> None:
    """Choose the model's numbers by leaving one voice out; put the result in config.yml."""
    from bot.measure import tune as run

    run(lambda line: print(line, flush=True))


@app.command()
def evaluate(
    compare: Annotated[
        bool, typer.Option("--compare", help="Show the change against the committed figures.")
    ] = False,
    save: Annotated[
        bool, typer.Option("--save", help="Keep these figures as those to compare with.")
    ] = False,
    html: Annotated[
        Path | None, typer.Option(help="Where to write the report; default in DATA_DIR.")
    ] = None,
) -> None:
    """Measure understanding on the test sentences; exit status 1 when a floor is broken."""
    from bot.measure import evaluate as run

    lines, broken = run(load_settings(), compare=compare, save=save, html=html)
    for line in lines:
        print(line)
    if broken:
        raise typer.Exit(1)


@app.command()
def bench() -> None:
    """Measure start-up, speed, memory, training and size on this machine (about two minutes)."""
    from bot.application import load_assistant
    from bot.bench import run

    settings = load_settings()
    load_assistant(settings)  # a model that must be trained first would spoil the cold start
    for line in run(settings):
        print(line)


if __name__ == "__main__":
    main()
