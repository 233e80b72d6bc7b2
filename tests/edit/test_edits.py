"""Edit operators: what an edit does not name stays bit-identical, its account is exact, bad arguments are refused."""

import numpy as np
import pytest
from edit_clips import ARGS

from engine.core import rotations as R
from engine.core.errors import UserError
from engine.core.plan import Call, parse_plan
from engine.core.skeleton import PARTS, J
from engine.core.types import Motion, Scene
from engine.edit.join import concatenate
from engine.edit.registry import EDITS, edit_schemas
from engine.edit.script import apply_edits

UNCHANGED = ("dejitter", "lock_feet")
"""Operators that may find nothing to do in a made-up motion."""


def swinging(num_frames=61, fps=20.0, seed=0, heading=0.7) -> Motion:
    """A smooth made-up motion that travels, turns and moves every joint."""
    rng = np.random.default_rng(seed)
    t = np.arange(num_frames)[:, None, None] / fps
    aa = 0.5 * np.sin(rng.uniform(0.5, 3, (1, 22, 3)) * t * 2 + rng.uniform(0, 6, (1, 22, 3)))
    quat = R.quat_from_aa(aa)
    quat[:, 0] = R.quat_mul(R.quat_from_axis("y", heading + 0.4 * t[:, 0, 0]), R.quat_from_aa(0.1 * aa[:, 0]))
    root = np.stack([0.3 + t[:, 0, 0], 0.9 + 0.03 * np.sin(5 * t[:, 0, 0]), 0.5 * t[:, 0, 0] ** 2], -1)
    return Motion(root, quat, fps)


def edited(text: str, *motions: Motion) -> tuple[Motion, str]:
    applied = apply_edits(Scene(motions or (swinging(),)), parse_plan(f"edit {text}").edits)
    return applied.scene.motions[0], applied.text


def same(a: np.ndarray, b: np.ndarray) -> bool:
    return a.shape == b.shape and a.tobytes() == b.tobytes()


@pytest.mark.parametrize("name", sorted(EDITS))
def test_contract(name):
    """Every operator: documented, input untouched, both persons edited, rotations stay unit, an account is given."""
    a, b = swinging(), swinging(seed=1)
    before = [x.tobytes() for m in (a, b) for x in (m.root_pos, m.joint_quat)]
    call = parse_plan(f"edit {name} {ARGS.get(name, [''])[0].format('0.6s-1.7s')}").edits
    applied = apply_edits(Scene((a, b), caption="x"), call, versions={2: swinging(seed=3)})
    scene, account = applied.scene, applied.text
    assert before == [x.tobytes() for m in (a, b) for x in (m.root_pos, m.joint_quat)]
    assert EDITS[name].__doc__ and account.endswith(".") and scene.caption == "x"
    for old, new in zip((a, b), scene.motions):
        assert new.fps == old.fps or name == "fps"
        assert name in UNCHANGED or not (same(new.joint_quat, old.joint_quat) and same(new.root_pos, old.root_pos))
        np.testing.assert_allclose(np.linalg.norm(new.joint_quat, axis=-1), 1, atol=1e-5)
    for spec in edit_schemas()[name].values():
        assert spec.kind in ("number", "integer", "choice", "span") and spec.help


def test_speed():
    motion = swinging()
    for factor, frames in ((0.5, 122), (2, 30), (0.7, 87)):
        out, account = edited(f"speed factor={factor}", motion)
        assert out.num_frames == frames and f"{out.duration_s:.2f} s" in account
        assert same(out.root_pos[[0, -1]], motion.root_pos[[0, -1]])
    out, _ = edited("speed factor=1", motion)
    assert same(out.joint_quat, motion.joint_quat) and same(out.root_pos, motion.root_pos)


def test_mirror_is_its_own_inverse_and_keeps_the_start():
    motion = swinging()
    once, _ = edited("mirror", motion)
    twice, _ = edited("mirror", once)
    np.testing.assert_allclose(twice.root_pos, motion.root_pos, atol=1e-6)
    np.testing.assert_allclose(twice.joint_quat, motion.joint_quat, atol=1e-6)
    np.testing.assert_allclose(once.root_pos[0], motion.root_pos[0], atol=1e-6)
    turned = [np.unwrap(R.heading(m.joint_quat[:, 0])) for m in (motion, once)]
    np.testing.assert_allclose(turned[0] - turned[0][0], -(turned[1] - turned[1][0]), atol=1e-4)
    left = motion.joint_positions()[:, J["left_wrist"]] - motion.root_pos
    right = once.joint_positions()[:, J["right_wrist"]] - once.root_pos
    np.testing.assert_allclose(np.linalg.norm(left, axis=-1), np.linalg.norm(right, axis=-1), atol=1e-4)


def test_two_persons_keep_their_places_when_turned_or_mirrored():
    a, b = swinging(), swinging(seed=2)
    for text in ("mirror", "turn degrees=-75"):
        scene = apply_edits(Scene((a, b)), parse_plan(f"edit {text}").edits).scene
        gap = [np.linalg.norm(s[0].root_pos - s[1].root_pos, axis=-1) for s in ((a, b), scene.motions)]
        np.testing.assert_allclose(gap[0], gap[1], atol=1e-4)


def test_trim_and_keep_leave_frames_alone():
    motion = swinging()
    trimmed, account = edited("trim start=0.5 end=0.25", motion)
    assert same(trimmed.joint_quat, motion.joint_quat[10:56]) and same(trimmed.root_pos, motion.root_pos[10:56])
    assert account == "Cut 0.50 s from the start and 0.25 s from the end: 3.05 s became 2.30 s."
    kept, account = edited("keep start=1.0 end=9", motion)
    assert same(kept.joint_quat, motion.joint_quat[20:]) and "it ends at 3.05 s" in account


def test_turn_moves_only_the_root():
    motion = swinging()
    out, account = edited("turn degrees=90", motion)
    assert same(out.joint_quat[:, 1:], motion.joint_quat[:, 1:])
    assert same(out.root_pos[:, 1].copy(), motion.root_pos[:, 1].copy())
    change = R.heading(out.joint_quat[:, 0]) - R.heading(motion.joint_quat[:, 0])
    np.testing.assert_allclose(np.cos(change - np.pi / 2), 1, atol=1e-5)
    assert "90 degrees to the left" in account


def test_other_hand_moves_only_the_arms():
    motion = swinging()
    out, _ = edited("other_hand", motion)
    arms = [*PARTS["left_arm"], *PARTS["right_arm"]]
    rest = [j for j in range(22) if j not in arms]
    assert same(out.root_pos, motion.root_pos) and same(out.joint_quat[:, rest], motion.joint_quat[:, rest])
    assert not same(out.joint_quat[:, arms], motion.joint_quat[:, arms])
    again, _ = edited("other_hand", out)
    assert np.array_equal(again.joint_quat, motion.joint_quat)


def test_reverse_is_exact():
    motion = swinging()
    out, _ = edited("reverse", motion)
    assert same(out.joint_quat[::-1].copy(), motion.joint_quat)


def test_repeat_carries_on():
    motion = swinging()
    out, account = edited("repeat count=3", motion)
    assert out.num_frames == 3 * motion.num_frames and "blended over 0.2 s" in account
    assert same(out.joint_quat[:61], motion.joint_quat)
    step = np.linalg.norm(np.diff(out.root_pos, axis=0), axis=-1)
    assert step.max() < 1.5 * np.linalg.norm(np.diff(motion.root_pos, axis=0), axis=-1).max()
    still = Motion(np.tile([[0, 0.9, 0]], (20, 1)), R.quat_identity(20, 22))
    _, account = edited("repeat count=2", still)
    assert "the ends match" in account


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("trim start=2 end=2", "trim would remove all 3.0 s"),
        ("keep start=5 end=6", "lasts 3.0 s"),
        ("keep start=2 end=1", "leaves nothing"),
        ("speed factor=0", "from 0.1 to 10"),
        ("speed factor=nan", "from 0.1 to 10"),
        ("speed", "needs factor"),
        ("speed factor=fast", "a number from 0.1"),
        ("repeat count=2.5", "a whole number from 2 to 10"),
        ("turn degrees=400", "from -360 to 360"),
        ("mirror side=left", "no argument 'side'"),
        ("blur", "no edit operator called 'blur'"),
    ],
)
def test_bad_arguments_are_explained(text, says):
    with pytest.raises(UserError, match=says):
        edited(text)


def test_scripts_run_in_order_and_say_everything():
    calls = (Call("speed", {"factor": "0.5"}), Call("mirror"), Call("reverse"))
    applied = apply_edits(Scene((swinging(),)), calls)
    account = applied.text
    assert applied.scene.motions[0].num_frames == 122 and [len(s) for s in applied.scopes] == [1, 1, 1]
    assert account.index("0.5 times") < account.index("Mirrored") < account.index("Reversed")


def test_concatenate_goes_on_from_the_end():
    a, b = swinging(), swinging(41, 30.0, seed=3, heading=-2)
    out = concatenate(a, b)
    assert same(out.joint_quat[: a.num_frames], a.joint_quat) and out.fps == a.fps
    quat = R.quat_continuous(out.joint_quat)
    turn = 2 * np.arccos(np.clip((quat[1:] * quat[:-1]).sum(-1), -1, 1))
    assert turn[a.num_frames - 1].max() < 1.5 * np.delete(turn, a.num_frames - 1, 0).max()
    assert np.linalg.norm(out.root_pos[a.num_frames] - out.root_pos[a.num_frames - 1]) < 0.2
    assert abs(R.heading(out.joint_quat[a.num_frames, 0]) - R.heading(a.joint_quat[-1, 0])) < 0.15
    later = out.joint_quat[a.num_frames + 6 :, 1:]
    assert same(later, b.resample(20.0).joint_quat[6:, 1:])
