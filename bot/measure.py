"""Measures understanding: `evaluate` on test sentences, `tune` on voices left out."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import yaml

from bot.settings import ROOT, Settings
from nlu import evaluation
from nlu.data import held_out_sentences, training_sentences
from nlu.evaluation_report import page
from nlu.spacy_pipeline import pipeline_info
from nlu.tuning import GRID, Measured
from nlu.tuning import tune as find_best

SENTENCES = ROOT / "tests" / "nlu"
FLOORS = ROOT / "tests" / "floors.yml"
FIGURES = ROOT / "tests" / "figures.json"
SHOWN_CONFUSIONS = 10


class MeasureError(Exception):
    """Nothing can be measured here; the message tells an operator what to do."""


def evaluate(
    settings: Settings, *, compare: bool, save: bool, html: Path | None
) -> tuple[list[str], list[str]]:
    """Measure the test sentences of the repository.

    Gives the lines to show, and the floors that are broken, in words.

    Raises:
        MeasureError: the test sentences or floors are not there, or the report cannot be written.
    """
    from bot.application import load_assistant

    if not SENTENCES.is_dir() or not FLOORS.exists():
        raise MeasureError(f"{SENTENCES} or {FLOORS} is missing: run evaluate in a clone")
    cases = evaluation.evaluate(held_out_sentences(SENTENCES), load_assistant(settings).understand)
    measured = evaluation.figures(cases)
    floors: dict[str, float] = yaml.safe_load(FLOORS.read_text(encoding="utf-8"))["floors"]
    last = evaluation.read_figures(FIGURES)
    broken = evaluation.broken_floors(measured, floors)
    inside = sum(case.in_scope for case in cases)
    lines = [f"{inside} sentences in scope, {len(cases) - inside} out of scope"]
    for name, value in asdict(measured).items():
        change = f"  ({value - last[name]:+.1%})" if compare and name in last else ""
        lines.append(f"{name.replace('_', ' '):24} {value:6.1%}{change}")
    if compare and not last:
        lines.append(f"nothing to compare with: {FIGURES} is missing; --save makes it")
    lines.append("most frequent confusions (asked for → came first):")
    for asked, came, count in evaluation.confusions(cases)[:SHOWN_CONFUSIONS]:
        lines.append(f"  {count} x {asked} → {came}")
    lines += [f"BROKEN FLOOR: {problem}" for problem in broken]
    report = html or settings.data_dir / "evaluation.html"
    pipeline = pipeline_info()
    try:
        report.parent.mkdir(parents=True, exist_ok=True)
        report.write_text(
            page(cases, last, floors, f"{pipeline.name} {pipeline.version}"), encoding="utf-8"
        )
        if save:
            evaluation.write_figures(measured, FIGURES)
    except OSError as error:
        raise MeasureError(f"{report} cannot be written: {error.strerror}") from error
    return [*lines, f"report: {report}"], broken


def tune(show: Callable[[str], None]) -> None:
    """Try the grid on voices left out; shows a line per choice, and the best one for config.yml."""

    def on_result(result: Measured) -> None:
        tuning = result.tuning
        show(
            f"c {tuning.c:g}, balance {tuning.balance:g}, char_weight {tuning.char_weight:g}: "
            f"right first {result.right_first:.1%}, in three {result.right_in_three:.1%}"
        )
        for outcome in (*result.by_threshold, result.chosen):
            cheapest = " (cheapest)" if outcome is result.chosen else ""
            show(
                f"  answered from {outcome.answer:.2f}{cheapest}: "
                f"wrong {outcome.answered_wrong:.1%}, asked {outcome.asked:.1%}, "
                f"declined {outcome.declined:.1%}, "
                f"out of scope seen {outcome.out_of_scope_seen:.1%}"
            )

    sentences = list(training_sentences())
    show(f"{len(sentences)} sentences; every voice is left out in turn (takes some minutes)")
    best = find_best(sentences, on_result, GRID)
    by_voice = sorted(best.by_voice.items(), key=lambda item: item[1])
    show("by voice left out: " + ", ".join(f"{voice} {share:.1%}" for voice, share in by_voice))
    chosen = asdict(best.tuning) | {"answer": best.answer, "decline": best.decline}
    show("for config.yml: " + ", ".join(f"{name}: {value:g}" for name, value in chosen.items()))
