"""Awkward files: each is refused with a UserError that says what is wrong, and nothing else ever escapes."""

import io
import struct
import zipfile

import numpy as np
import pytest

from engine.core.errors import UserError
from engine.core.rotations import quat_from_aa
from engine.core.types import Motion
from engine.io import checks, load, save
from engine.io.bvh import format_bvh

RNG = np.random.default_rng(0)
EMPTY = np.zeros(0)
MOTION = Motion(np.full((6, 3), [0, 0.94, 0]), quat_from_aa(RNG.normal(size=(6, 22, 3)) * 0.1), 30.0)
BVH = format_bvh(MOTION)
HEAD, FRAMES = BVH.split("MOTION\n")
ROWS = FRAMES.splitlines()[2:]


def motion_section(count="6", time="0.0333333", rows=ROWS):
    return f"{HEAD}MOTION\nFrames: {count}\nFrame Time: {time}\n" + "\n".join(rows) + "\n"


def with_value(word):
    first = ROWS[2].split()
    return motion_section(rows=[*ROWS[:2], " ".join([*first[:5], word, *first[6:]]), *ROWS[3:]])


DEEP = "HIERARCHY\nROOT a\n{\nOFFSET 0 0 0\nCHANNELS 1 Zrotation\n" + "JOINT b {\nOFFSET 0 1 0\n" * 5000
BAD_BVH = {
    "not text": (b"\x00\x01\x02\xff" * 300, "not text"),
    "words": (b"hello world\n", "begin with HIERARCHY"),
    "blank": (b"  \n\n ", "begin with HIERARCHY"),
    "no motion": (HEAD.encode(), "no MOTION section"),
    "cut in the hierarchy": (BVH[:600].encode(), "no MOTION section|truncated"),
    "cut in the numbers": (BVH[:-400].encode(), "truncated|needs|need"),
    "one frame short": (motion_section(rows=ROWS[:-1]).encode(), "holds 5; it is truncated"),
    "one frame over": (motion_section(rows=[*ROWS, ROWS[0]]).encode(), "holds 7; it is inconsistent"),
    "no numbers": (motion_section(rows=[]).encode(), "holds 0"),
    "one column short": (motion_section(rows=[r.rsplit(" ", 1)[0] for r in ROWS]).encode(), "68 values.*need 69"),
    "one column over": (motion_section(rows=[f"{r} 1" for r in ROWS]).encode(), "70 values.*need 69"),
    "nan": (with_value("nan").encode(), "NaN.*frame 2"),
    "inf": (with_value("inf").encode(), "infinite.*frame 2"),
    "huge": (with_value("1e30").encode(), "cannot be human motion"),
    "word among numbers": (with_value("left").encode(), "frame 2 holds 'left'"),
    "zero frames": (motion_section(count="0").encode(), "says it has 0 frames"),
    "negative frames": (motion_section(count="-3").encode(), "says it has -3 frames"),
    "frames in words": (motion_section(count="many").encode(), "'many' frames"),
    "endless": (motion_section(count="999999999").encode(), "minutes long"),
    "zero frame time": (motion_section(time="0").encode(), "must be above zero"),
    "negative frame time": (motion_section(time="-0.03").encode(), "must be above zero"),
    "frame time nan": (motion_section(time="nan").encode(), "must be above zero"),
    "frame time in words": (motion_section(time="fast").encode(), "'fast'"),
    "no frame time": (motion_section(time="").encode(), "frame time"),
    "tiny frame time": (motion_section(time="1e-9").encode(), "frames per second"),
    "long frame time": (motion_section(time="60").encode(), "frames per second"),
    "no frames line": (f"{HEAD}MOTION\n1 2 3\n".encode(), "'Frames: N'"),
    "too deep": (f"{DEEP}MOTION\n".encode(), "levels"),
    "unbalanced": (BVH.replace("}", "", 1).encode(), "open braces"),
    "brace first": (b"HIERARCHY\n{\nROOT a\nMOTION\n", "before the ROOT"),
    "joint without root": (b"HIERARCHY\nJOINT a\n{\n}\nMOTION\n", "outside of the ROOT"),
    "two roots": ((HEAD + HEAD.replace("HIERARCHY", "") + "MOTION\n").encode(), "more than one ROOT"),
    "offset of two": (BVH.replace("OFFSET", "OFFSET 1 2\nOFFSET", 1).encode(), "three numbers"),
    "offset nan": (BVH.replace("OFFSET 0.000000 ", "OFFSET nan ", 1).encode(), "not numbers"),
    "unknown channel": (BVH.replace("Zrotation", "Wrotation", 1).encode(), "channels of 'Hips'"),
    "channel twice": (BVH.replace("Zrotation Xrotation", "Xrotation Xrotation", 1).encode(), "channels of 'Hips'"),
    "channel count": (BVH.replace("CHANNELS 6", "CHANNELS 5", 1).encode(), "channels of 'Hips'"),
    "no channels": (b"HIERARCHY\nROOT a\n{\nOFFSET 0 0 0\n}\nMOTION\nFrames: 1\nFrame Time: 1\n", "no CHANNELS"),
    "stray line": (BVH.replace("OFFSET", "SCALE 3\nOFFSET", 1).encode(), "not BVH: 'SCALE 3'"),
    "no size": (BVH.replace("Hips", "Root").replace("OFFSET ", "OFFSET 0 0 0 ").encode(), "no size"),
    "no legs": (BVH.replace("UpLeg", "Wing").replace("LeftLeg", "Tail").encode(), "left thigh"),
    "utf-16 rubbish": (b"\xff\xfe\x00\xd8\x00", "UTF-16|HIERARCHY"),
}


@pytest.mark.parametrize("case", BAD_BVH)
def test_bad_bvh(tmp_path, case):
    data, message = BAD_BVH[case]
    path = tmp_path / "bad.bvh"
    path.write_bytes(data)
    with pytest.raises(UserError, match=message) as caught:
        load(path)
    assert "bad.bvh" in str(caught.value)


def arrays(**changes):
    good = {
        "poses": np.zeros((8, 66)),
        "trans": np.zeros((8, 3)),
        "betas": np.zeros(10),
        "mocap_framerate": np.float64(30),
    }
    good.update(changes)
    return {k: v for k, v in good.items() if v is not None}


def spoiled(value, shape=(8, 66)):
    out = np.zeros(shape)
    out[3, 1] = value
    return out


BAD_NPZ = {
    "width": (arrays(poses=np.zeros((8, 65))), r"66, 72, 156, 165"),
    "one axis": (arrays(poses=np.zeros(66)), "shape"),
    "quaternions": (arrays(poses=np.zeros((8, 22, 4))), "shape"),
    "no frames": (arrays(poses=np.zeros((0, 66)), trans=np.zeros((0, 3))), "no frames"),
    "no frames, three axes": (arrays(poses=np.zeros((0, 22, 3)), trans=np.zeros((0, 3))), "no frames"),
    "no poses": (arrays(poses=None), "no body poses.*'trans'"),
    "root without body": (arrays(poses=None, root_orient=np.zeros((8, 3))), "no body poses"),
    "root and body differ": (
        arrays(poses=None, root_orient=np.zeros((8, 3)), pose_body=np.zeros((7, 63))),
        "do not go together",
    ),
    "no rate": (arrays(mocap_framerate=None), "frame rate"),
    "zero rate": (arrays(mocap_framerate=np.float64(0)), "0 frames per second"),
    "negative rate": (arrays(mocap_framerate=np.float64(-30)), "-30 frames per second"),
    "nan rate": (arrays(mocap_framerate=np.float64(np.nan)), "frame|NaN"),
    "rate in words": (arrays(mocap_framerate=np.array("fast")), "not numbers"),
    "nan pose": (arrays(poses=spoiled(np.nan)), "NaN.*frame 3"),
    "inf pose": (arrays(poses=spoiled(np.inf)), "infinite.*frame 3"),
    "huge pose": (arrays(poses=spoiled(1e12)), "cannot be human motion"),
    "nan path": (arrays(trans=spoiled(np.nan, (8, 3))), "NaN.*path"),
    "far away": (arrays(trans=spoiled(1e9, (8, 3))), "cannot be human motion"),
    "path of another length": (arrays(trans=np.zeros((7, 3))), "8 frames"),
    "nan betas": (arrays(betas=np.full(10, np.nan)), "betas"),
    "huge betas": (arrays(betas=np.full(10, 1e9)), "betas"),
    "complex": (arrays(poses=np.zeros((8, 66), complex)), "not numbers"),
    "strings": (arrays(poses=np.full((8, 66), "x")), "not numbers"),
    "pickled": (arrays(poses=np.array([{"a": 1}] * 8, object)), "pickled.*never opened"),
    "too long": (arrays(poses=np.zeros((2000, 66), np.float32), mocap_framerate=np.float64(1)), "minutes long"),
}


@pytest.mark.parametrize("case", BAD_NPZ)
def test_bad_npz(tmp_path, case):
    content, message = BAD_NPZ[case]
    np.savez(tmp_path / "bad.npz", **content)
    with pytest.raises(UserError, match=message) as caught:
        load(tmp_path / "bad.npz")
    assert "bad.npz" in str(caught.value)


def npy_bytes(array: np.ndarray = EMPTY, header: str | None = None) -> bytes:
    stream = io.BytesIO()
    if header is None:
        np.lib.format.write_array(stream, array, allow_pickle=False)
    else:
        text = header.ljust(117) + "\n"
        stream.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode("latin1"))
    return stream.getvalue()


def zip_of(members, compression=zipfile.ZIP_STORED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def test_truncated_npz(tmp_path):
    (path,) = save(MOTION, tmp_path / "a.npz")
    whole = path.read_bytes()
    for share in (0.02, 0.3, 0.6, 0.95):
        path.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(UserError, match="truncated"):
            load(path)


@pytest.mark.parametrize(
    "header",
    [
        "{'descr': '<f8', 'fortran_order': False, 'shape': (100000000000, 66), }",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (-8, -66), }",
        "{'descr': '|O', 'fortran_order': False, 'shape': (8, 66), }",
        "{'descr': '<f8', 'shape': (8, 66)}",
        "__import__('os').getcwd()",
        "{" * 60,
        "",
    ],
)
def test_headers_that_lie(tmp_path, header):
    (tmp_path / "a.npz").write_bytes(zip_of({"poses.npy": npy_bytes(header=header)}))
    with pytest.raises(UserError):
        load(tmp_path / "a.npz")


def test_zip_bombs_are_measured_before_they_are_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr("engine.io.arrays.MAX_BYTES", 1_000_000)
    bomb = npy_bytes(np.zeros((40_000, 66), np.float32))
    (tmp_path / "a.npz").write_bytes(zip_of({"poses.npy": bomb}, zipfile.ZIP_DEFLATED))
    assert (tmp_path / "a.npz").stat().st_size < 100_000
    with pytest.raises(UserError, match="unpacks to 11 MB"):
        load(tmp_path / "a.npz")


@pytest.mark.parametrize("suffix", [".bvh", ".npz", ".npy"])
def test_files_that_are_none(tmp_path, suffix, monkeypatch):
    with pytest.raises(UserError, match="There is no file"):
        load(tmp_path / f"missing{suffix}")
    (tmp_path / f"folder{suffix}").mkdir()
    with pytest.raises(UserError, match="is a folder"):
        load(tmp_path / f"folder{suffix}")
    (tmp_path / f"empty{suffix}").write_bytes(b"")
    with pytest.raises(UserError, match="is empty"):
        load(tmp_path / f"empty{suffix}")
    (tmp_path / f"large{suffix}").write_bytes(b"x" * 2000)
    monkeypatch.setattr(checks, "MAX_BYTES", 1000)
    with pytest.raises(UserError, match="at most"):
        load(tmp_path / f"large{suffix}")


def test_odd_names(tmp_path):
    for name in ("a" * 400 + ".bvh", "a\0b.npz"):
        with pytest.raises(UserError):
            load(tmp_path / name)


@pytest.mark.parametrize("suffix", [".bvh", ".npz"])
def test_random_damage_gives_a_motion_or_a_user_error(tmp_path, suffix):
    rng = np.random.default_rng(7)
    (path,) = save(MOTION, tmp_path / f"a{suffix}")
    whole, refused = path.read_bytes(), 0
    for _ in range(200):
        data = bytearray(whole)
        for _ in range(rng.integers(1, 12)):
            at = int(rng.integers(len(data)))
            kind = rng.integers(4)
            if kind == 0:
                data[at] = int(rng.integers(256))
            elif kind == 1:
                del data[at : at + int(rng.integers(1, 40))]
            elif kind == 2:
                data[at:at] = data[max(0, at - 30) : at]
            else:
                data[at : at + 1] = b"-9{}\n e0."[int(rng.integers(9)) :][:1]
        path.write_bytes(bytes(data))
        try:
            positions = load(path).motions[0].joint_positions()
            assert np.isfinite(positions).all()
        except UserError:
            refused += 1
    assert refused > 20
