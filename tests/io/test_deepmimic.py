"""DeepMimic's JSON: frames made here, uneven times, and everything else that is JSON or text."""

import json

import numpy as np
import pytest

from engine.core import rotations as R
from engine.core.errors import UserError
from engine.core.skeleton import J
from engine.io import load


def frames(count=20, step=0.05):
    """Walks along +X with the right knee bent by 90 degrees and the left elbow by 60."""
    rows = np.zeros((count, 44))
    rows[:, 0] = step
    rows[:, 1] = np.arange(count) * 0.05
    rows[:, 2] = 0.85
    for column in (4, 8, 12, 16, 21, 25, 30, 35, 39):
        rows[:, column] = 1
    rows[:, 20], rows[:, 43] = -np.pi / 2, np.pi / 3
    rows[-1, 0] = 0
    return rows


def write(path, rows):
    path.write_text(json.dumps({"Loop": "wrap", "Frames": rows.tolist()}))
    return path


@pytest.mark.parametrize("suffix", [".json", ".txt"])
def test_walks_ahead_with_joints_that_bend_the_right_way(tmp_path, suffix):
    scene = load(write(tmp_path / f"a{suffix}", frames()))
    motion = scene.motions[0]
    assert (motion.num_frames, motion.fps) == (20, 20)
    pos = motion.joint_positions()
    assert (pos[-1, 0, 0] - pos[0, 0, 0]) / scene.provenance["scale"] == pytest.approx(0.95, rel=0.01)
    assert np.allclose(np.degrees(R.heading(motion.joint_quat[:, 0])), 90, atol=1)
    assert pos[0, J["right_ankle"], 0] < pos[0, J["right_knee"], 0] - 0.3  # the heel goes back
    assert pos[0, J["left_wrist"], 0] > pos[0, J["left_elbow"], 0] + 0.15  # the hand comes ahead


def test_uneven_times_are_played_evenly(tmp_path):
    rows = frames()
    rows[10:, 0] = 0.1
    motion = load(write(tmp_path / "a.json", rows)).motions[0]
    total = rows[:-1, 0].sum()
    assert motion.num_frames == int(total * motion.fps + 1e-6) + 1
    assert motion.root_pos[-1, 0] / motion.root_pos[-2, 0] > 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("hello", r"must be DeepMimic's JSON"),
        ("[1, 2]", "no list 'Frames'"),
        ('{"Frames": []}', "no list 'Frames'"),
        ('{"Frames": [[1, 2, 3]]}', "3 numbers.*has 44"),
        (json.dumps({"Frames": [["x"] * 44]}), "not all numbers"),
        (json.dumps({"Frames": (frames(3) * [[np.nan], [1], [1]]).tolist()}), "NaN"),
        (json.dumps({"Frames": frames(3, step=-1).tolist()}), "must last longer"),
        (json.dumps({"Frames": (frames(3) * 0 + 0.001).tolist()}), "rotations of 'hips' that are zero"),
        ("[" * 100_000, "DeepMimic"),
    ],
)
def test_anything_else_is_refused_in_words(tmp_path, content, words):
    (tmp_path / "a.json").write_text(content)
    with pytest.raises(UserError, match=words):
        load(tmp_path / "a.json")
