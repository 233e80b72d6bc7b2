"""Acclaim ASF/AMC: a skeleton file and a motion file that belong together. Give either; the other is looked for.

A bone turns about its own axes (`axis`), in the order of its `dof`; its child begins at its end. AMC does not say its
rate: CMU's is 120 frames per second, and the option `fps` says otherwise.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from engine.core.errors import UserError
from engine.core.types import Scene
from engine.io.bvh_text import MAX_JOINTS, decode_text
from engine.io.checks import check_file, check_length, check_numbers, read_bytes
from engine.io.clip import END, PoseClip
from engine.io.formats import LOADERS, LoadOptions
from engine.io.person import fit_person, provenance

FPS = 120.0
_PARTNER = {".asf": (".amc", "motion"), ".amc": (".asf", "skeleton")}


@dataclass(frozen=True)
class Bone:
    """direction: (3,) unit, at rest.  length: in the file's unit.  axis: (3,) and its order, angles of its own frame.
    dof: its channels, such as ('rx', 'rz')."""

    direction: np.ndarray
    length: float
    axis: np.ndarray
    order: str
    dof: tuple[str, ...]


@dataclass(frozen=True)
class Skeleton:
    """bones: name -> bone, 'root' left out.  parents: name -> parent, parents first.  root_order: channels of the root.
    degrees: whether angles are."""

    bones: dict[str, Bone]
    parents: dict[str, str]
    root_order: tuple[str, ...]
    root: Bone
    degrees: bool


@LOADERS.register(".asf", ".amc")
def load_acclaim(path: Path, options: LoadOptions) -> Scene:
    """Read the pair of which `path` is one half. UserError without the other half, and for damaged files."""
    other = _other_half(path, options)
    asf, amc = (path, other) if path.suffix.lower() == ".asf" else (other, path)
    try:
        skeleton = parse_asf(asf.name, decode_text(asf.name, read_bytes(asf)))
        clip = _clip(amc.name, skeleton, decode_text(amc.name, read_bytes(amc)), options.fps or FPS)
    except (ValueError, KeyError, IndexError) as error:
        raise UserError(
            f"{asf.name!r} with {amc.name!r} cannot be read as Acclaim motion ({error}). Check that they belong "
            "together and download them again."
        ) from error
    motion, found = fit_person(amc.name, clip, options)
    return Scene((motion,), provenance=provenance(amc.name, "acclaim", found, skeleton=asf.name))


def _other_half(path: Path, options: LoadOptions) -> Path:
    """The file that belongs to `path`: the one given, that of the same name or of CMU's subject, or the only one."""
    suffix, what = _PARTNER[path.suffix.lower()]
    if options.other is not None:
        other = Path(options.other)
        check_file(other)
        if other.suffix.lower() != suffix:
            raise UserError(f"{path.name!r} needs a {what} file ({suffix}) beside it, not {other.name!r}.")
        return other
    there = sorted(p for p in path.parent.iterdir() if p.suffix.lower() == suffix)
    subject = path.stem.split("_")[0]
    same = [p for p in there if p.stem == path.stem] or [p for p in there if p.stem == subject]
    same = same or [p for p in there if suffix == ".amc" and p.stem.split("_")[0] == subject] or there
    if len(same) == 1:
        check_file(same[0])
        return same[0]
    found = f"there are several: {', '.join(p.name for p in same[:6])}" if same else f"there is no {suffix} file"
    raise UserError(
        f"{path.name!r} is one half of an Acclaim pair and needs its {what} file ({path.stem}{suffix}), but {found} "
        "beside it. Upload both files together."
    )


def parse_asf(name: str, text: str) -> Skeleton:
    """ASF text -> skeleton. UserError where a section is missing."""
    text = re.sub(r"#.*", "", text)
    parts = {m[1].lower(): m[2] for m in re.finditer(r"^\s*:(\w+)(.*?)(?=^\s*:|\Z)", text, re.M | re.S)}
    missing = [f":{s}" for s in ("root", "bonedata", "hierarchy") if s not in parts]
    if missing:
        raise UserError(f"{name!r} is no Acclaim skeleton: it lacks {', '.join(missing)}. It may be truncated.")
    degrees = not re.search(r"angle\s+rad", parts.get("units", ""))
    bones = {}
    for block in re.findall(r"\bbegin\b(.*?)\bend\b", parts["bonedata"], re.S):
        rows = {words[0]: words[1:] for line in block.splitlines() if (words := line.split())}
        bones[rows["name"][0]] = Bone(
            np.array(rows["direction"][:3], float),
            float(rows["length"][0]),
            np.array(rows["axis"][:3], float),
            rows["axis"][3].lower() if len(rows["axis"]) > 3 else "xyz",
            tuple(word.lower() for word in rows.get("dof", [])),
        )
    check_numbers(name, "skeleton", np.array([[*b.direction, b.length, *b.axis] for b in bones.values()]), 1e6)
    if len(bones) > MAX_JOINTS:
        raise UserError(f"{name!r} has more than {MAX_JOINTS} bones; that is no person.")
    parents = {}
    for line in parts["hierarchy"].splitlines():
        words = line.split()
        if len(words) > 1:
            parents |= {child: words[0] for child in words[1:]}
    root = {words[0].lower(): words[1:] for line in parts["root"].splitlines() if (words := line.split())}
    tilt = np.array(root.get("orientation", (0, 0, 0)), float)
    order = tuple(word.lower() for word in root.get("order", ("tx", "ty", "tz", "rx", "ry", "rz")))
    at = Bone(np.zeros(3), 0.0, tilt, root.get("axis", ["xyz"])[0].lower(), order)
    return Skeleton(bones, _parents_first(name, bones, parents), order, at, degrees)


def _parents_first(name: str, bones: dict[str, Bone], parents: dict[str, str]) -> dict[str, str]:
    ordered: dict[str, str] = {}
    while len(ordered) < len(parents):
        ready = [c for c, p in parents.items() if c not in ordered and (p == "root" or p in ordered)]
        if not ready or any(c not in bones for c in ready):
            raise UserError(f"{name!r} has a hierarchy that does not hang together; it is damaged.")
        ordered |= {c: parents[c] for c in ready}
    return ordered


def parse_amc(name: str, text: str) -> list[dict[str, list[float]]]:
    """AMC text -> {bone: values} per frame. UserError for a file without frames."""
    frames: list[dict[str, list[float]]] = []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split("#")[0].split()
        if not words or words[0].startswith(":"):
            continue
        if len(words) == 1 and words[0].isdigit():
            frames.append({})
        elif frames:
            try:
                frames[-1][words[0]] = [float(w) for w in words[1:]]
            except ValueError as error:
                raise UserError(f"{name!r}: line {number} has a word among its numbers ({error}).") from error
    if not frames:
        raise UserError(f"{name!r} holds no frames; it is no Acclaim motion or truncated. Download it again.")
    return frames


def _clip(name: str, skeleton: Skeleton, text: str, fps: float) -> PoseClip:
    """Both halves as one clip; each bone is a joint at its beginning, and a bone without children gets an end."""
    frames = parse_amc(name, text)
    check_length(name, len(frames), fps)
    unknown = sorted({bone for bone in frames[0] if bone != "root" and bone not in skeleton.bones})
    if unknown:
        raise UserError(
            f"{name!r} moves bones that its skeleton does not have: {', '.join(unknown[:6])}. It belongs to another "
            ".asf file."
        )
    degrees = skeleton.degrees and not re.search(r"^\s*:RADIANS", text, re.M | re.I)
    names, parents, offsets = ["root"], [-1], [np.zeros(3)]
    path, quat = _turns(name, skeleton.root, frames, "root", degrees)
    quats, row = [quat], {"root": 0}
    bones = {"root": skeleton.root, **skeleton.bones}
    for bone, parent in skeleton.parents.items():
        row[bone] = len(names)
        names.append(bone)
        parents.append(row[parent])
        offsets.append(bones[parent].direction * bones[parent].length)
        quats.append(_turns(name, bones[bone], frames, bone, degrees)[1])
    for bone in [b for b in skeleton.parents if b not in skeleton.parents.values()]:
        names.append(END)
        parents.append(row[bone])
        offsets.append(bones[bone].direction * bones[bone].length)
        quats.append(np.tile([1.0, 0, 0, 0], (len(frames), 1)))
    return PoseClip(tuple(names), tuple(parents), np.stack(offsets), np.stack(quats, 1), path, fps)


def _turns(name: str, bone: Bone, frames: list[dict[str, list[float]]], key: str, degrees: bool):
    """Position (T, 3) and rotation (T, 4) of a bone from its channels; still where the motion does not name it."""
    values = np.zeros((len(frames), len(bone.dof)))
    for k, frame in enumerate(frames):
        row = frame.get(key, frames[0].get(key, []) if key in frames[0] else [0.0] * len(bone.dof))
        if len(row) != len(bone.dof):
            raise UserError(
                f"{name!r}: frame {k + 1} has {len(row)} values for {key!r}, the skeleton has {len(bone.dof)}. The "
                "file is truncated or belongs to another .asf file."
            )
        values[k] = row
    check_numbers(name, "motion", values, 1e7)
    columns = dict(zip(bone.dof, values.T, strict=True))
    still = np.zeros(len(frames))
    order = "".join(d[1] for d in bone.dof if d.startswith("r")) or "xyz"
    angles = np.stack([columns.get(f"r{a}", still) for a in order], 1)
    axis = Rotation.from_euler(bone.order, bone.axis, degrees=degrees)
    quat = (axis * Rotation.from_euler(order, angles, degrees=degrees) * axis.inv()).as_quat()
    return np.stack([columns.get(f"t{a}", still) for a in "xyz"], 1), quat[:, [3, 0, 1, 2]]
