"""The parser of the command line, and the one place where a `UserError` becomes a message and exit code 2."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from engine.cli import library, talk, work
from engine.core.errors import UserError
from engine.core.skeleton import PARTS
from engine.loop.request import DEFAULT_CANDIDATES


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code: 0, 1 for targets that were missed, 2 for what the user can mend."""
    flags = build_parser().parse_args(argv)
    level = logging.INFO if flags.verbose else logging.WARNING
    logging.basicConfig(level=level, format="%(message)s", stream=sys.stderr)
    try:
        return flags.run(flags) or 0
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def build_parser() -> argparse.ArgumentParser:
    """Every command with its flags."""
    parser = argparse.ArgumentParser(
        prog="python -m engine", description="Say what a person should do, and get a motion."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_talk(commands)
    _add_library(commands)
    _add_work(commands)
    return parser


def _add_talk(commands: argparse._SubParsersAction) -> None:
    say = _command(commands, "say", talk.say, "make a motion from words; several sentences are turns of one session")
    say.add_argument("sentence", nargs="+", help="what the person does, then how it should change")
    say.add_argument("-a", "--attach", action="append", default=[], metavar="FILE", help="a motion to begin with")
    _add_turn_flags(say)
    edit = _command(commands, "edit", talk.edit, "change a motion file by words")
    edit.add_argument("file", help="motion to change")
    edit.add_argument("sentence", nargs="+", help='for example "make it slower"')
    _add_turn_flags(edit)
    caption = _command(commands, "caption", talk.caption, "say what is measured in motion files")
    caption.add_argument("file", nargs="+")
    convert = _command(commands, "convert", talk.convert, "rewrite a motion file in the format of another suffix")
    convert.add_argument("source")
    convert.add_argument("target", help="for example clip.glb")
    convert.add_argument("--clip", metavar="NAME", help="which animation of a file with several")
    convert.add_argument(
        "-o",
        "--option",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="of the written format: .bvh names, fps, units, up, skeleton; .npz fps; .npy layout; e.g. names=unreal",
    )


def _add_turn_flags(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="where to write it: .glb .bvh .npz .npy .mp4 .gif"
    )
    command.add_argument("--seed", type=int, help="the same seed gives the same motion; drawn and told if left out")
    command.add_argument("--seconds", type=float, help="length of a new motion")
    command.add_argument(
        "--candidates", type=int, default=DEFAULT_CANDIDATES, metavar="N", help="drafts to choose the best of"
    )
    command.add_argument("--session", type=Path, metavar="FILE", help="go on with this saved session and save it")


def _add_library(commands: argparse._SubParsersAction) -> None:
    about = "the reference clips that generation learns from"
    parser = commands.add_parser("library", help=about, description=about[0].upper() + about[1:] + ".")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    add = _command(actions, "add", library.add, "add motion files, with captions from .txt, .json or captions.csv")
    add.add_argument("folder", type=Path, help="a folder of motion files of any readable format, or one file")
    show = _command(actions, "list", library.show, "list the clips that were added")
    show.add_argument("--all", action="store_true", help="those that ship too")
    search = _command(actions, "search", library.search, "find clips by what they show")
    search.add_argument("words", nargs="+")
    search.add_argument("--part", choices=["whole", *PARTS], default="whole", help="look at this part of the body only")
    search.add_argument("--count", type=int, default=5, metavar="N")
    remove = _command(actions, "remove", library.remove, "take clips out")
    remove.add_argument("clip", nargs="+", help="its id, from the list")
    _command(actions, "build", library.build, "make the clips that ship anew").set_defaults(verbose=True)


def _add_work(commands: argparse._SubParsersAction) -> None:
    body = _command(commands, "body", work.body, "build the default body (needs anny and fast-simplification)")
    body.add_argument("action", choices=["build"])
    body.add_argument("-o", "--output", type=Path, metavar="FILE", help="instead of the folder of the assets")
    evaluate = _command(commands, "eval", work.evaluate, "measure the models")
    evaluate.add_argument("what", choices=work.MEASURED)
    evaluate.add_argument("--limit", type=int, help="only so many prompts, windows of clips or pairs")
    evaluate.add_argument("--repeats", type=int, default=1, metavar="N", help="metrics: generate everything N times")
    evaluate.add_argument("--reference", action="store_true", help="perform the reference plans: measures the checks")
    evaluate.add_argument("--coded", action="store_true", help="with --reference: pass them through the tokenizer")
    evaluate.add_argument("--report", type=Path, metavar="FILE", help="also write all results: .json or .html")
    evaluate.add_argument("--before", type=Path, metavar="FOLDER", help="preference: instead of the model that ships")
    evaluate.add_argument("--after", type=Path, metavar="FOLDER", help="preference: instead of build/train/dpo")
    bench = _command(commands, "bench", work.bench, "measure the time and memory budgets")
    bench.add_argument("--no-page", action="store_true", help="leave out what needs the page to be started")
    bits = _command(commands, "bits", work.bits, "compare the 4-bit model with the one in full precision")
    bits.add_argument("--limit", type=int, help="only so many prompts of the suite")
    bits.add_argument("--report", type=Path, metavar="FILE", help="also write all results: .json")
    gallery = _command(commands, "gallery", work.gallery, "make a page of prompts with pictures of their motions")
    gallery.add_argument("--out", type=Path, metavar="FOLDER", help="instead of docs/gallery")
    gallery.add_argument("--limit", type=int, help="only so many of the prompts")
    train = _command(commands, "train", work.train, "train a model by its recipe")
    train.add_argument("recipe", help="name of a recipe, for example tokenizer")
    train.add_argument("--max-steps", type=int, help="stop early")
    train.add_argument("--start", type=Path, help="folder of an earlier model to begin from")
    for long_running in (body, evaluate, bits, gallery, train):
        long_running.set_defaults(verbose=True)


def _command(commands: argparse._SubParsersAction, name: str, run: talk.Command, about: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=about, description=about[0].upper() + about[1:] + ".")
    command.add_argument("-v", "--verbose", action="store_true", help="tell what is done while it is done")
    command.set_defaults(run=run)
    return command
