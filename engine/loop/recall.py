"""The section `recall`: clips of the library that fit a plan, whole or for the parts that each of its calls moves."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from engine.core.config import Config
from engine.core.plan import STEP_S, ActionSpec, Call, Plan, Segment, plain_words
from engine.core.types import MODEL_FPS, Motion
from engine.language.interface import LanguageModel, MotionReference
from engine.language.stream import AS_SHOWN, MAX_REFERENCES
from engine.loop.events import Reference
from engine.retrieval.library import Library
from engine.retrieval.network import FOLDER, Retriever
from engine.retrieval.text_encoder import TextEncoder

LEAST = 0.45
"""A clip under this similarity is not shown to the model."""
PARTS_OF: Mapping[str, tuple[str, ...]] = {
    "whole": ("whole",),
    "legs": ("left_leg", "right_leg", "root"),
    "upper": ("left_arm", "right_arm", "torso"),
}
"""What of a clip must fit, of network.NAMES, by the kind of reference (adapter.REFERENCE_KINDS) that it is to be."""
NOVEL = 0.5
"""An added clip is done as shown if its caption is as near to the request, and nearer than the plan."""
LOOKED_AT = 12
"""Clips that are looked at for each part."""
MAX_SHOWN_STEPS = 75
"""Steps (15 s) that a clip is done as shown for, at most."""
KEPT = 64
"""Clips whose codes are kept for the next turn."""


@dataclass(frozen=True, eq=False)
class Found:
    """A clip that generation is shown. kind: one of PARTS_OF."""

    reference: Reference
    kind: str


@dataclass(eq=False)
class Recall:
    """Searches the library with what the encoder and the retriever make of words."""

    library: Library
    catalogue: Mapping[str, ActionSpec]
    _codes: dict[str, np.ndarray] = field(default_factory=dict)

    def find(
        self,
        request: str,
        plan: Plan,
        pinned: Sequence[Reference] = (),
        banned: Sequence[str] = (),
        owner: str = "",
    ) -> tuple[Plan, list[Found]]:
        """The best clips for a plan, at most MAX_REFERENCES: one for a single call, one for each of two at once, and
        one for each of the first segments of a sequence. Those that fit badly are left out, and pinned ones come first.
        owner: whose clips are looked at besides everybody's.

        Where an added clip says what is asked for, and no action that the model knows does, the plan is to do as shown.
        """
        found = [Found(p, _kind(p.part)) for p in pinned if self.may_show(p.clip_id, owner)][:MAX_REFERENCES]
        novel = None if found else self._novel(request, plan, banned, owner)
        if novel is not None:
            steps = min(MAX_SHOWN_STEPS, max(1, round(self.motion(novel.clip_id).duration_s / STEP_S)))
            return Plan("make", (Segment((Call(AS_SHOWN),), round(steps * STEP_S, 1)),)), [Found(novel, "whole")]
        wanted = self._wanted(request, plan)
        vectors = self.library.retriever.texts(self.library.encoder([words for words, _ in wanted]))
        rest = MAX_REFERENCES - len(found)
        for (_, kind), vector in list(zip(wanted, vectors, strict=True))[:rest]:
            best = self._best(vector, kind, {*banned, *(f.reference.clip_id for f in found)}, owner)
            if best is not None:
                found.append(Found(best, kind))
        return plan, found

    def _novel(self, request: str, plan: Plan, banned: Sequence[str], owner: str) -> Reference | None:
        """The added clip whose caption says what is asked for, if it says it better than the plan does."""
        if len(plan.segments) != 1 or not self.library.has_added():
            return None
        asked, planned = self.library.encoder([request, plain_words(plan.segments[0].calls)]).sentence.numpy()
        hits = self.library.said(asked, LOOKED_AT, owner)
        hits = [hit for hit in hits if self.may_show(hit.clip_id, owner, banned)]
        if not hits or hits[0].score < max(NOVEL, float(asked @ planned)):
            return None
        return Reference(hits[0].clip_id, hits[0].caption, "whole", hits[0].score)

    def _wanted(self, request: str, plan: Plan) -> list[tuple[str, str]]:
        """Words to search by, and the kind of reference that is searched for."""
        segment, *more = plan.segments
        if more:
            return [(plain_words(s.calls), "whole") for s in plan.segments[:MAX_REFERENCES]]
        calls = segment.calls
        if len(calls) == 1:
            return [(f"{request}: {plain_words(calls)}", "whole")]
        uppers = [self.catalogue[c.name].part == "upper" for c in calls]
        return [(plain_words((c,)), "upper" if over else "legs") for c, over in zip(calls, uppers, strict=True)]

    def _best(self, vector: np.ndarray, kind: str, banned: set[str], owner: str) -> Reference | None:
        """The clip with the highest mean similarity over the kind's parts; where it is not among the best it has 0.

        A clip of a shared database whose file is not on this computer cannot be shown.
        """
        hits = self.library.search(vector, PARTS_OF[kind], LOOKED_AT)
        scores: dict[str, list[float]] = {}
        captions = {}
        for found in hits.values():
            for hit in found:
                if self.may_show(hit.clip_id, owner, banned):
                    scores.setdefault(hit.clip_id, []).append(hit.score)
                    captions[hit.clip_id] = hit.caption
        if not scores:
            return None
        clip_id = max(scores, key=lambda i: sum(scores[i]))
        score = sum(scores[clip_id]) / len(PARTS_OF[kind])
        return Reference(clip_id, captions[clip_id], _part(kind), score) if score >= LEAST else None

    def may_show(self, clip_id: str, owner: str, banned: Collection[str] = ()) -> bool:
        """Whether a clip is on this computer, for this owner's eyes, and not banned."""
        if clip_id in banned or not self.library.holds(clip_id):
            return False
        return self.library.clip(clip_id).owner in ("", owner)

    def motion(self, clip_id: str) -> Motion:
        """The clip's motion. UserError for one that is not there."""
        return self.library.clip(clip_id).motion

    def shown(self, found: Found, encode: Callable[[Motion], np.ndarray]) -> MotionReference:
        """The reference as the model is shown it. encode: a motion -> codes (N, Q)."""
        name = found.reference.clip_id
        if name not in self._codes:
            motion = self.motion(name).slice(0, round(MAX_SHOWN_STEPS * STEP_S * MODEL_FPS))
            self._codes = dict(list(self._codes.items())[-KEPT:]) | {name: encode(motion)}
        return MotionReference(found.reference.caption, found.kind, self._codes[name])


def _part(kind: str) -> str:
    """What of a clip a reference of this kind is about, in words."""
    return ", ".join(PARTS_OF[kind])


def _kind(part: str) -> str:
    """The inverse of `_part`."""
    return next((kind for kind in PARTS_OF if _part(kind) == part), "whole")


def load_recall(config: Config, language: LanguageModel) -> Recall | None:
    """What finds references, with the library of this computer; None without the retriever's weights."""
    retriever = Retriever.load(config.assets / FOLDER)
    if retriever is None:
        return None
    encoder = language.text_encoder or TextEncoder(config)
    return Recall(Library.open(config, retriever, encoder), language.catalogue)
