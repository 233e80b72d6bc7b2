"""Agreement: what the plan asks scores high, its opposite low with a complaint; every check works on any motion."""

import numpy as np
import pytest

from engine.assess.agree import agreement, check
from engine.assess.checks import CHECKS
from engine.assess.measure import measure
from engine.core import rotations as R
from engine.core.plan import Call, parse_plan
from engine.core.skeleton import MEAN_STANDING_HEIGHT
from engine.core.types import Motion

ARGS = {"side": "right", "direction": "forward", "count": "2", "degrees": "90", "speed": "normal"}


def hopping(count: int, num_frames: int = 80) -> Motion:
    t = np.arange(num_frames) / num_frames
    rise = np.maximum(0, 0.3 * np.sin(2 * np.pi * count * t))
    root = np.stack([0 * t, MEAN_STANDING_HEIGHT + rise, 0 * t], -1)
    return Motion(root, R.quat_identity(num_frames, 22))


def turning(degrees: float) -> Motion:
    quat = R.quat_identity(80, 22)
    quat[:, 0] = R.quat_from_axis("y", np.radians(np.linspace(0, degrees, 80)))
    return Motion(np.tile([[0, MEAN_STANDING_HEIGHT, 0]], (80, 1)), quat)


def test_counts():
    plan = parse_plan("make jump direction=up count=3 height=normal for 4.0")
    good, complaints = agreement(plan, hopping(3))
    assert good > 0.9 and complaints == []
    bad, complaints = agreement(plan, hopping(1))
    assert bad < 0.6 and "jumps: counted 1 instead of 3" in complaints
    fits = [agreement(plan, hopping(count))[0] for count in (3, 2, 1)]
    assert fits == sorted(fits, reverse=True) and len(set(fits)) == 3


def test_sides():
    plan = parse_plan("make turn side=left degrees=90 for 4.0")
    assert agreement(plan, turning(90))[0] > 0.95
    bad, complaints = agreement(plan, turning(-90))
    assert bad < 0.7 and "right instead of 90 degrees left" in complaints[0]


def test_segments_are_judged_apart():
    first, second = turning(90), hopping(2)
    both = Motion(
        np.concatenate([first.root_pos, second.root_pos]), np.concatenate([first.joint_quat, second.joint_quat])
    )
    right = parse_plan("make turn side=left degrees=90 for 4.0 ; jump direction=up count=2 height=normal for 4.0")
    wrong = parse_plan("make jump direction=up count=2 height=normal for 4.0 ; turn side=left degrees=90 for 4.0")
    assert agreement(right, both)[0] > 0.9 > 0.7 > agreement(wrong, both)[0]


def test_duration_and_plans_without_segments():
    assert any("lasts 4.0 s" in text for text in agreement(parse_plan("make stand for 8.0"), turning(0))[1])
    assert agreement(parse_plan("edit mirror"), turning(0)) == (1.0, [])


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_every_check_gives_a_score(name):
    for motion in (hopping(2), turning(-50)):
        for fit in check(Call(name, ARGS), measure(motion)):
            assert 0 <= fit.score <= 1 and (fit.complaint or fit.score == 1)
