"""A language model with queued replies and a codec without weights, so that the whole loop runs in milliseconds."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np
import torch

from engine.core import rotations as R
from engine.core.plan import ActionSpec, Plan
from engine.core.skeleton import MEAN_STANDING_HEIGHT
from engine.core.types import Motion
from engine.language.interface import OPEN, DialogueContext, DraftProgress, Evidence, MotionReference

LEVELS, FRAMES_PER_STEP = 4, 4


class FakeLanguageModel:
    """Says the queued plan lines one after another; its motion codes are drawn from the generator that it is given."""

    notice = "A fake model with queued replies"
    takes_references, text_encoder, levels = False, None, LEVELS

    def __init__(
        self,
        plans: Iterable[str],
        answer: str = "Done: {seconds} s.",
        judgements: Iterable[tuple[str, str]] = (),
        judges: bool = False,
    ) -> None:
        """judgements: pairs of a verdict and an instruction, said one after another; then everything is accepted."""
        self.judgements, self.judges = deque(judgements), judges or bool(judgements)
        self.weights: Callable[[str, Sequence[str]], Iterable[float]] | None = None
        self.measured: list[str] = []
        self.evidence: list[Evidence] = []
        self.catalogue: Mapping[str, ActionSpec] = {"walk": ActionSpec("walk", "lower")}
        self.plans, self.answer = deque(plans), answer
        self.contexts: list[DialogueContext] = []
        self.among: list[tuple[str, ...]] = []
        self.prefixes: list[np.ndarray | None] = []
        self.references: list[tuple[MotionReference, ...]] = []

    def stream_plan(
        self, request: str, context: DialogueContext, generator: torch.Generator, among: Sequence[str] = ()
    ) -> Iterator[str]:
        """The next queued line, word by word."""
        self.among.append(tuple(among))
        self.contexts.append(context)
        for i, word in enumerate(self.plans.popleft().split(" ")):
            yield f" {word}" if i else word

    def weigh(self, request: str, context: DialogueContext, lines: Sequence[str]) -> list[float]:
        """As `weights` say, which get the request and the lines; without them, the first one is as good as certain."""
        if self.weights is not None:
            return list(self.weights(request, lines))
        return [1.0] + [0.0] * (len(lines) - 1)

    def stream_motion(
        self,
        request: str,
        plan: Plan,
        generator: torch.Generator,
        candidates: int = 1,
        prefix: np.ndarray | None = None,
        references: Sequence[MotionReference] = (),
        keep: np.ndarray | None = None,
    ) -> Iterator[DraftProgress]:
        """Random codes, one step at a time."""
        self.prefixes.append(prefix)
        self.references.append(tuple(references))
        codes = torch.randint(0, 512, (candidates, plan.num_steps, self.levels), generator=generator).numpy()
        if keep is not None:
            codes = np.where(keep >= 0, keep, codes)
        for done in range(1, plan.num_steps + 1):
            yield DraftProgress(done, plan.num_steps, codes[:, :done], -np.arange(1.0, candidates + 1))

    def stream_judgement(
        self, request: str, plan: Plan, measured: str, evidence: Evidence = OPEN
    ) -> Iterator[tuple[str, str]]:
        """The next queued judgement, word by word."""
        self.measured.append(measured)
        self.evidence.append(evidence)
        verdict, instruction = self.judgements.popleft() if self.judgements else ("It fits.", "accept")
        for kind, text in (("assess", verdict), ("refine", instruction)):
            for i, word in enumerate(text.split(" ")):
                yield kind, f" {word}" if i else word

    def stream_answer(
        self, request: str, context: DialogueContext, plan: Plan, facts: Mapping[str, str]
    ) -> Iterator[str]:
        """The fixed answer with its placeholders filled in."""
        yield self.answer.format(**facts)


class FakeCodec:
    """Codes <-> a body that glides forward at up to 2 m/s, by its first code, nodding by its second."""

    frames_per_step, levels = FRAMES_PER_STEP, LEVELS

    def encode(self, motion: Motion) -> np.ndarray:
        """Codes (N, Q) of the forward speed; the rest zeros."""
        steps = -(-motion.num_frames // FRAMES_PER_STEP)
        codes = np.zeros((steps, LEVELS), np.int64)
        speed = np.linalg.norm(
            np.diff(motion.root_pos[:, (0, 2)], axis=0, append=motion.root_pos[-1:, (0, 2)]), axis=-1
        )
        codes[:, 0] = np.clip(speed[::FRAMES_PER_STEP] * motion.fps / 2 * 511, 0, 511)
        return codes

    def decode(self, codes: np.ndarray) -> Motion:
        """4 N frames at 20 fps from x = z = 0, heading 0."""
        speed = np.repeat(codes[:, 0] / 511 * 2 / 20, FRAMES_PER_STEP)
        root = np.zeros((len(speed), 3), np.float32)
        root[1:, 2] = np.cumsum(speed)[:-1]
        root[:, 1] = MEAN_STANDING_HEIGHT
        quat = R.quat_identity(len(speed), 22)
        quat[:, 15] = R.quat_from_axis("x", np.repeat(codes[:, 1] / 511 * 0.5, FRAMES_PER_STEP))
        return Motion(root, quat)
