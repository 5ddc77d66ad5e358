"""Empty stand-ins for packages that Rasa imports at module level and this project never uses.

A stub is only found when the real package is not installed: the finder stands last in
`sys.meta_path`, so whoever installs TensorFlow gets TensorFlow.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import sys
import types
from collections.abc import MutableSequence
from typing import Any

STUBBED = frozenset(
    {
        # machine learning that only DIET, TED and the plots need
        "keras",
        "matplotlib",
        "tensorflow",
        # other messengers than ours
        "aiogram",
        "fbmessenger",
        "slack_sdk",
        "socketio",
        "twilio",
        "webexteamssdk",
        # brokers, stores and services that are not used
        "aio_pika",
        "aiormq",
        "boto3",
        "botocore",
        "cachecontrol",
        "confluent_kafka",
        "google.auth",
        "google.oauth2",
        "pydot",
        "pymongo",
        "sentry_sdk",
        "structlog_sentry",
    }
)


class _StubType(type):
    """Any attribute of a stubbed class is another stubbed class."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _stub_class(name)

    def __getitem__(cls, item: Any) -> Any:
        return cls


class _Stub(Exception, metaclass=_StubType):
    """Base of stubbed classes; an exception, because Rasa names some in `except` clauses."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        # a stubbed decorator gives its function back
        return args[0] if len(args) == 1 and callable(args[0]) else self


def _stub_class(name: str) -> type:
    return _StubType(name, (_Stub,), {})


class StubModule(types.ModuleType):
    """A module of a package that is not installed."""

    __path__: MutableSequence[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = _stub_class(name)
        setattr(self, name, value)
        return value


class _StubFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(
        self, fullname: str, path: Any = None, target: Any = None
    ) -> importlib.machinery.ModuleSpec | None:
        # "google" is only the parent of two stubs
        stubbed = fullname == "google" or any(
            fullname == name or fullname.startswith(name + ".") for name in STUBBED
        )
        if not stubbed:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return StubModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Nothing to run: the module is made of its stubs."""


def install() -> None:
    """Put the stub finder last in line; does nothing when it is there already."""
    if not any(isinstance(finder, _StubFinder) for finder in sys.meta_path):
        sys.meta_path.append(_StubFinder())


def is_stub(package: str) -> bool:
    """Whether importing `package` gives a stub, because the real one is not installed."""
    spec = importlib.util.find_spec(package)
    return spec is not None and isinstance(spec.loader, _StubFinder)
