"""Operators on poses: angles, heights and distances come out as asked, and feet that stand stay where they stand."""

import numpy as np
import pytest
from edit_clips import STAND, WALK, edited, performed, still

from engine.core import rotations as R
from engine.core.contacts import foot_contact, runs
from engine.core.skeleton import J, sole_points
from engine.edit.hands import TARGETS, palm, target_point
from engine.edit.limbs import elevation

SPAN = "span=1.0s-2.0s"
MIDDLE = slice(28, 32)
"""Frames of a clip at 20 fps where a change over SPAN is whole."""


def changed(text, motion=None):
    return edited(text, motion or still()).scene.motions[0]


def bone(motion, start, end):
    pos = motion.joint_positions().astype(np.float64)
    return R.normalize(pos[:, J[end]] - pos[:, J[start]])


def flexion(motion, a, b, c):
    cosine = (bone(motion, a, b) * bone(motion, b, c)).sum(-1)
    return np.degrees(np.arccos(np.clip(cosine, -1, 1)))


def turn_deg(before, after, joint):
    """Rotation vector (T, 3), in degrees, that a joint was turned by in the world."""
    a, b = (m.world()[1][:, J[joint]].astype(np.float64) for m in (before, after))
    return np.degrees(R.quat_to_aa(R.quat_mul(b, R.quat_inv(a))))


def ankles(motion):
    return motion.joint_positions()[:, [J["left_ankle"], J["right_ankle"]]]


def slide(motion, contact):
    """How far, metres, the ball of a foot strays at most from its mean place on the floor during a contact."""
    ball = sole_points(*motion.world())[:, :, 1][..., [0, 2]]
    spans = [ball[a:b, side] for side in (0, 1) for a, b in runs(contact[:, side])]
    return max(float(np.linalg.norm(s - s.mean(0), axis=-1).max()) for s in spans)


@pytest.mark.parametrize(
    ("part", "degrees", "start", "end"),
    [
        ("left_arm", 20, "left_shoulder", "left_elbow"),
        ("right_arm", 100, "right_shoulder", "right_elbow"),
        ("left_leg", 45, "left_hip", "left_knee"),
        ("legs", 30, "right_hip", "right_knee"),
    ],
)
def test_a_raised_limb_is_higher_by_so_many_degrees(part, degrees, start, end):
    before, after = still(), changed(f"raise part={part} degrees={degrees} {SPAN}")
    grown = elevation(bone(after, start, end)) - elevation(bone(before, start, end))
    assert np.abs(grown[MIDDLE] - degrees).max() < 1
    assert np.abs(grown[:20]).max() < 1e-3 and np.all(np.diff(grown[20:27]) > -1e-3)


def test_a_hanging_arm_goes_to_its_side_and_a_leg_to_the_front():
    heading = np.radians(40)
    left, front = np.array([np.cos(heading), 0, -np.sin(heading)]), np.array([np.sin(heading), 0, np.cos(heading)])
    arm = bone(changed("raise part=right_arm degrees=60"), "right_shoulder", "right_elbow")
    assert (arm @ -left).min() > 0.7
    leg = bone(changed("raise part=left_leg degrees=60"), "left_hip", "left_knee")
    assert (leg @ front).min() > 0.7


def test_a_raised_arm_is_lowered_again_and_no_further_than_hanging():
    up = changed("raise part=left_arm degrees=90")
    back = changed("raise part=left_arm degrees=-90", up)
    before = elevation(bone(still(), "left_shoulder", "left_elbow"))
    np.testing.assert_allclose(elevation(bone(back, "left_shoulder", "left_elbow")), before, atol=1)
    done = edited("raise part=left_arm degrees=-170", up)
    assert elevation(bone(done.scene.motions[0], "left_shoulder", "left_elbow")).max() < 5
    assert "it goes no further" in done.text


def test_a_raised_head_looks_up():
    after = changed(f"raise part=head degrees=25 {SPAN}")
    turn = turn_deg(still(), after, "head")[MIDDLE]
    np.testing.assert_allclose(np.linalg.norm(turn, axis=-1), 25, atol=0.1)
    front = R.quat_rotate(after.world()[1][:, J["head"]], np.array([0, 0, 1.0]))
    assert front[30, 1] > front[5, 1] + 0.3


@pytest.mark.parametrize(
    ("part", "limb"), [("left_arm", ("shoulder", "elbow", "wrist")), ("legs", ("hip", "knee", "ankle"))]
)
def test_a_bent_joint_is_bent_more_the_right_way(part, limb):
    names = [f"left_{name}" for name in limb]
    before, after = still(), changed(f"bend part={part} degrees=40 {SPAN}")
    grown = flexion(after, *names) - flexion(before, *names)
    assert np.abs(grown[MIDDLE] - 40).max() < 1
    _, turns = after.world()
    lower = R.quat_rotate(R.quat_inv(turns[:, 0]), bone(after, names[1], names[2]).astype(np.float32))
    assert lower[30, 2] > 0.3 if "arm" in part else lower[30, 2] < -0.3


def test_a_joint_is_straightened_no_further_than_straight_and_bent_no_further_than_it_goes():
    names = ("left_shoulder", "left_elbow", "left_wrist")
    walk = performed(WALK)
    straight = edited("bend part=arms degrees=-150", walk)
    assert flexion(straight.scene.motions[0], *names).max() < 0.5 and "it goes no further" in straight.text
    folded = changed("bend part=arms degrees=150", walk)
    assert flexion(folded, *names).max() < 150.5
    turned = R.quat_to_aa(R.quat_mul(R.quat_inv(walk.joint_quat[:, 18]), straight.scene.motions[0].joint_quat[:, 18]))
    assert np.degrees(np.linalg.norm(turned, axis=-1)).max() < flexion(walk, *names).max() + 1, "it is not bent back"


@pytest.mark.parametrize("line", [STAND, WALK])
@pytest.mark.parametrize("cm", [30, -3])
def test_a_crouch_leaves_the_feet(line, cm):
    before = performed(line)
    after = changed(f"crouch centimeters={cm} {SPAN}", before)
    drop = before.root_pos[:, 1] - after.root_pos[:, 1]
    if cm > 0:
        np.testing.assert_allclose(drop[MIDDLE], cm / 100, atol=1e-4)
    assert (drop * np.sign(cm)).min() > -1e-6 and np.abs(drop).max() <= abs(cm) / 100 + 1e-6
    assert np.abs(ankles(after) - ankles(before)).max() < 0.002
    soles = [sole_points(*m.world()) for m in (before, after)]
    assert np.abs(soles[0] - soles[1]).max() < 0.003
    hip, ankle = bone(after, "left_hip", "left_knee"), bone(after, "left_knee", "left_ankle")
    left = R.quat_rotate(after.world()[1][:, 0], np.array([1.0, 0, 0]))
    assert ((np.cross(hip, ankle) * left).sum(-1)).min() > -0.05, "knees bend forwards"


@pytest.mark.parametrize(
    ("direction", "axis", "sign"), [("forward", 2, 1), ("backward", 2, -1), ("left", 0, 1), ("right", 0, -1)]
)
def test_a_lean_turns_the_chest_and_nothing_below(direction, axis, sign):
    before, after = still(), changed(f"lean direction={direction} degrees=30 {SPAN}")
    np.testing.assert_allclose(np.linalg.norm(turn_deg(before, after, "spine3")[MIDDLE], axis=-1), 30, atol=0.1)
    neck = after.joint_positions()[:, J["neck"]] - before.joint_positions()[:, J["neck"]]
    moved = R.quat_rotate(R.quat_inv(R.quat_from_axis("y", np.radians(40.0))), neck.astype(np.float64))
    assert sign * moved[30, axis] > 0.1 and abs(moved[30, 2 - axis]) < 0.03
    assert np.array_equal(ankles(before), ankles(after))


def test_a_twist_and_a_look_turn_to_the_left():
    before = still()
    for text, joint, degrees in (("twist degrees=25", "spine3", 25), ("look direction=left degrees=40", "head", 40)):
        turn = turn_deg(before, changed(f"{text} {SPAN}"), joint)[MIDDLE]
        np.testing.assert_allclose(turn[:, 1], degrees, atol=1.5)
    up = changed("look direction=up degrees=30")
    front = R.quat_rotate(up.world()[1][:, J["head"]], np.array([0, 0, 1.0]))
    down = R.quat_rotate(before.world()[1][:, J["head"]], np.array([0, 0, 1.0]))
    assert np.degrees(np.arcsin(front[:, 1]) - np.arcsin(down[:, 1])).mean() == pytest.approx(30, abs=1)
    aside = changed("look direction=left degrees=50")
    ahead = changed("look direction=forward degrees=90", aside)
    assert np.abs(np.degrees(R.heading(ahead.world()[1][:, J["head"]])) - 40).max() < 3


@pytest.mark.parametrize("cm", [20, 50, -5])
def test_the_feet_come_farther_apart(cm):
    before = still()
    after = changed(f"stance centimeters={cm} {SPAN}")
    gap = [np.linalg.norm(np.diff(ankles(m), axis=1)[:, 0], axis=-1) for m in (before, after)]
    np.testing.assert_allclose((gap[1] - gap[0])[28:32], cm / 100, atol=0.01)
    lifted = sole_points(*after.world())[..., 1].min(-1) - sole_points(*before.world())[..., 1].min(-1) > 0.004
    assert not lifted.all(1).any() and (abs(cm) < 10 or lifted.any(0).all()), "one foot steps after the other"
    low = sole_points(*after.world())[..., 1].min((1, 2))
    assert np.abs(low[MIDDLE] - low[0]).max() < 0.005, "the feet stand on the floor"


@pytest.mark.parametrize(
    "text",
    [
        "stance centimeters=15",
        "scale_path factor=1.2",
        "scale_path factor=0.7",
        "crouch centimeters=15",
        "lean direction=left degrees=20",
    ],
)
def test_planted_feet_of_a_walk_do_not_slide(text):
    walk = performed(WALK, 30.0)
    contact = foot_contact(walk)
    assert slide(changed(text, walk), contact) < slide(walk, contact) + 0.01


@pytest.mark.parametrize("hand", ["left", "right", "both"])
@pytest.mark.parametrize("target", sorted(TARGETS))
def test_a_hand_reaches(hand, target):
    done = edited(f"reach hand={hand} target={target} {SPAN}", still())
    after = done.scene.motions[0]
    if target == "other_hand" and hand != "both":
        assert "came no nearer than 11 cm" in done.text, "the other one hangs out of reach"
        return
    for side in ("left", "right") if hand == "both" else (hand,):
        away = palm(after.world(), side) - target_point(after.world(), after.betas, side, target, hand == "both")
        assert np.linalg.norm(away, axis=-1)[MIDDLE].max() < 0.03
        bend = flexion(after, *(f"{side}_{name}" for name in ("shoulder", "elbow", "wrist")))
        assert bend.max() < 155
        hinge = R.quat_to_aa(after.joint_quat[MIDDLE, J[f"{side}_elbow"]]) * (-1 if side == "left" else 1)
        assert hinge[:, 1].min() > -0.02, "the elbow bends the way it can"
        assert np.linalg.norm(R.quat_to_aa(after.joint_quat[MIDDLE, J[f"{side}_wrist"]]), axis=-1).max() < 1e-3
    assert "came within" in done.text
    soles = [sole_points(*m.world()) for m in (still(), after)]
    assert np.abs(soles[0] - soles[1]).max() < 0.005, "the feet stay"


def test_places_of_the_body_are_where_they_should_be():
    after = changed("reach hand=left target=head")
    assert abs(palm(after.world(), "left")[0, 1] - after.joint_positions()[0, J["head"], 1]) < 0.2
    after = changed("reach hand=both target=floor")
    assert palm(after.world(), "right")[:, 1].max() < 0.06 and after.joint_positions()[..., 1].min() > -0.01
    after = changed("reach hand=right target=other_shoulder")
    shoulder = after.joint_positions()[:, J["left_shoulder"]]
    assert np.linalg.norm(palm(after.world(), "right") - shoulder, axis=-1).max() < 0.12
    after = changed("reach hand=both target=up")
    assert (palm(after.world(), "left")[:, 1] > after.joint_positions()[:, J["head"], 1] + 0.3).all()
    hands = [palm(changed("reach hand=both target=other_hand").world(), side) for side in ("left", "right")]
    assert np.linalg.norm(hands[0] - hands[1], axis=-1).max() < 0.06
