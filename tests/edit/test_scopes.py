"""The guarantee of every operator: what its scope does not name is bit-identical, on made and on recorded clips."""

from dataclasses import replace

import numpy as np
import pytest
from edit_clips import CALLS, WALK, captured, edited, performed

from engine.core.errors import UserError
from engine.core.plan import parse_plan
from engine.core.skeleton import NUM_JOINTS
from engine.core.types import Scene
from engine.edit.registry import EDITS
from engine.edit.scope import Scope, breaches
from engine.edit.script import apply_edits

OTHER = "make clap count=3 for 2.4"
CLIPS = [(source, fps) for fps in (20.0, 30.0, 120.0) for source in ("walk", "cmu")]


def clip_of(source, fps):
    motion = performed(WALK, fps) if source == "walk" else captured(fps)
    if motion is None:
        pytest.skip("needs the CMU clips in ../shared/data/cmu")
    return motion


def changed_outside(before, after, scope):
    """The promise once more, frame by frame and joint by joint."""
    if scope.retimed:
        runs = [(a, b, count, False) for a, b, count in scope.kept]
        runs += [(a, b, count, True) for a, b, count in scope.placed]
    else:
        assert before.num_frames == after.num_frames and before.fps == after.fps
        start, stop = round(scope.start_s * after.fps), round(scope.end_s * after.fps)
        runs = [(0, 0, start, False), (stop, stop, after.num_frames - stop, bool(scope.placed))]
        rest = [j for j in range(NUM_JOINTS) if scope.joints is not None and j not in scope.joints]
        yield before.joint_quat[start:stop, rest], after.joint_quat[start:stop, rest]
        if not scope.root:
            yield before.root_pos[start:stop], after.root_pos[start:stop]
    for a, b, count, placed in runs:
        yield before.joint_quat[a : a + count, placed:], after.joint_quat[b : b + count, placed:]
        if not placed:
            yield before.root_pos[a : a + count], after.root_pos[b : b + count]


@pytest.mark.parametrize(("source", "fps"), CLIPS)
@pytest.mark.parametrize(("name", "args"), CALLS, ids=[" ".join(call) for call in CALLS])
def test_the_rest_is_bit_identical(name, args, source, fps):
    before = clip_of(source, fps)
    bits = before.joint_quat.tobytes(), before.root_pos.tobytes()
    done = edited(f"{name} {args}", before, performed(OTHER))
    after, scope = done.scene.motions[0], done.scopes[0][0]
    assert (before.joint_quat.tobytes(), before.root_pos.tobytes()) == bits
    for old, new in changed_outside(before, after, scope):
        assert np.array_equal(old, new)
    assert breaches(before, after, scope) == []
    np.testing.assert_allclose(np.linalg.norm(after.joint_quat, axis=-1), 1, atol=1e-5)
    assert done.text.endswith(".") and "  " not in done.text and "nan" not in done.text
    partial = any(word in args for word in ("0.6s-1.7s", "jump:2"))
    if partial and not done.scopes[0][0].placed and name != "cut":
        assert sum(count for _, _, count in scope.kept) >= before.num_frames - round(1.1 * fps) - 1


@pytest.mark.parametrize(("name", "args"), [c for c in CALLS if "0.6s-1.7s" in c[1] and c[0] not in ("speed", "ease")])
def test_nothing_pops_at_the_ends_of_a_span(name, args):
    before = performed(WALK, 30.0)
    done = edited(f"{name} {args}", before, performed(OTHER))
    after, scope = done.scene.motions[0], done.scopes[0][0]
    edges = [round(t * after.fps) for t in (scope.start_s, scope.end_s)]
    for edge in edges:
        turn = np.abs((after.joint_quat[edge - 1] * after.joint_quat[edge]).sum(-1))
        assert np.degrees(2 * np.arccos(np.clip(turn, 0, 1))).max() < 25, "a joint jumps"
        step = np.linalg.norm(after.root_pos[edge] - after.root_pos[edge - 1])
        assert step < 0.09, "the body jumps"


def test_a_broken_promise_is_found():
    before = performed(WALK)
    scope = Scope(0.5, 1.0, frozenset({16}), root=False)
    quat = before.joint_quat.copy()
    quat[12, 16] = quat[13, 16]
    assert breaches(before, before.with_(joint_quat=quat), scope) == []
    quat[12, 17] = quat[20, 17]
    assert breaches(before, before.with_(joint_quat=quat), scope) == ["joint 17 differs"]
    late = before.joint_quat.copy()
    late[30, 16] = late[40, 16]
    assert breaches(before, before.with_(joint_quat=late), scope) == ["joint 16 differs"]
    moved = before.with_(root_pos=before.root_pos + np.float32(1e-3))
    assert "the path differs" in breaches(before, moved, scope)
    assert breaches(before, moved, replace(scope, start_s=0, end_s=before.duration_s, root=True)) == []
    assert breaches(before, before.slice(1), scope)
    kept = replace(scope, retimed=True, kept=((0, 0, 10),))
    assert breaches(before, before.slice(1), kept) and not breaches(before, before.slice(0, 40), kept)


def test_two_persons_have_a_scope_each():
    pair = Scene((performed(WALK), performed(OTHER)))
    done = apply_edits(pair, parse_plan("edit speed factor=2 span=first:50% ; mirror").edits)
    assert [len(scopes) for scopes in done.scopes] == [2, 2]
    lengths = [m.num_frames for m in pair.motions]
    assert [s.kept for s in done.scopes[0]] == [((round(n / 2), round(n / 4), n - round(n / 2)),) for n in lengths]


def test_there_are_the_operators_that_are_promised():
    assert len(EDITS) >= 40
    with pytest.raises(UserError, match=r"no version 7 .* There are versions 2\."):
        edited("append version=7", performed(WALK), performed(OTHER))
    with pytest.raises(UserError, match="no other versions yet"):
        edited("take version=7", performed(WALK))
