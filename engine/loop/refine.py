"""What of a draft's codes stays when an instruction has part of it made anew."""

from __future__ import annotations

import numpy as np

from engine.core.instruction import Instruction
from engine.core.plan import Plan
from engine.language.decoding import FREE
from engine.tokens.features import TOKEN_GROUPS, group_columns


def kept_codes(instruction: Instruction, plan: Plan, codes: np.ndarray) -> np.ndarray | None:
    """The codes (N, Q) of a draft of the plan that stay, FREE elsewhere; None where nothing does."""
    keep, at = codes.copy(), 0
    for number, segment in enumerate(plan.segments, 1):
        steps = slice(at, at + segment.num_steps)
        at += segment.num_steps
        for target in instruction.targets:
            if target.part == number:
                keep[steps, group_columns(target.group, codes.shape[1])] = FREE
    return None if instruction.everything or (keep == FREE).all() else keep


def named(instruction: Instruction) -> str:
    """What is made anew, as part of a sentence."""
    if not instruction.targets:
        return "all of it"
    groups = (" and ".join(TOKEN_GROUPS[t.group]) if t.group != "whole" else "" for t in instruction.targets)
    pairs = zip(groups, instruction.targets, strict=True)
    return ", ".join(f"{name} of part {t.part}" if name else f"part {t.part}" for name, t in pairs)
