"""Clips and arguments that the tests of the operators share."""

from functools import cache
from pathlib import Path

import numpy as np

from engine.core import rotations as R
from engine.core.plan import parse_plan
from engine.core.types import Motion, Scene
from engine.data.compose import perform_plan
from engine.edit.registry import EDITS
from engine.edit.script import Applied, apply_edits
from engine.io import load

CMU = Path(__file__).resolve().parents[3] / "shared" / "data" / "cmu"
WALK = "make walk direction=forward speed=normal style=plain for 4.0"
STAND = "make stand for 3.0"
EVENTS = {"jump": [(0.5, 1.0), (1.5, 2.1)], "right_hand_high": [(0.9, 1.5)], "clap": [(1.0, 1.2)]}
SPANS = ("all", "0.6s-1.7s", "first:1.0s", "last:40%", "jump:2")
ARGS = {
    "amplify": ["part=arms factor=1.7 span={}", "part=all factor=0.2 span={}", "part=head factor=3 span={}"],
    "append": ["version=2"],
    "bend": ["part=left_arm degrees=40 span={}", "part=legs degrees=30 span={}", "part=arms degrees=-90 span={}"],
    "bend_path": ["degrees=60", "degrees=-200"],
    "blend": ["version=2 seconds=0.5"],
    "crouch": ["centimeters=25 span={}", "centimeters=-15 span={}"],
    "cut": ["span=0.6s-1.7s", "span=first:0.5s", "span=last:20%", "span=jump:1"],
    "delay": ["part=arms seconds=0.2", "seconds=-0.5", "part=lower seconds=0.1"],
    "duration": ["seconds=2.5", "seconds=7"],
    "ease": ["kind=in span={}", "kind=both span={}"],
    "exaggerate": ["factor=1.6"],
    "face": ["direction=left", "direction=backward"],
    "fps": ["rate=24", "rate=60"],
    "freeze": ["part=arms span={}", "span={}", "part=lower span={}"],
    "hold": ["at=1.0 seconds=0.7", "at=0 seconds=0.5"],
    "insert": ["version=2 at=1.0", "version=2 at=0"],
    "keep": ["start=0.4 end=1.2"],
    "lean": ["direction=forward degrees=30 span={}", "direction=left degrees=20 span={}"],
    "look": ["direction=left degrees=40 span={}", "direction=forward degrees=60 span={}"],
    "loop": ["", "blend=0.8"],
    "move": ["direction=left meters=2", "direction=up meters=0.1"],
    "overlay": ["version=2 part=upper span={}", "version=2 span={}"],
    "prepend": ["version=2"],
    "raise": ["part=left_arm degrees=20 span={}", "part=legs degrees=45 span={}", "part=head degrees=-20 span={}"],
    "reach": ["hand=left target=head span={}", "hand=both target=floor span={}", "hand=right target=left_knee span={}"],
    "repeat": ["count=3 span={}"],
    "reverse": ["span={}"],
    "scale_path": ["factor=1.3", "factor=0"],
    "smooth": ["amount=0.7 span={}", "amount=1 part=arms span={}"],
    "soften": ["amount=0.6"],
    "speed": ["factor=0.7 span={}", "factor=2.5 span={}"],
    "stance": ["centimeters=20 span={}", "centimeters=-10 span={}"],
    "start_at": ["x=1 z=-2"],
    "take": ["version=2 part=left_arm", "version=2 part=lower", "version=2"],
    "trim": ["start=0.5 end=0.2"],
    "twist": ["degrees=25 span={}"],
}
CALLS = [
    (name, args.format(span))
    for name in sorted(EDITS)
    for args in ARGS.get(name, [""])
    for span in (SPANS if "{}" in args else ("",))
]


@cache
def performed(line: str, fps: float = 20.0) -> Motion:
    """A made-up clip, turned aside so that no axis of the world is special."""
    motion = perform_plan(parse_plan(line), np.random.default_rng(1)).resample(fps)
    return edited("turn degrees=40", motion).scene.motions[0]


@cache
def captured(fps: float) -> Motion | None:
    """Four seconds of a recorded clip that moves a good deal; None where there are none."""
    if not CMU.is_dir():
        return None
    motion = load(sorted(CMU.glob("*.npz"))[3]).motions[0]
    return motion.slice(0, round(4 * motion.fps)).resample(fps)


def still(fps: float = 20.0, seconds: float = 3.0) -> Motion:
    """A person who stands with hanging arms and does not move at all."""
    count = round(seconds * fps)
    return performed(STAND, fps).sample_at(np.zeros(count))


def edited(text: str, motion: Motion, other: Motion | None = None) -> Applied:
    """One edit of one person, with made-up events and `other` as version 2."""
    versions = {} if other is None else {2: other}
    return apply_edits(Scene((motion,)), parse_plan(f"edit {text}").edits, lambda _: EVENTS, versions)


def spikes(motion: Motion) -> Motion:
    """The clip with an elbow that jumps away for a frame, twice."""
    quat = motion.joint_quat.copy()
    for frame in (len(quat) // 3, len(quat) // 2):
        quat[frame, 18] = R.quat_mul(quat[frame, 18], R.quat_from_axis("z", np.float32(0.9)))
    return motion.with_(joint_quat=quat)


__all__ = ["ARGS", "CALLS", "CMU", "STAND", "WALK", "captured", "edited", "performed", "spikes", "still"]
