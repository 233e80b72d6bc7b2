"""When things happen: the spans lie where the performance puts them, in order, at any frame rate."""

from itertools import pairwise

import numpy as np
import pytest

from engine.assess.when import find_events
from engine.core.plan import parse_plan
from engine.data.compose import perform_plan

WALK_AND_KICK = (
    "make walk direction=forward speed=normal style=plain for 3.0 ; kick side=left count=1 height=high for 1.6"
)


def perform(line):
    return perform_plan(parse_plan(line), np.random.default_rng(3))


@pytest.mark.parametrize(
    ("line", "name", "count"),
    [
        ("make jump direction=up count=3 height=normal for 4.0", "jump", 3),
        ("make kick side=right count=2 height=high for 3.0", "kick", 2),
        ("make punch side=left count=3 for 2.4", "punch", 3),
        ("make clap count=4 for 2.6", "clap", 4),
        ("make squat count=2 for 4.0", "squat", 2),
        ("make bow count=2 for 4.8", "bow", 2),
        ("make wave side=left count=3 for 2.8", "wave", 1),
        ("make turn side=left degrees=90 for 1.8", "turn", 1),
    ],
)
def test_what_is_performed_is_found_in_order(line, name, count):
    motion = perform(line)
    found = find_events(motion)[name]
    assert len(found) == count
    assert all(0 <= a < b <= motion.duration_s + 1e-6 for a, b in found)
    assert all(b <= c + 1e-6 for (_, b), (c, _) in pairwise(found))


def test_a_later_action_is_found_where_it_is_at_any_rate():
    motion = perform(WALK_AND_KICK)
    for other in (motion, motion.resample(120)):
        events = find_events(other)
        ((start, end),) = events["kick"]
        assert start > 2.6 and end <= other.duration_s and end - start <= 0.81
        walked = [s for s in events["step"] if s[1] < 3.0]
        assert 4 <= len(walked) <= 8 and events["jump"] == []


def test_the_hand_is_highest_where_it_is():
    motion = perform("make stand for 2.0 ; raise_arms side=right direction=up for 2.4")
    ((start, end),) = find_events(motion)["right_hand_high"]
    highest = motion.joint_positions()[:, 21, 1].argmax() / motion.fps
    assert start - 0.3 <= highest <= end + 0.3 and start > 1.8
