"""Operators on time and on the place: lengths, moments, directions and ways come out as asked."""

import numpy as np
import pytest
from edit_clips import STAND, WALK, edited, performed

from engine.core import rotations as R
from engine.core.errors import UserError
from engine.edit.anchor import Anchor


def changed(text, motion=None):
    return edited(text, motion or performed(WALK)).scene.motions[0]


def floor_m(motion):
    return float(np.linalg.norm(np.diff(motion.root_pos[:, [0, 2]].astype(np.float64), axis=0), axis=-1).sum())


def test_a_span_is_played_faster():
    walk = performed(WALK)
    done = edited("speed factor=2 span=1.0s-2.0s", walk)
    after = done.scene.motions[0]
    assert after.num_frames == walk.num_frames - 10
    assert np.array_equal(after.joint_quat[20:30], walk.joint_quat[20:40:2])
    assert "from 1.00 s to 2.00 s at 2 times the speed: 1.00 s became 0.50 s" in done.text


@pytest.mark.parametrize("seconds", [2.0, 5.5])
def test_the_duration_is_as_asked(seconds):
    after = changed(f"duration seconds={seconds}")
    assert after.duration_s == pytest.approx(seconds, abs=0.03)
    assert np.array_equal(after.root_pos[-1], performed(WALK).root_pos[-1])


def test_a_cut_joins_what_is_left():
    walk = performed(WALK)
    after = changed("cut span=1.0s-2.0s")
    assert after.num_frames == walk.num_frames - 20
    assert np.linalg.norm(np.diff(after.root_pos, axis=0), axis=-1).max() < 0.1, "nobody is carried off"
    stand = performed(STAND)
    still = changed("cut span=1.0s-2.0s", stand)
    assert np.array_equal(still.root_pos[24:], stand.root_pos[44:])
    with pytest.raises(UserError, match="would leave nothing"):
        changed("cut span=all")


def test_a_moment_is_held():
    walk = performed(WALK)
    after = changed("hold at=1.0 seconds=0.5")
    assert after.num_frames == walk.num_frames + 10
    assert (after.joint_quat[20:31] == walk.joint_quat[20]).all()
    assert np.array_equal(after.root_pos[31:], walk.root_pos[21:])
    with pytest.raises(UserError, match="no moment at 9 s"):
        changed("hold at=9 seconds=1")


def test_a_looped_end_leads_into_the_start():
    walk = performed(WALK)
    uneven = walk.slice(13, 50)
    after = changed("loop", uneven)

    def gap(motion):
        dot = np.abs((motion.joint_quat[-1, 1:] * motion.joint_quat[0, 1:]).sum(-1))
        return float(np.degrees(2 * np.arccos(np.clip(dot, 0, 1))).max())

    assert gap(uneven) > 20 and gap(after) < 10
    assert np.array_equal(after.joint_quat[:-8], uneven.joint_quat[:-8])
    assert np.linalg.norm(np.diff(after.root_pos, axis=0), axis=-1).max() < 0.1


def test_the_pace_is_eased():
    walk = performed(WALK)
    for kind, first, last in (("in", True, False), ("out", False, True), ("both", True, True)):
        way = np.linalg.norm(np.diff(changed(f"ease kind={kind} span=1.0s-2.5s").root_pos[20:50], axis=0), axis=-1)
        even = np.linalg.norm(np.diff(walk.root_pos[20:50], axis=0), axis=-1)
        assert (way[:3].sum() < 0.6 * even[:3].sum()) == first
        assert (way[-3:].sum() < 0.6 * even[-3:].sum()) == last


def test_a_span_runs_backwards_and_the_walk_goes_on_from_there():
    walk = performed(WALK)
    after = changed("reverse span=1.0s-2.0s")
    assert after.num_frames == walk.num_frames
    assert np.array_equal(after.joint_quat[26:34, 1:], walk.joint_quat[33:25:-1, 1:])
    assert np.array_equal(after.joint_quat[40:, 1:], walk.joint_quat[40:, 1:])
    ahead = R.quat_rotate(R.quat_from_axis("y", np.radians(-40.0)), np.diff(after.root_pos, axis=0).astype(np.float64))
    assert ahead[25:34, 2].max() < 0 < ahead[10:18, 2].min()
    assert np.linalg.norm(np.diff(after.root_pos, axis=0), axis=-1).max() < 0.15


def test_a_span_is_repeated_on_the_way():
    walk = performed(WALK)
    after = changed("repeat count=3 span=1.0s-2.0s")
    assert after.num_frames == walk.num_frames + 40
    assert np.array_equal(after.joint_quat[80:, 1:], walk.joint_quat[40:, 1:])
    assert np.array_equal(after.joint_quat[46:60, 1:], walk.joint_quat[26:40, 1:])
    assert floor_m(after) == pytest.approx(floor_m(walk) + 2 * floor_m(walk.slice(20, 40)), rel=0.1)


def test_another_frame_rate():
    after = changed("fps rate=60")
    assert after.fps == 60 and np.array_equal(after.joint_quat[::3], performed(WALK).joint_quat)


@pytest.mark.parametrize(("direction", "degrees"), [("forward", 0), ("left", 90), ("backward", 180), ("right", -90)])
def test_it_faces_and_moves(direction, degrees):
    faced = np.degrees(Anchor.of(changed(f"face direction={direction}")).heading)
    assert abs((faced - degrees + 180) % 360 - 180) < 0.1
    way = changed(f"move direction={direction} meters=2").root_pos - performed(WALK).root_pos
    angle = np.radians(degrees) + Anchor.of(performed(WALK)).heading
    np.testing.assert_allclose(way, np.tile([2 * np.sin(angle), 0, 2 * np.cos(angle)], (len(way), 1)), atol=1e-4)


def test_it_is_lifted_and_put_somewhere():
    walk = performed(WALK)
    np.testing.assert_allclose(
        changed("move direction=down meters=0.2").root_pos[:, 1], walk.root_pos[:, 1] - 0.2, atol=1e-6
    )
    placed = changed("start_at x=1.5 z=-2")
    np.testing.assert_allclose(placed.root_pos[0, [0, 2]], [1.5, -2], atol=1e-5)
    assert np.array_equal(placed.root_pos[:, 1], walk.root_pos[:, 1])
    assert floor_m(placed) == pytest.approx(floor_m(walk), abs=1e-3)


@pytest.mark.parametrize("factor", [0.5, 1.4])
def test_the_way_is_scaled(factor):
    walk = performed(WALK)
    ways = [
        np.linalg.norm((m.root_pos[-1] - m.root_pos[0])[[0, 2]]) for m in (walk, changed(f"scale_path factor={factor}"))
    ]
    assert ways[1] == pytest.approx(factor * ways[0], rel=0.01)


def test_the_way_is_bent_or_taken_out():
    walk = performed(WALK)
    bent = changed("bend_path degrees=60")
    turn = [np.degrees(Anchor.of(m, -1).heading - Anchor.of(m).heading) for m in (walk, bent)]
    assert turn[1] - turn[0] == pytest.approx(60, abs=1) and floor_m(bent) == pytest.approx(floor_m(walk), rel=0.01)
    still = changed("in_place")
    assert np.ptp(still.root_pos[:, [0, 2]], axis=0).max() == 0 and np.array_equal(still.joint_quat, walk.joint_quat)
