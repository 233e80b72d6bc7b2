"""Clips for small libraries of tests."""

import numpy as np

from engine.core.plan import parse_plan
from engine.data.compose import perform_plan
from engine.retrieval.clips import Clip

WALK = "make walk direction=forward speed=normal style=plain for 2.0"
BOTH = "make walk direction=forward speed=normal style=plain & wave side=left count=3 for 2.0"


def clip(line, caption, source):
    return Clip.of(perform_plan(parse_plan(line), np.random.default_rng(2)), caption, source)
