"""glTF and GLB with an animated person: any humanoid rig by its joints' names, VRM by its own bone map, and our own.

A file may hold many clips: the option `clip` names one; without it the one that moves most is taken, and the caption
and the provenance say so. Writing is done by `engine.render`, which knows the body.
"""

from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.core import rotations as R
from engine.core.errors import UserError
from engine.core.skeleton import JOINT_NAMES, NUM_JOINTS
from engine.core.types import Motion, Scene
from engine.io.axes import up_axis
from engine.io.checks import MAX_PATH_M, check_length, check_numbers
from engine.io.formats import LOADERS, LoadOptions
from engine.io.gltf_file import GltfFile, read_gltf
from engine.io.gltf_nodes import Channels, NodeClip, Nodes, key_rate, read_channels
from engine.io.humanoid import SIDES, Rig, find_rig
from engine.io.ours import betas_of, is_our_rest
from engine.io.person import fit_persons, provenance

_DAMAGE = (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError, RecursionError, struct.error)
"""What wrong types and dangling indices in the JSON raise."""
MAX_NODES = 20_000
MAX_NAMED = 6
"""Other clips that a caption names."""
_GHOST = "ghost_"
Found = tuple[NodeClip, Rig]


@LOADERS.register(".glb", ".gltf", ".vrm", ".vrma")
def load_gltf(path: Path, options: LoadOptions) -> Scene:
    """Read one animation of one person or two, at the rate of its keys, metres, Y up.

    Files that Kinetalk wrote come back as they were. UserError for a file without animation or person, for a clip that
    is not there, and for a damaged file.
    """
    file = read_gltf(path)
    try:
        return _read(file, options)
    except _DAMAGE as error:
        raise UserError(
            f"{file.name!r} is damaged: its parts do not fit together ({type(error).__name__}: {error}). Export it "
            "again as GLB."
        ) from error


def _read(file: GltfFile, options: LoadOptions) -> Scene:
    if len(file.items("nodes")) > MAX_NODES:
        raise UserError(f"{file.name!r} has {len(file.items('nodes'))} nodes; at most {MAX_NODES} are read.")
    if not file.items("animations"):
        raise UserError(
            f"{file.name!r} holds no animation, only a figure. Export it with its animation (in Blender: Export > glTF "
            "2.0, tick Animation), or upload the motion as BVH."
        )
    tree = Nodes(file)
    ours = _our_persons(tree)
    rigs = [] if ours else _rigs(file, tree)
    moved = {n for rows in ours for n in rows} or {clip.nodes[j] for clip, rig in rigs for j in _joints(rig)}
    animation, names = _choose(file, tree, moved, options.clip)
    clips = {} if len(names) == 1 else {"clip": names[animation], "clips": names}
    everything = read_channels(file, file.items("animations")[animation], set(range(len(tree.names))))
    if ours:
        motions = [_our_motion(file, tree, rows, everything, options) for rows in ours]
        found = {"up": "y", "unit": "m", "scale": options.scale or 1.0, "ours": True}
    else:
        placed = [(_timed(file, clip, rig, everything, options), rig) for clip, rig in rigs]
        motions, found = fit_persons(file.name, placed, options)
    caption = _caption(file.name, animation, names) if clips else ""
    return Scene(tuple(motions), caption, provenance=provenance(file.name, "gltf", found, **clips))


def _caption(file: str, taken: int, names: list[str]) -> str:
    """Which clip was taken and what else there is."""
    others = names[:taken] + names[taken + 1 :]
    more = f" and {len(others) - MAX_NAMED} more" if len(others) > MAX_NAMED else ""
    return f"{names[taken]} of {file} (it also has {', '.join(others[:MAX_NAMED])}{more}; the option clip chooses)"


def _choose(file: GltfFile, tree: Nodes, moved: set[int], wanted: str | None) -> tuple[int, list[str]]:
    """The number of the animation to read, and the names of all. UserError for a name that none has."""
    animations = file.items("animations")
    names = [str(a.get("name") or f"clip {k + 1}") for k, a in enumerate(animations)]
    if wanted is not None:
        exact = [k for k, name in enumerate(names) if name == wanted]
        alike = [k for k, name in enumerate(names) if name.lower() == wanted.lower()]
        if not exact and not alike:
            raise UserError(f"{file.name!r} has no clip {wanted!r}. It has {', '.join(names)}.")
        return (exact or alike)[0], names
    amounts = [_amount(read_channels(file, a, tree.above(moved))) for a in animations] if len(names) > 1 else [0.0]
    return int(np.argmax(amounts)), names


def _amount(channels: Channels) -> float:
    """How much moves: the way of all rotations in radians and of all positions in metres, along the keys."""
    total = 0.0
    for (_, path), channel in channels.items():
        keys = channel.keys()
        if path == "rotation":
            q = R.normalize(keys)
            total += float(2 * np.arccos(np.clip(np.abs((q[1:] * q[:-1]).sum(-1)), 0, 1)).sum())
    return total


def _rigs(file: GltfFile, tree: Nodes) -> list[Found]:
    """The persons of a file, at most two: one per skeleton in which a human can be found. UserError without any."""
    found, refusal = [], None
    for joints, bind in _skeletons(file, tree):
        inside = tree.below(joints) | tree.above(joints)
        nodes = tuple(i for i in tree.order if i in inside)
        names = _vrm_names(file, [tree.names[i] for i in nodes], nodes)
        row = {node: j for j, node in enumerate(nodes)}
        parents = tuple(row.get(tree.parents[node], -1) for node in nodes)
        clip = NodeClip(tree, nodes, tuple(names), parents, {}, bind, np.zeros(1), 30.0)
        try:
            found.append((clip, find_rig(file.name, clip.names, clip.parents)))
        except UserError as error:
            refusal = refusal or error
    if not found:
        assert refusal is not None
        raise refusal
    return found[:2]


def _skeletons(file: GltfFile, tree: Nodes) -> list[tuple[set[int], dict[int, np.ndarray]]]:
    """The joints of each skeleton with their bind matrices: skins that share a joint are one; no skin, all nodes."""
    groups: list[tuple[set[int], dict[int, np.ndarray]]] = []
    for skin in sorted(file.items("skins"), key=lambda s: -len(s["joints"])):
        joints, bind = set(skin["joints"]), _bind(file, skin)
        reach = tree.below(joints)
        for known, matrices in groups:
            if reach & tree.below(known):
                known |= joints
                matrices.update({j: m for j, m in bind.items() if j not in matrices})
                break
        else:
            groups.append((joints, bind))
    return groups or [(set(range(len(tree.names))), {})]


def _bind(file: GltfFile, skin: dict) -> dict[int, np.ndarray]:
    """Joint -> its matrix (4, 4) in the mesh's space when it was bound; empty where the skin does not say."""
    if "inverseBindMatrices" not in skin:
        return {}
    inverse = file.accessor(skin["inverseBindMatrices"]).reshape(-1, 4, 4).transpose(0, 2, 1)
    usable = np.abs(np.linalg.det(inverse)) > 1e-12
    return {j: np.linalg.inv(m) for j, m, ok in zip(skin["joints"], inverse, usable, strict=False) if ok}


def _vrm_names(file: GltfFile, names: list[str], nodes: tuple[int, ...]) -> list[str]:
    """Names by VRM's map of humanoid bones (0.x, 1.0 and animations) where the file has one, else as they are."""
    extensions = file.json.get("extensions", {})
    bones: dict[int, str] = {}
    for key in ("VRMC_vrm", "VRMC_vrm_animation"):
        listed = extensions.get(key, {}).get("humanoid", {}).get("humanBones", {})
        bones |= {item["node"]: bone for bone, item in listed.items() if "node" in item}
    for item in extensions.get("VRM", {}).get("humanoid", {}).get("humanBones", []):
        bones[item["node"]] = item["bone"]
    return [bones.get(node, f"other {node}") for node in nodes] if bones else names


def _joints(rig: Rig) -> set[int]:
    head = set() if rig.head is None else {rig.head}
    return {rig.pelvis, rig.chest, *rig.spine, *rig.limbs.values()} | head


def _timed(file: GltfFile, clip: NodeClip, rig: Rig, everything: Channels, options: LoadOptions) -> NodeClip:
    """The clip with its keys, sampled from the first to the last at their rate."""
    line = clip.tree.above({clip.nodes[j] for j in _joints(rig)})
    channels = {key: c for key, c in everything.items() if key[0] in line}
    if not channels:
        raise UserError(f"{file.name!r}: the animation moves none of the person's bones. Choose another clip.")
    at, fps = _frames(file.name, channels, options)
    inside = {key: c for key, c in everything.items() if key[0] in set(clip.nodes)}
    timed = replace(clip, channels=inside, at=at, fps=fps)
    return replace(timed, up="z" if _lies_by_mistake(timed, rig) else "y")


def _frames(name: str, channels: Channels, options: LoadOptions) -> tuple[np.ndarray, float]:
    """Times (T,) from the first key to the last, and their rate; `fps` in the options plays the keys at that rate."""
    start, end = min(c.times[0] for c in channels.values()), max(c.times[-1] for c in channels.values())
    rate = key_rate(channels)
    count = int(np.floor((end - start) * rate + 1e-2)) + 1
    check_length(name, count, options.fps or rate)
    return start + np.arange(count) / rate, options.fps or rate


def _lies_by_mistake(clip: NodeClip, rig: Rig) -> bool:
    """Whether the figure was written Z up, against the format: it stands along Z, at rest and in motion."""
    limbs = rig.limbs
    top = rig.chest if rig.head is None else rig.head
    moving, _ = clip.pose({top, limbs["left", "foot"], limbs["right", "foot"]})
    still = clip.rests[-1][0]

    def stand(pos) -> np.ndarray:
        feet = sum(pos[limbs[s, "foot"]] for s in SIDES) / 2
        return pos[top] - feet

    return up_axis(stand(moving), "y") == "z" and up_axis(stand(still)[None], "y") == "z"


def _our_persons(tree: Nodes) -> list[list[int]]:
    """For each person of a file that we wrote the nodes of its 24 joints, ghosts left out."""
    index = {name: i for i, name in enumerate(tree.names)}
    found = []
    for name in tree.names:
        prefix = name.removesuffix("pelvis")
        rows = [index.get(prefix + joint, -1) for joint in JOINT_NAMES]
        if name == prefix or name.startswith(_GHOST) or min(rows) < 0:
            continue
        parents = [rows.index(tree.parents[i]) if tree.parents[i] in rows else -1 for i in rows]
        offsets = np.stack([tree.own[i]["translation"] for i in rows])
        unturned = all(np.abs(tree.own[i]["rotation"][:3]).max() < 1e-6 for i in rows)
        if unturned and tree.parents[rows[0]] < 0 and is_our_rest(offsets, parents):
            found.append(rows)
    return found[:2]


def _our_motion(file: GltfFile, tree: Nodes, rows: list[int], everything: Channels, options: LoadOptions) -> Motion:
    """A person as we wrote it: rotations and path are taken over."""
    channels = {key: c for key, c in everything.items() if key[0] in rows}
    if not channels:
        raise UserError(f"{file.name!r}: the animation does not move {tree.names[rows[0]]!r}. Export it again.")
    at, fps = _frames(file.name, channels, options)
    local = np.stack([tree.local(i, channels, at) for i in rows[:NUM_JOINTS]], 1)
    root = local[:, 0, :3, 3] * (options.scale or 1.0)
    check_numbers(file.name, "path", root, MAX_PATH_M)
    quat = R.quat_continuous(R.quat_from_rotmat(local[:, :, :3, :3]))
    offsets = np.stack([tree.own[i]["translation"] for i in rows])
    if options.recenter:
        root = root - root[0] * [1, 0, 1]
    return Motion(root, quat, fps, betas_of(offsets))
