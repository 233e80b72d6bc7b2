"""The commands that make and measure the models: body, eval, bench, bits, gallery, train."""

from __future__ import annotations

import argparse

from engine.core.config import Config


def body(flags: argparse.Namespace) -> None:
    """Build the default body and print what was measured of it."""
    from engine.body import DEFAULT_FILE
    from engine.body.build import build

    path = flags.output or Config.from_env().assets / DEFAULT_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    for name, value in build(path).items():
        print(f"{name:24}{value:10.3f}")


def bench(flags: argparse.Namespace) -> int:
    """Print the budgets with their figures; 1 if one is missed."""
    from engine.train.bench import format_table, run_bench

    rows = run_bench(page=not flags.no_page)
    print(format_table(rows))
    return int(any(row.met is False for row in rows))


MEASURED = (
    "prompts", "tokenizer", "metrics", "physical", "retrieval", "edits", "domain", "ablation", "robustness",
    "preference", "all",
)  # fmt: skip
"""What `eval` can measure."""


def evaluate(flags: argparse.Namespace) -> int:
    """Print what was measured of the models; 1 if a target is missed."""
    from engine.train import evaluate

    if flags.what == "preference":
        from engine.train.preference.compare import compare
        from engine.train.run import WORK

        print(compare(flags.before or Config.from_env().assets / "language", flags.after or WORK / "dpo", flags.limit))
        return 0
    return evaluate.run(flags.what, flags.limit, flags.reference, flags.report, flags.coded, flags.repeats)


def bits(flags: argparse.Namespace) -> None:
    """Print the 4-bit model beside the one in full precision."""
    from engine.train import bits

    bits.run(flags.limit, flags.report)


def gallery(flags: argparse.Namespace) -> None:
    """Make the pictures and print where their page is."""
    from engine.train import gallery

    print(gallery.run(flags.out or gallery.FOLDER, flags.limit))


def train(flags: argparse.Namespace) -> None:
    """Train by the recipe of that name, going on where the last call ended."""
    from engine.train.run import train

    train(flags.recipe, flags.max_steps, start=flags.start)
