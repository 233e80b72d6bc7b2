"""The commands that handle motion: say, edit, caption, convert."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from engine.core.errors import UserError

Command = Callable[[argparse.Namespace], int | None]


def say(flags: argparse.Namespace) -> None:
    """Each sentence is a turn; the motion that is current at the end is written."""
    _talk(flags, flags.sentence, flags.attach)


def edit(flags: argparse.Namespace) -> None:
    """The file is uploaded, then each sentence changes it."""
    _talk(flags, flags.sentence, [flags.file])


def _talk(flags: argparse.Namespace, sentences: Sequence[str], attachments: Sequence[str]) -> None:
    from engine import Engine, TurnOptions, save

    options = TurnOptions(flags.seconds, flags.candidates)
    _check_output(flags.output)
    engine = Engine.load()
    if flags.session and flags.session.exists():
        session = engine.open_session(flags.session)
    else:
        session = engine.new_session(flags.seed)
    if flags.verbose:
        print(engine.notice, file=sys.stderr)
    for i, sentence in enumerate(sentences):
        text = _take_turn(session, sentence, attachments if i == 0 else (), options, flags.verbose)
        print(text)
    if flags.session:
        session.save(flags.session)
    if flags.output:
        assert session.scene is not None
        written = save(session.scene, flags.output)
        print(f"{', '.join(map(str, written))} (seed {session.seed})")


def _check_output(path: Path | None) -> None:
    """UserError for a place or a format that cannot be written, before anything is computed."""
    import engine.render  # noqa: F401  (registers its savers)
    from engine.io import SAVERS

    if path is None:
        return
    if path.suffix.lower() not in SAVERS:
        raise UserError(f"{path.name!r} cannot be written; the formats are {', '.join(SAVERS)}.")
    if not path.parent.is_dir():
        raise UserError(f"{path.name!r} cannot be written: the folder {str(path.parent)!r} does not exist.")


def _take_turn(session, text: str, attachments: Sequence[str], options, verbose: bool) -> str:
    """The answer; with `verbose` every section goes to standard error as it is made."""
    from engine.loop.events import Done, SectionDelta, SectionEnd, SectionStart

    answer = ""
    for event in session.stream(text, attachments, options):
        if isinstance(event, Done):
            answer = event.reply.text
        elif verbose and isinstance(event, SectionStart):
            print(f"[{event.kind}] ", end="", file=sys.stderr, flush=True)
        elif verbose and isinstance(event, SectionDelta):
            print(event.text, end="", file=sys.stderr, flush=True)
        elif verbose and isinstance(event, SectionEnd):
            print(file=sys.stderr)
    return answer


def caption(flags: argparse.Namespace) -> None:
    """What is measured in each file, in words."""
    from engine.io import load
    from engine.loop.facts import describe

    for name in flags.file:
        print(f"{name}:" if len(flags.file) > 1 else "", end="\n" if len(flags.file) > 1 else "")
        print(describe(load(name)))


def convert(flags: argparse.Namespace) -> None:
    """Read one format, write another. `option` holds NAME=VALUE pairs of the writer, `clip` is for the reader."""
    from engine import load, save

    _check_output(Path(flags.target))
    scene = load(flags.source, clip=flags.clip)
    for path in save(scene, flags.target, **_options(flags.option)):
        print(path)


def _options(pairs: Sequence[str]) -> dict[str, str | float]:
    """NAME=VALUE -> options, numbers as numbers. UserError for a pair without '='."""
    found: dict[str, str | float] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise UserError(f"The option {pair!r} has no value; write it as NAME=VALUE, for example fps=30.")
        try:
            found[name] = float(value)
        except ValueError:
            found[name] = value
    return found
