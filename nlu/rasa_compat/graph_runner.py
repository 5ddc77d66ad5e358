"""The one dask function that Rasa calls, without dask: run a small task graph in order."""

from collections.abc import Mapping, Sequence
from typing import Any


def get(graph: Mapping[str, Any], targets: Sequence[str], **_: Any) -> tuple[Any, ...]:
    """Run the tasks of `graph` that `targets` need, each once, and return the targets' results.

    A task is a tuple `(callable, *arguments)`; an argument that names a node stands for its result.

    Raises:
        RuntimeError: the graph has a cycle.
    """
    done: dict[str, Any] = {}
    busy: set[str] = set()

    def run(node: str) -> Any:
        if node in done:
            return done[node]
        if node in busy:
            raise RuntimeError(f"cycle in graph at {node}")
        busy.add(node)
        task = graph[node]
        if isinstance(task, tuple) and task and callable(task[0]):
            arguments = (run(a) if isinstance(a, str) and a in graph else a for a in task[1:])
            result = task[0](*arguments)
        else:
            result = task
        busy.discard(node)
        done[node] = result
        return result

    return tuple(run(target) for target in targets)
