"""What is logged: what happened, numbers, kinds and places; never a text that came from outside.

A message, a name or a token can stand in any argument and in the text of any error. So our own
events have fixed texts and the fields below; of an error only its kind and place are shown; and of
what libraries log only texts that stand literally in their code.
"""

import logging
import sys
import threading
import warnings
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TextIO

import structlog
from structlog.stdlib import ProcessorFormatter

if TYPE_CHECKING:
    from structlog.typing import EventDict, Processor

ROOT = Path(__file__).parent.parent
# our packages: only what these log is shown as they wrote it
OURS = ("bot", "bottlenecks", "dialogues", "knowledge", "nlu")
# what they may tell beside it, with `extra=`; anything else is left out
FIELDS = (
    "channel",
    "inbox_id",
    "outbox_id",
    "update_id",
    "rule_id",
    "attempts",
    "seconds",
    "decision",
    "reason",
    "wait_s",
    "number",
    "kind",
)
LEFT_OUT = "(text left out)"
HANDLER = "regiowijzer"
LOGGER = logging.getLogger(__name__)


class _Handler(logging.StreamHandler[TextIO]):
    """Writes to standard error, whatever that is at the moment."""

    def __init__(self) -> None:
        super().__init__(sys.stderr)
        self.set_name(HANDLER)

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line."""
        self.stream = sys.stderr
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (its name in logging)
        """Tell that a line is missing; logging itself would show the arguments."""
        try:
            self.stream.write(f"a line of {record.name} could not be logged\n")
        except (OSError, ValueError):
            pass


def configure(level: str, *, as_json: bool = False) -> None:
    """Log to standard error: our packages from `level`, libraries from WARNING."""
    renderer: Processor
    if as_json:
        renderer = structlog.processors.JSONRenderer()
    else:
        renderer = structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    processors: list[Processor] = [
        only_what_is_safe,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        renderer,
    ]
    handler = _Handler()
    handler.setFormatter(ProcessorFormatter(processors=processors))
    root = logging.getLogger()
    for earlier in [one for one in root.handlers if one.get_name() == HANDLER]:
        root.removeHandler(earlier)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    # Rasa logs with structlog itself, which would print it
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def catch_what_python_prints() -> None:
    """Log, without its text, what Python prints: warnings, and what ends a process or thread."""
    sys.excepthook = _ended
    threading.excepthook = _lost
    sys.unraisablehook = _lost
    warnings.showwarning = _warned


def only_what_is_safe(_logger: Any, _method: str, event: "EventDict") -> "EventDict":
    """What is shown of a line; a processor of structlog."""
    record: logging.LogRecord = event["_record"]
    shown: dict[str, Any] = {"level": record.levelname.lower(), "logger": record.name}
    if record.name.partition(".")[0] in OURS and not event["_from_structlog"]:
        shown["event"] = event["event"]
        shown |= {name: vars(record)[name] for name in FIELDS if name in vars(record)}
    else:
        shown["event"] = record.msg if _is_literal(record) else LEFT_OUT
        shown["place"] = f"{record.module}:{record.lineno}"
    error = (event.get("exc_info") or (None, None, None))[1]
    return shown | (facts(error) if error is not None else {})


def facts(error: BaseException) -> dict[str, str]:
    """What may be told of an error: its kind, what caused it, and where in our code it passed."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    told = {"error": type(error).__name__}
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        told["cause"] = type(cause).__name__
    for one in (error, cause):
        # what databases call it, such as SQLITE_FULL or 53100: more telling than the kind
        code = getattr(one, "sqlite_errorname", None) or getattr(one, "sqlstate", None)
        if code:
            told["code"] = str(code)
    places = _places(error.__traceback__)
    if places:
        told["place"] = places[-1]
    return told


def _places(trace: TracebackType | None) -> list[str]:
    """The lines of our own code that an error passed, the outermost first."""
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        path = Path(code.co_filename)
        if path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in OURS:
            places.append(f"{path.relative_to(ROOT)}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places


def _is_literal(record: logging.LogRecord) -> bool:
    """Whether the text stands as it is in the code that logs it, so that no data is in it."""
    frame = sys._getframe()
    while frame.f_back is not None:
        frame = frame.f_back
        if (frame.f_code.co_filename, frame.f_lineno) == (record.pathname, record.lineno):
            return isinstance(record.msg, str) and record.msg in frame.f_code.co_consts
    return False


def _ended(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if isinstance(error, Exception):
        passed = " > ".join(_places(trace))
        LOGGER.critical("ended by an error", exc_info=error, extra={"reason": passed})
    else:
        sys.__excepthook__(kind, error, trace)  # interrupted: there is no data in that


def _lost(what: Any) -> None:
    """An error that nobody waits for, of a thread or of an object that was cleaned up."""
    LOGGER.error("an error went nowhere", exc_info=what.exc_value)


def _warned(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    told = {"kind": category.__name__, "reason": f"{Path(filename).name}:{lineno}"}
    LOGGER.warning("Python warns", extra=told)
