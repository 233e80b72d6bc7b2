"""How good a draft is, each in about [0, 1]: nearness to a true performance, fit to the words, fit to the plan, form.

The evaluator (engine/train/metrics/network.py) is never asked: it judges afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.assess.critic import FOLDER as CRITIC_FOLDER
from engine.assess.critic import Critic
from engine.assess.physical import physical
from engine.assess.posture import observe, posture
from engine.assess.report import report
from engine.core.config import Config
from engine.core.errors import UserError
from engine.core.features import encode_features
from engine.core.plan import ActionSpec, Plan
from engine.core.types import Motion
from engine.edit.clean import clean
from engine.retrieval.network import FOLDER as RETRIEVER_FOLDER
from engine.retrieval.network import Retriever
from engine.retrieval.text_encoder import TextEncoder
from engine.tokens.codec import MotionCodec


@dataclass(frozen=True, eq=False)
class Judge:
    """The shipped models that drafts are rewarded by."""

    codec: MotionCodec
    critic: Critic
    retriever: Retriever
    encoder: TextEncoder
    catalogue: Mapping[str, ActionSpec]

    @staticmethod
    def load(config: Config, encoder: TextEncoder, catalogue: Mapping[str, ActionSpec]) -> Judge:
        """UserError where the critic or the retriever is missing."""
        critic = Critic.load(config.assets / CRITIC_FOLDER)
        retriever = Retriever.load(config.assets / RETRIEVER_FOLDER)
        if critic is None or retriever is None:
            lacking = "critic" if critic is None else "retriever"
            raise UserError(f"Drafts cannot be rewarded without the {lacking}: python -m engine train {lacking}")
        return Judge(MotionCodec.load(config), critic, retriever, encoder, catalogue)

    def motion(self, codes: np.ndarray) -> Motion:
        """Codes (N, Q) as a user gets to see them."""
        return clean(self.codec.decode(codes))

    def dual(self, request: str, truth: np.ndarray, motions: Sequence[Motion]) -> np.ndarray:
        """(S, 2): similarity of each motion to the true features (T, 136), and to the words of the request."""
        seen = self.retriever.motions([truth, *(encode_features(m) for m in motions)])
        said = self.retriever.texts(self.encoder([request]))
        goals = np.concatenate([seen[:1], said])
        return self.retriever.similarity(goals, seen[1:]).T

    def alignment(self, plan: Plan, motion: Motion) -> float:
        """Agreement with the plan and the critic's reading, less what is physically wrong."""
        return report(plan, motion, self.critic).score

    def form(self, plan: Plan, decoded: Motion) -> float:
        """A third each: it begins and it ends in the plan's postures, and how little there is to clean up.

        decoded: as it comes from the codec.
        """
        begin, end = plan_postures(plan, self.catalogue)
        body = observe(decoded)
        begins = begin in ("any", posture(body, 0))
        ends = end in ("any", posture(body, decoded.num_frames - 1))
        return (begins + ends + 1 - physical(decoded).penalty) / 3


def plan_postures(plan: Plan, catalogue: Mapping[str, ActionSpec]) -> tuple[str, str]:
    """The postures that a plan begins and ends in; 'any' where it leaves that open."""
    begin = end = "any"
    for number, segment in enumerate(plan.segments):
        specs = [catalogue[call.name] for call in segment.calls if call.name in catalogue]
        base = next((s for s in specs if s.part != "upper"), None)
        if base is None:
            continue
        begin = base.start if number == 0 else begin
        end = base.end if base.end != "same" else end if end != "any" else base.start
    return begin, end
