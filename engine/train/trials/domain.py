"""A new domain without training: actions that the models do not know, asked for before and after clips of them are
added, as a user adds motion files, to a library that holds other clips of the user's too.

Run: python -m engine eval domain
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from engine.core.config import ROOT, Config
from engine.core.errors import UserError
from engine.core.types import Motion, Scene
from engine.data.captions import caption_plan
from engine.data.compose import catalogue, perform_plan, sample_plan
from engine.io import load, save
from engine.language.stream import AS_SHOWN
from engine.loop.facts import describe
from engine.retrieval.clips import Clip
from engine.retrieval.ingest import ingest, motion_files
from engine.retrieval.library import Library
from engine.train.metrics.generation import Sessions
from engine.train.metrics.goals import Goal
from engine.train.trials.novel_actions import perform_novel
from engine.train.trials.novel_checks import judge_novel
from engine.train.trials.setup import load_trial, per_cent, recall_of, spread

log = logging.getLogger(__name__)
DOMAIN = ROOT / "prompts" / "trials" / "domain.yaml"
SEED, CLIP_SEED, OTHER_SEED = 60_000, 61_000, 62_000
"""First seed of the sessions, of the performances that are added, and of the user's other clips."""
NUM_OTHERS = 50
"""Clips of known actions that the user has added before: the new ones must be found among them."""
LEAST_GAIN = 50.0
"""Points, per cent, that the pass rate must rise by."""
SUFFIX = ".bvh"


@dataclass(frozen=True)
class NovelClip:
    """What a user adds: a performance and its caption."""

    caption: str
    args: Mapping[str, str]
    seconds: float


@dataclass(frozen=True)
class NovelAction:
    """An action that no model has seen, clips of it, and requests for it in other words."""

    action: str
    clips: tuple[NovelClip, ...]
    prompts: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """What became of a request. shown: it was done as a clip shows; plan, measured: in words."""

    passed: bool
    shown: bool
    plan: str
    measured: str


@dataclass(frozen=True)
class DomainResult:
    """A request for a new action, before and after clips of it were added."""

    action: str
    prompt: str
    before: Answer
    after: Answer


@dataclass(frozen=True)
class DomainFigures:
    """All results, and how many clips were added."""

    results: tuple[DomainResult, ...]
    num_clips: int

    @property
    def gain(self) -> float:
        """Points that the pass rate rose by."""
        return per_cent([r.after.passed for r in self.results]) - per_cent([r.before.passed for r in self.results])

    def goals(self) -> list[Goal]:
        return [Goal("new domain, pass rate with clips over without", LEAST_GAIN, self.gain, "points", at_least=True)]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def load_domain() -> list[NovelAction]:
    """The new actions of prompts/trials/domain.yaml."""
    rows = yaml.safe_load(DOMAIN.read_text(encoding="utf-8"))
    return [
        NovelAction(r["action"], tuple(NovelClip(**clip) for clip in r["clips"]), tuple(r["prompts"])) for r in rows
    ]


def measure_domain(config: Config, limit: int | None = None) -> DomainFigures:
    """All figures, with a library of its own. limit: only so many requests for each action.

    UserError for missing weights, and for models that take no references.
    """
    with tempfile.TemporaryDirectory() as folder:
        trial = load_trial(config, Path(folder) / "home")
        library = recall_of(trial.models).library
        library.add(other_clips())
        return run_domain(trial, library, load_domain(), Path(folder), limit)


def run_domain(
    engine: Sessions, library: Library, actions: Sequence[NovelAction], folder: Path, limit: int | None = None
) -> DomainFigures:
    """Ask, add the clips to the library that the engine looks into, and ask again with the same seeds."""
    asked = [(a.action, prompt) for a in actions for prompt in spread(a.prompts, limit)]
    before = _ask(engine, asked)
    added = add_clips(library, actions, folder)
    after = _ask(engine, asked)
    rows = zip(asked, before, after, strict=True)
    return DomainFigures(tuple(DomainResult(*request, was, now) for request, was, now in rows), added)


def novel_motions(action: NovelAction) -> list[Motion]:
    """The performances of its clips."""
    return [perform_novel(action.action, clip.args, CLIP_SEED + k, clip.seconds) for k, clip in enumerate(action.clips)]


def other_clips(count: int = NUM_OTHERS) -> list[Clip]:
    """Performances of known actions with captions, as from files."""
    clips = []
    for i in range(count):
        rng = np.random.default_rng([OTHER_SEED, i])
        plan = sample_plan(rng, catalogue(), max_seconds=6.0)
        clips.append(Clip.of(perform_plan(plan, rng), caption_plan(plan, rng), f"other{i}{SUFFIX}"))
    return clips


def add_clips(library: Library, actions: Sequence[NovelAction], folder: Path) -> int:
    """Write the clips as motion files with captions beside them, and ingest these; gives how many there are."""
    files = folder / "clips"
    files.mkdir()
    for action in actions:
        for k, (clip, motion) in enumerate(zip(action.clips, novel_motions(action), strict=True)):
            path = files / f"{action.action}{k}{SUFFIX}"
            save(Scene((motion,)), path)
            path.with_suffix(".txt").write_text(clip.caption + "\n", encoding="utf-8")
    reports = list(ingest(motion_files(files, (SUFFIX,)), library, load, lambda m: describe(Scene((m,)))))
    assert all(r.outcome == "added" for r in reports), f"not all was added: {reports}"
    return len(reports)


def _ask(engine: Sessions, asked: Sequence[tuple[str, str]]) -> list[Answer]:
    answers = []
    for i, (action, prompt) in enumerate(asked):
        try:
            scene = engine.new_session(SEED + i).send(prompt).scene
            if scene is None:
                raise UserError("the reply has no motion")
        except UserError as error:
            answers.append(Answer(False, False, "", f"no motion: {error}"))
        else:
            plan, verdict = str(scene.provenance.get("plan", "")), judge_novel(action, scene.motions[0])
            answers.append(Answer(verdict.passed, AS_SHOWN in plan, plan, verdict.measured))
        log.info("%d of %d %s %s", i + 1, len(asked), "ok " if answers[-1].passed else "NO ", prompt)
    return answers


def format_domain(figures: DomainFigures) -> str:
    """Table by action, overall, then what failed with the clips and why."""
    lines = [f"{'new action':18}{'requests':>10}{'before':>10}{'after':>10}{'as shown':>10}"]
    for name in dict.fromkeys(r.action for r in figures.results):
        lines.append(_row(name, [r for r in figures.results if r.action == name]))
    lines += [_row("all", figures.results), f"{figures.num_clips} clips added: {figures.gain:+.1f} points"]
    for result in (r for r in figures.results if not r.after.passed):
        lines += ["", f"failed [{result.action}] {result.prompt!r}", f"  plan      {result.after.plan or '-'}"]
        lines.append(f"  measured  {result.after.measured}")
    return "\n".join(lines)


def _row(name: str, results: Sequence[DomainResult]) -> str:
    columns = ([r.before.passed for r in results], [r.after.passed for r in results], [r.after.shown for r in results])
    return f"{name:18}{len(results):>10}" + "".join(f"{per_cent(column):>8.1f} %" for column in columns)
