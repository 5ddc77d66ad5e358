"""What Rasa takes from large packages when it is imported, and calls seldom or never.

While a module of `LATER` is imported it finds stand-ins for those packages; a stand-in imports the
real one when it is called. What else is wanted of such a package in that moment fails at once, so
another Rasa that wants more cannot start.
"""

import importlib
import sys
import types
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

LATER: Mapping[str, tuple[str, ...]] = {
    # to split data, which only DIET and TED do
    "rasa.utils.tensorflow.model_data": ("sklearn.model_selection",),
    # to ask in a terminal, as only `rasa shell` does
    "rasa.core.channels.console": ("questionary", "prompt_toolkit.styles"),
}


class _Later:
    """A function or class of a package that is not imported yet."""

    def __init__(self, module: str, name: str) -> None:
        self._module, self._name = module, name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._real()(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self._real(), name)

    def _real(self) -> Any:
        return getattr(importlib.import_module(self._module), self._name)


class _StandIn(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Later(self.__name__, name)


def install() -> None:
    """Import the modules of `LATER` without the packages that they name."""
    for module, packages in LATER.items():
        if module not in sys.modules:
            with _stand_ins(packages):
                importlib.import_module(module)


@contextmanager
def _stand_ins(packages: tuple[str, ...]) -> Iterator[None]:
    """Have these found by who imports them, except those that are loaded already."""
    made = []
    for package in packages:
        parent = package.partition(".")[0]
        if parent in sys.modules and parent not in made:
            continue
        for name in dict.fromkeys((parent, package)):
            sys.modules[name] = _StandIn(name)
            made.append(name)
    try:
        yield
    finally:
        for name in made:
            del sys.modules[name]
