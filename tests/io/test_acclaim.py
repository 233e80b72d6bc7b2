"""ASF/AMC: a small pair made here, its other half found or missed, and damage."""

import numpy as np
import pytest

from engine.core import rotations as R
from engine.core.errors import UserError
from engine.core.skeleton import J
from engine.io import load, load_pair

BONES = """lhipjoint root 0.1 -0.1 0 1
rhipjoint root -0.1 -0.1 0 1
lfemur lhipjoint 0 -1 0 7
ltibia lfemur 0 -1 0 7
lfoot ltibia 0 0 1 2
rfemur rhipjoint 0 -1 0 7
rtibia rfemur 0 -1 0 7
rfoot rtibia 0 0 1 2
lowerback root 0 1 0 4
thorax lowerback 0 1 0 4
head thorax 0 1 0 3
lclavicle thorax 1 0 0 2
lhumerus lclavicle 1 0 0 5
lradius lhumerus 1 0 0 5
rclavicle thorax -1 0 0 2
rhumerus rclavicle -1 0 0 5
rradius rhumerus -1 0 0 5"""
DOF = {"lfemur": "rx ry rz", "ltibia": "rx", "rtibia": "rx", "rfemur": "rx ry rz", "thorax": "rx ry rz"}


def asf(angle="deg"):
    """A skeleton in inches whose thighs turn about axes of their own."""
    lines = [":version 1.10", ":name test", ":units", "  mass 1.0", "  length 1.0", f"  angle {angle}", ":root"]
    lines += ["  order TX TY TZ RX RY RZ", "  axis XYZ", "  position 0 0 0", "  orientation 0 0 0", ":bonedata"]
    pairs = []
    for row in BONES.splitlines():
        name, parent, *numbers = row.split()
        direction = np.array(numbers[:3], float)
        direction /= np.linalg.norm(direction)
        tilt = "0 0 20" if "femur" in name else "0 0 0"
        lines += ["  begin", "    id 1", f"    name {name}", f"    direction {' '.join(map(str, direction))}"]
        length = float(numbers[3]) * 2.5
        lines += [
            f"    length {length}",
            f"    axis {tilt} XYZ",
            *([f"    dof {DOF[name]}"] if name in DOF else []),
            "  end",
        ]
        pairs.append(f"    {parent} {name}")
    return "\n".join([*lines, ":hierarchy", "  begin", *pairs, "  end"]) + "\n"


def amc(frames=30, scale=1.0):
    """Walks along +Z and bends the left knee by 60 degrees."""
    lines = ["#!OML:ASF", ":FULLY-SPECIFIED", ":DEGREES" if scale == 1 else ":RADIANS"]
    for k in range(frames):
        lines += [str(k + 1), f"root 0 37 {k * 0.5} 0 0 0", f"ltibia {60.0 * scale}", f"lfemur 0 {30 * scale} 0"]
    return "\n".join(lines) + "\n"


@pytest.fixture
def pair(tmp_path):
    (tmp_path / "walk.asf").write_text(asf())
    (tmp_path / "walk.amc").write_text(amc())
    return tmp_path


@pytest.mark.parametrize("suffix", ["asf", "amc"])
def test_either_half_finds_the_other(pair, suffix):
    scene = load(pair / f"walk.{suffix}")
    motion = scene.motions[0]
    assert motion.num_frames == 30 and motion.fps == 120
    pos = motion.joint_positions()
    assert (pos[-1, 0, 2] - pos[0, 0, 2]) / scene.provenance["scale"] == pytest.approx(29 * 0.5 * 0.0254, rel=0.02)
    thigh, shin = (pos[0, J[b]] - pos[0, J[a]] for a, b in (("left_hip", "left_knee"), ("left_knee", "left_ankle")))
    bend = np.degrees(np.arccos(R.normalize(thigh) @ R.normalize(shin)))
    assert bend == pytest.approx(60, abs=3)


def test_the_rate_can_be_said(pair):
    assert load(pair / "walk.amc", fps=60).motions[0].fps == 60


def test_radians(pair):
    degrees = load(pair / "walk.amc").motions[0].joint_positions()
    (pair / "walk.asf").write_text(asf("rad").replace("axis 0 0 20", f"axis 0 0 {np.radians(20)}"))
    (pair / "walk.amc").write_text(amc(scale=np.pi / 180))
    assert np.allclose(load(pair / "walk.amc").motions[0].joint_positions(), degrees, atol=1e-4)


def test_the_other_half_by_another_name(pair):
    (pair / "walk.asf").rename(pair / "07.asf")
    (pair / "walk.amc").rename(pair / "07_03.amc")
    (pair / "08.asf").write_text("not this one")
    assert load(pair / "07_03.amc").motions[0].num_frames == 30
    assert load(pair / "07.asf").motions[0].num_frames == 30


def test_two_attachments_are_one_person(pair, tmp_path_factory):
    other = tmp_path_factory.mktemp("elsewhere") / "motion.amc"
    (pair / "walk.amc").rename(other)
    for first, second in ((pair / "walk.asf", other), (other, pair / "walk.asf")):
        assert len(load_pair(first, second).motions) == 1


def test_a_half_alone_asks_for_the_other(pair):
    (pair / "walk.amc").unlink()
    with pytest.raises(UserError, match=r"needs its motion file \(walk\.amc\).*Upload both"):
        load(pair / "walk.asf")
    for name in ("walk_1.amc", "walk_2.amc"):
        (pair / name).write_text(amc())
    with pytest.raises(UserError, match=r"several: walk_1\.amc, walk_2\.amc"):
        load(pair / "walk.asf")
    with pytest.raises(UserError, match=r"needs a motion file \(\.amc\)"):
        load(pair / "walk.asf", other=pair / "walk.asf")


@pytest.mark.parametrize(
    ("half", "change", "words"),
    [
        ("asf", lambda t: t.split(":hierarchy")[0], "lacks :hierarchy"),
        ("asf", lambda t: t.replace("length 17.5", "length long"), "cannot be read as Acclaim"),
        ("asf", lambda t: t.replace("length 17.5", "length inf"), "skeleton"),
        ("asf", lambda t: t.replace("root lowerback", "nobody lowerback"), "does not hang together"),
        ("asf", lambda t: t.replace("lfemur", "wing").replace("rfemur", "tail"), "does not have|thigh"),
        ("amc", lambda t: "", "empty"),
        ("amc", lambda t: "hello\n", "holds no frames"),
        ("amc", lambda t: t.replace("ltibia 60.0", "ltibia far", 1), "word among its numbers"),
        ("amc", lambda t: t.replace("ltibia 60.0", "ltibia 60 1", 1), "2 values for 'ltibia'"),
        ("amc", lambda t: t.replace("ltibia 60.0", "ltibia nan", 1), "NaN"),
        ("amc", lambda t: t.replace("ltibia", "tail"), "does not have: tail"),
    ],
)
def test_damage_is_said(pair, half, change, words):
    path = pair / f"walk.{half}"
    path.write_text(change(path.read_text()))
    with pytest.raises(UserError, match=words):
        load(path)
