"""`python -m tools.fuzz`: a million inputs for the parsers, 20,000 messages in conversations."""

import sys
import time
import traceback
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Annotated

import typer

from tools.fuzz.running import Tried, try_out


def _parser(number: int, inputs: int, seed: int) -> Tried:
    from tools.fuzz.parsers import PARSERS

    parser = PARSERS[number]
    return try_out(parser, inputs * parser.share // 1000, seed)


def _conversations(messages: int, seed: int) -> Tried:
    from tools.fuzz.talk import converse

    return converse(messages, seed)


def main(
    inputs: Annotated[int, typer.Option(help="How many inputs the parsers get.")] = 1_000_000,
    messages: Annotated[int, typer.Option(help="How many messages are sent.")] = 20_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same inputs.")] = 2026,
    processes: Annotated[int, typer.Option(help="How many run at a time.")] = 2,
    only: Annotated[str, typer.Option(help="Only parsers with this in their name.")] = "",
) -> None:
    """Look for an input that breaks something; exits with 1 when there is one, and shows it."""
    from tools.fuzz.parsers import PARSERS

    began = time.monotonic()
    failed = False
    with ProcessPoolExecutor(processes) as pool:
        running: list[tuple[str, Future[Tried]]] = []
        if messages:
            running.append(("conversations", pool.submit(_conversations, messages, seed)))
        if inputs:
            running += [
                (parser.name, pool.submit(_parser, number, inputs, seed))
                for number, parser in enumerate(PARSERS)
                if only in parser.name
            ]
        tried = []
        for name, future in running:
            try:
                one = future.result()
            except Exception as error:
                failed = True
                print(f"{name}: FAILED", flush=True)
                traceback.print_exception(error)
                continue
            tried.append(one)
            each = one.seconds / one.number * 1000
            line = f"{name:<40}{one.number:>10,}{one.seconds:>8.0f} s {each:>8.2f} ms each"
            print(line, flush=True)
    parsed = sum(one.number for one in tried if one.name != "conversations")
    minutes = (time.monotonic() - began) / 60
    print(f"seed {seed}: {parsed:,} inputs for parsers, {minutes:.1f} minutes in all")
    if failed:
        sys.exit(1)


if __name__ == "__main__":
    app = typer.Typer(pretty_exceptions_enable=False, add_completion=False)
    app.command()(main)
    app()
