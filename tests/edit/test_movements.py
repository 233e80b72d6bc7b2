"""Operators on movement: parts larger, softer, frozen, late; spikes, sliding feet and the floor; other versions."""

import time

import numpy as np
import pytest
from edit_clips import ARGS, STAND, WALK, edited, performed, spikes, still

from engine.core import rotations as R
from engine.core.skeleton import J, sole_points
from engine.edit.anchor import Anchor
from engine.edit.filters import mean_quat
from engine.edit.parts import PARTS
from engine.edit.registry import EDITS

CLAP = "make clap count=3 for 2.4"
ARMS = list(PARTS["arms"])


def changed(text, motion, other=None):
    return edited(text, motion, other).scene.motions[0]


def deviation(motion, joint):
    quat = motion.joint_quat[:, [joint]].astype(np.float64)
    return np.linalg.norm(R.quat_to_aa(R.quat_mul(R.quat_inv(mean_quat(quat))[None], quat)), axis=-1)[:, 0]


def jerk(motion):
    hands = motion.joint_positions()[:, [J["left_wrist"], J["right_wrist"]]].astype(np.float64)
    return float(np.abs(np.diff(hands, 3, axis=0)).mean())


def test_amplified_movements_keep_their_mean_and_grow():
    walk = performed(WALK)
    for factor in (0.0, 0.5, 1.6):
        after = changed(f"amplify part=arms factor={factor}", walk)
        for joint in (J["left_shoulder"], J["right_elbow"]):
            np.testing.assert_allclose(deviation(after, joint), factor * deviation(walk, joint), atol=0.02)
    all_of_it = changed("amplify factor=1.5", walk)
    faced = [R.heading(m.joint_quat[:, 0].astype(np.float64)) for m in (walk, all_of_it)]
    np.testing.assert_allclose(faced[0], faced[1], atol=1e-3)


def test_exaggerated_the_hands_go_farther_and_the_feet_stay():
    walk = performed(WALK)
    after = changed("exaggerate factor=1.6", walk)
    ankles = [m.joint_positions()[:, [J["left_ankle"], J["right_ankle"]]] for m in (walk, after)]
    assert np.abs(ankles[0] - ankles[1]).max() < 0.003
    reach = [np.ptp((m.joint_positions()[:, J["left_wrist"]] - m.root_pos)[:, 1]) for m in (walk, after)]
    assert reach[1] > 1.15 * reach[0]
    assert np.ptp(after.root_pos[:, 1]) > np.ptp(walk.root_pos[:, 1])


def test_softened_there_is_less_jerk_and_the_feet_are_kept():
    walk = performed(WALK, 30.0)
    after = changed("soften amount=0.6", walk)
    assert jerk(after) < 0.7 * jerk(walk)
    soles = [sole_points(*m.world()) for m in (walk, after)]
    assert np.abs(soles[0] - soles[1]).max() < 0.01
    assert jerk(changed("smooth amount=0.5 part=arms", walk)) < 0.95 * jerk(walk)


def test_a_frozen_part_keeps_still():
    walk = performed(WALK)
    after = changed("freeze part=arms span=1.0s-2.0s", walk)
    assert np.abs(after.joint_quat[20:34, ARMS] - walk.joint_quat[20, ARMS]).max() < 1e-6
    body = changed("freeze span=1.0s-2.0s", walk)
    assert np.linalg.norm(body.root_pos[33] - body.root_pos[27]) < 0.005
    went = [np.linalg.norm(m.root_pos[-1] - m.root_pos[40]) for m in (walk, body)]
    assert went[1] == pytest.approx(went[0], abs=1e-4), "it goes on from where it stood"
    assert np.linalg.norm(body.root_pos[40] - walk.root_pos[20]) < 0.12


def test_a_delayed_part_does_the_same_later():
    walk = performed(WALK)
    for seconds, shift in ((0.2, 4), (-0.25, -5)):
        after = changed(f"delay part=arms seconds={seconds}", walk)
        inner = slice(10, 60)
        assert np.array_equal(after.joint_quat[inner, ARMS], walk.joint_quat[10 - shift : 60 - shift][:, ARMS])
    assert edited("delay part=arms seconds=0.2", walk).text == "Let the arms lag behind the rest by 0.20 s."


def test_spikes_are_taken_out_and_nothing_else():
    walk = performed(WALK, 30.0)
    done = edited("dejitter", spikes(walk))
    clean = done.scene.motions[0]
    assert "2 of" in done.text
    at = [walk.num_frames // 3, walk.num_frames // 2]
    rest = np.delete(np.arange(walk.num_frames), at)
    assert np.array_equal(clean.joint_quat[rest], walk.joint_quat[rest])
    dot = np.abs((clean.joint_quat[at, 18] * walk.joint_quat[at, 18]).sum(-1))
    assert np.degrees(2 * np.arccos(np.clip(dot, 0, 1))).max() < 8
    calm = edited("dejitter", walk)
    assert "no spikes" in calm.text and np.array_equal(calm.scene.motions[0].joint_quat, walk.joint_quat)


def test_sliding_feet_are_locked():
    stand = performed(STAND)
    t = np.arange(stand.num_frames) / stand.fps
    swim = np.stack([0.03 * np.sin(2 * t), 0 * t, 0.02 * np.sin(3 * t)], -1)
    sliding = stand.with_(root_pos=stand.root_pos + swim)
    ball = [sole_points(*m.world())[:, :, 1] for m in (sliding, changed("lock_feet", sliding))]
    assert np.ptp(ball[0], axis=0).max() > 0.04 and np.ptp(ball[1], axis=0).max() < 0.012


@pytest.mark.parametrize("height", [0.3, -0.08])
def test_the_lowest_standing_foot_comes_to_the_floor(height):
    stand = performed(STAND)
    after = changed("floor", stand.with_(root_pos=stand.root_pos + [0, height, 0]))
    assert abs(np.median(sole_points(*after.world())[..., 1].min((1, 2)))) < 0.005


def test_a_part_of_another_version():
    walk, clap = performed(WALK), performed(CLAP)
    after = changed("take version=2 part=upper", walk, clap)
    count = min(walk.num_frames, clap.num_frames)
    assert np.array_equal(after.joint_quat[:count, ARMS], clap.joint_quat[:count, ARMS])
    over = changed("overlay version=2 part=arms span=1.0s-2.0s", walk, clap)
    assert np.abs(over.joint_quat[28, ARMS] - clap.joint_quat[8, ARMS]).max() < 1e-5
    legs = changed("take version=2 part=lower", clap, walk)
    assert np.linalg.norm(legs.root_pos[-1] - legs.root_pos[0]) > 1
    assert np.linalg.norm((Anchor.of(legs).point - Anchor.of(clap).point)[[0, 2]]) < 1e-3


def test_versions_one_after_another():
    walk, clap = performed(WALK), performed(CLAP)
    n, k = walk.num_frames, clap.num_frames
    appended, prepended = changed("append version=2", walk, clap), changed("prepend version=2", walk, clap)
    assert np.array_equal(appended.joint_quat[:n], walk.joint_quat) and appended.num_frames == n + k
    assert np.array_equal(prepended.root_pos[k:], walk.root_pos) and prepended.num_frames == n + k
    inserted = changed("insert version=2 at=2.0", walk, clap)
    assert np.array_equal(inserted.joint_quat[40 + k :, 1:], walk.joint_quat[40:, 1:])
    assert np.array_equal(inserted.joint_quat[50, 1:], clap.joint_quat[10, 1:])
    faded = changed("blend version=2 seconds=1", walk, clap)
    assert faded.num_frames == n + k - 20 and np.array_equal(faded.root_pos[: n - 20], walk.root_pos[: n - 20])
    for motion in (appended, prepended, inserted, faded):
        assert np.linalg.norm(np.diff(motion.root_pos, axis=0), axis=-1).max() < 0.1, "nobody is carried off"
        dot = np.abs((motion.joint_quat[1:] * motion.joint_quat[:-1]).sum(-1))
        assert np.degrees(2 * np.arccos(np.clip(dot, 0, 1))).max() < 25


@pytest.mark.parametrize("name", sorted(EDITS))
def test_every_operator_is_fast(name):
    motion, other = performed(WALK, 120.0).sample_at(np.linspace(0, 470, 720)), performed(CLAP)
    assert motion.num_frames == 720
    taken = []
    for _ in range(3):
        start = time.process_time()
        edited(f"{name} {ARGS.get(name, [''])[-1].format('all')}", motion, other)
        taken.append(time.process_time() - start)
    assert min(taken) < 0.15


def test_nothing_happens_to_one_who_is_as_asked():
    stand = still()
    for text in ("amplify part=arms factor=3", "smooth amount=1 part=arms", "dejitter"):
        after = changed(text, stand)
        assert np.abs(after.joint_quat - stand.joint_quat).max() < 1e-5
