"""Edits of one person of two: the other stays the very same object, and the account says who it was."""

import numpy as np
import pytest
from edit_clips import ARGS, EVENTS, STAND, WALK, performed

from engine.core.errors import UserError
from engine.core.plan import Call, parse_plan
from engine.core.types import Scene
from engine.edit.again import resolve
from engine.edit.registry import EDITS
from engine.edit.scope import breaches
from engine.edit.script import apply_edits


def edit(text: str, *motions, versions=None):
    return apply_edits(Scene(motions), parse_plan(f"edit {text}").edits, lambda _: EVENTS, versions)


@pytest.mark.parametrize("name", sorted(EDITS))
@pytest.mark.parametrize("who", ["a", "b"])
def test_every_operator_leaves_the_other_person_alone(name, who):
    a, b = performed(WALK), performed(STAND)
    line = f"{name} {ARGS.get(name, [''])[0].format('0.6s-1.7s')}".strip()
    done = edit(f"{line} who={who}", a, b, versions={2: performed(WALK)})
    mine = "ab".index(who)
    assert done.scene.motions[1 - mine] is (a, b)[1 - mine]
    assert done.text.startswith(f"{who.upper()}: ")
    scopes = done.scopes[0]
    assert len(scopes) == 2
    for before, after, scope in zip((a, b), done.scene.motions, scopes, strict=True):
        assert breaches(before, after, scope) == []
    alone = edit(line, (a, b)[mine], versions={2: performed(WALK)})
    assert np.array_equal(alone.scene.motions[0].joint_quat, done.scene.motions[mine].joint_quat)
    assert np.array_equal(alone.scene.motions[0].root_pos, done.scene.motions[mine].root_pos)


def test_lengths_may_differ_and_scripts_name_persons_one_by_one():
    a, b = performed(WALK), performed(STAND)
    done = edit("speed factor=0.5 who=b ; raise part=left_arm degrees=20 who=a ; mirror", a, b)
    assert [m.num_frames for m in done.scene.motions] == [a.num_frames, 2 * b.num_frames]
    assert done.text.startswith("B: Played") and " A: Raised" in done.text and len(done.scopes) == 3
    assert done.scene.duration_s == max(m.duration_s for m in done.scene.motions)


def test_one_person_is_a_and_nobody_is_b():
    walk = performed(WALK)
    plain, named = edit("turn degrees=90", walk), edit("turn degrees=90 who=a", walk)
    assert plain.text == named.text
    assert np.array_equal(plain.scene.motions[0].root_pos, named.scene.motions[0].root_pos)
    with pytest.raises(UserError, match="only one person"):
        edit("turn degrees=90 who=b", walk)
    with pytest.raises(UserError, match="must be a or b"):
        edit("turn degrees=90 who=c", walk, walk)


def test_motion_is_taken_from_the_same_person_of_a_version():
    a, b = performed(WALK), performed(STAND)
    version = {2: Scene((b, a))}
    out = edit("take version=2 part=left_arm who=b", a, b, versions=version).scene.motions
    arm = [13, 16, 18, 20]
    assert np.array_equal(out[1].joint_quat[:, arm], a.joint_quat[: b.num_frames, arm])
    only = edit("take version=2 part=left_arm who=b", a, b, versions={2: Scene((a,))}).scene.motions
    assert np.array_equal(only[1].joint_quat, out[1].joint_quat)


def test_again_keeps_and_changes_the_person():
    last = parse_plan("edit raise part=left_arm degrees=20 who=a").edits
    once = resolve(parse_plan("edit again times=0.5").edits, last).calls
    assert once == (Call("raise", {"part": "left_arm", "degrees": "10", "who": "a"}),)
    other = resolve(parse_plan("edit again who=b").edits, last).calls
    assert other == (Call("raise", {"part": "left_arm", "degrees": "20", "who": "b"}),)
    changed = resolve(parse_plan("edit back ; again who=b").edits, last)
    assert changed.before and changed.calls == other
