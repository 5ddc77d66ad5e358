"""What newer libraries dropped and Rasa 3.6.21 still asks for; each patch says why, and when."""

import functools
import importlib.util
import json
import os
import sys
import types
import warnings
from typing import Any


def apply() -> None:
    """Apply every patch that the installed versions call for; safe to call twice."""
    if getattr(apply, "done", False):
        return
    # Rasa phones home unless told otherwise
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    _numpy_warning()
    _packaging_legacy_version()
    _dask()
    _sqlalchemy_url()
    _sanic_single_process()
    _json_dump()
    _no_file_in_home()
    _plots()
    apply.done = True  # type: ignore[attr-defined]  # a flag on the function itself


def _numpy_warning() -> None:
    """NumPy 2 moved this warning; rasa.utils.train_utils names it."""
    import numpy

    if not hasattr(numpy, "VisibleDeprecationWarning"):
        setattr(numpy, "VisibleDeprecationWarning", numpy.exceptions.VisibleDeprecationWarning)  # noqa: B010


def _packaging_legacy_version() -> None:
    """Packaging 22 dropped LegacyVersion; rasa.model compares types with it, never makes one."""
    import packaging.version

    if not hasattr(packaging.version, "LegacyVersion"):
        setattr(packaging.version, "LegacyVersion", type("LegacyVersion", (), {}))  # noqa: B010


def _dask() -> None:
    """Rasa uses one function of dask, on graphs of twenty nodes; 40 MB and its API changed."""
    if importlib.util.find_spec("dask") is None:
        from nlu.rasa_compat import graph_runner

        sys.modules.setdefault("dask", graph_runner)


def _sqlalchemy_url() -> None:
    """SQLAlchemy 2 has no URL constructor nor select([...]); Rasa's SQL store uses both."""
    import sqlalchemy
    import sqlalchemy.ext.declarative
    import sqlalchemy.orm  # noqa: F401

    if not sqlalchemy.__version__.startswith("2."):
        return
    warnings.filterwarnings("ignore", category=sqlalchemy.exc.MovedIn20Warning)
    import rasa.core.tracker_store as tracker_store

    def make_url(
        drivername: str,
        username: str | None = None,
        password: str | None = None,
        host: str | None = None,
        port: int | None = None,
        database: str | None = None,
        query: Any = None,
    ) -> sqlalchemy.URL:
        return sqlalchemy.URL.create(
            drivername, username, password, host, port, database, query or {}
        )

    def select(*columns: Any) -> Any:
        if len(columns) == 1 and isinstance(columns[0], list):
            columns = tuple(columns[0])
        return sqlalchemy.select(*columns)

    class _SqlAlchemy(types.ModuleType):
        engine = types.SimpleNamespace(url=types.SimpleNamespace(URL=make_url))

        def __getattr__(self, name: str) -> Any:
            return getattr(sqlalchemy, name)

    facade = _SqlAlchemy("sqlalchemy_as_rasa_knows_it")
    facade.select = select  # type: ignore[attr-defined]  # a module is open by nature
    tracker_store.sa = facade


def _sanic_single_process() -> None:
    """Sanic 22.9 starts worker processes; Rasa builds its app in this process."""
    import sanic

    if int(sanic.__version__.split(".")[0]) < 22 or hasattr(sanic.Sanic.run, "__wrapped__"):
        return
    run = sanic.Sanic.run

    @functools.wraps(run)
    def run_in_this_process(self: Any, *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("workers", 1) in (1, None):
            kwargs.pop("workers", None)
            kwargs["single_process"] = True
        return run(self, *args, **kwargs)

    setattr(sanic.Sanic, "run", run_in_this_process)  # noqa: B010


def _json_dump() -> None:
    """Python 3.13's JSON encoder refuses the dict views that Rasa writes."""
    if sys.version_info < (3, 13):
        return
    import rasa.shared.utils.io as rasa_io

    def dump_obj_as_json_to_file(filename: str, obj: Any) -> None:
        text = json.dumps(obj, ensure_ascii=False, indent=2, default=dict)
        rasa_io.write_text_file(text, filename)

    rasa_io.dump_obj_as_json_to_file = dump_obj_as_json_to_file


def _no_file_in_home() -> None:
    """Rasa's command line writes its telemetry choice into the home folder; ours is fixed: off."""
    import rasa.utils.common as common

    def write_nothing(name: str, value: Any) -> bool:
        return False

    common.write_global_config_value = write_nothing


def _plots() -> None:
    """`rasa test` draws with matplotlib; where that is not installed, leave the pictures out."""
    from nlu.rasa_compat.stubs import is_stub

    if is_stub("matplotlib"):
        import rasa.utils.plotting as plotting

        for name in ("plot_confusion_matrix", "plot_paired_histogram", "plot_curve"):
            setattr(plotting, name, lambda *args, **kwargs: None)
