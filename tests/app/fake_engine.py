"""An engine of a few lines with the real one's interface: walks and waves, doubles the length, fails on request."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.core.errors import UserError
from engine.core.plan import parse_plan
from engine.core.skeleton import JOINT_NAMES, MEAN_OFFSETS, MEAN_STANDING_HEIGHT, PARENTS, J
from engine.core.types import Motion, Scene
from engine.edit.script import apply_edits
from engine.io import save as save_motion
from engine.loop.events import (
    Choice,
    Done,
    Reference,
    Reply,
    SectionDelta,
    SectionEnd,
    SectionProgress,
    SectionStart,
    Step,
)
from engine.loop.request import DEFAULT_ROUNDS
from engine.loop.session import Turn
from engine.loop.versions import History
from engine.render.beside import place_beside
from engine.render.gltf import scene_to_glb

_FACES = ((0, 1, 3), (0, 3, 2), (4, 7, 5), (4, 6, 7), (0, 5, 1), (0, 4, 5), (2, 3, 7), (2, 7, 6), (0, 6, 4), (0, 2, 6),
          (1, 5, 7), (1, 7, 3))  # fmt: skip


class BoxBody:
    """A body of 24 boxes: quick to draw without a graphics card."""

    def __init__(self) -> None:
        joints = np.zeros((24, 3))
        for j in range(1, 24):
            joints[j] = joints[PARENTS[j]] + MEAN_OFFSETS[j]
        vertices, faces, weights = [], [], np.zeros((24 * 8, 24))
        for j in range(24):
            children = [k for k in range(24) if PARENTS[k] == j]
            end = joints[children].mean(0) if children else joints[j] + (0, 0.1 if j == J["head"] else 0, 0.04)
            low, high = np.minimum(joints[j], end) - 0.045, np.maximum(joints[j], end) + 0.045
            vertices += [[(low, high)[b >> a & 1][a] for a in range(3)] for b in range(8)]
            faces += [[8 * j + i for i in reversed(face)] for face in _FACES]
            weights[8 * j : 8 * j + 8, j] = 1
        self.joints, self.faces, self.weights = joints, np.array(faces), weights
        self.vertices = np.array(vertices)
        assert len(JOINT_NAMES) == 24

    def rest_vertices(self, betas):
        return self.vertices

    def rest_joints(self, betas):
        return self.joints


def motion(kind: str = "walk", seconds: float = 2.0) -> Motion:
    """A stiff walk ahead with a raised, waving right arm; 'stay' keeps it on the spot."""
    t = np.arange(round(seconds * 20)) / 20
    quat = np.zeros((len(t), 22, 4), np.float32)
    quat[..., 0] = 1

    def turn(name, axis, angle):
        quat[:, J[name], 0] = np.cos(angle / 2)
        quat[:, J[name], 1 + axis] = np.sin(angle / 2)

    swing = np.sin(2 * np.pi * t) * 0.5
    turn("left_hip", 0, swing)
    turn("right_hip", 0, -swing)
    turn("right_shoulder", 2, -1.2 + 0 * t)
    turn("right_elbow", 2, np.sin(4 * np.pi * t) * 0.7)
    turn("left_shoulder", 2, -1.2 + 0 * t)
    root = np.zeros((len(t), 3), np.float32)
    root[:, 1] = MEAN_STANDING_HEIGHT
    root[:, 2] = t * (1.0 if kind == "walk" else 0.0)
    return Motion(root, quat)


class FakeSession:
    """History and the sections of a turn, without a model.

    A text with 'fail' raises a UserError, with 'crash' something else; one with 'long' takes its time; one with 'judge'
    is made in rounds, of which the second is the best; one with 'which' is asked back about. 'edit ...' is carried
    out as an edit script.
    """

    def __init__(self, engine: FakeEngine, seed: int) -> None:
        self.engine, self.seed = engine, seed
        self.history = History()
        self.halted = False
        self.sent: list[tuple[str, list[str], object]] = []
        self.turns: tuple[Turn, ...] = ()
        self.references = ()

    @property
    def scene(self):
        return self.history.current.scene if self.history.current else None

    @property
    def versions(self):
        return self.history.versions

    @property
    def version(self):
        return self.history.current_id

    def undo(self):
        self.history = self.history.undo()
        return self.scene

    def redo(self):
        self.history = self.history.redo()
        return self.scene

    def checkout(self, version):
        self.history = self.history.checkout(version)
        return self.scene

    def rename(self, version, name):
        self.history = self.history.rename(version, name)

    def add_reference(self, caption):
        if not caption:
            raise UserError("Say in a few words what the motion shows.")
        return Reference("own", caption, "whole", 1.0)

    def accept(self, step):
        self.history = self.history.add(step.scene, "a draft")
        return self.scene

    def refine(self, step, instruction, options=None):
        self.halted = False
        self.sent.append((instruction, [step], options))
        if "part 9" in instruction:
            raise UserError("This draft cannot be gone on from any more. Ask for the motion again.")
        steps = []
        yield from self._section("refine", instruction, steps)
        scene = yield from self._round(f"{step.scene.caption} ({instruction})", 0.7, "It fits.", "accept", steps)
        yield from self._end(scene, scene.caption, "Made anew as you said.", steps)

    def stop(self):
        self.halted = True

    def save(self, path):
        versions = [[v.parent, v.title, v.name] for v in self.versions]
        turns = [[turn.text, turn.reply.text] for turn in self.turns]
        Path(path).write_text(json.dumps({"versions": versions, "current": self.version, "turns": turns}))

    def stream(self, text, attachments=(), options=None):
        self.halted = False
        self.sent.append((text, list(attachments), options))
        if "fail" in text:
            raise UserError(f"The request {text!r} cannot be carried out. Say it in other words.")
        edits = bool(self.versions) and "slow" in text
        plan = "edit speed factor=0.5" if edits else "make walk direction=forward & wave side=right for 2.0"
        steps = []
        yield from self._section("plan", plan, steps)
        if "crash" in text:
            raise ZeroDivisionError("on purpose")
        if text.startswith("edit "):
            applied = apply_edits(self.scene, parse_plan(text).edits)
            scopes = tuple(persons[0] for persons in applied.scopes)
            steps.append(Step("edit", applied.text, scene=applied.scene))
            yield SectionEnd("edit", steps[-1])
            yield from self._end(applied.scene, text, applied.text, steps, scopes)
            return
        if "which" in text:
            choices = Choice("the left arm", "edit mirror"), Choice("the right arm", "edit floor")
            question = "Which arm do you mean: the left arm or the right arm?"
            yield SectionStart("answer")
            steps.append(Step("answer", question, choices=choices))
            yield SectionEnd("answer", steps[-1])
            reply = Reply(question, self.scene, tuple(steps), version=self.version, choices=choices)
            self.turns = (*self.turns, Turn(text, (), reply))
            yield Done(reply)
            return
        if "judge" in text:
            yield from self._in_rounds(text, options.rounds if options else DEFAULT_ROUNDS, steps)
            return
        scene = Scene((motion("walk", 4.0 if edits else 2.0),), caption=text)
        if "two" in text:
            beside = scene.motions[0]
            moved = beside.with_(root_pos=beside.root_pos + np.array([0.9, 0, 0], np.float32))
            scene = scene.with_(motions=(beside, moved))
        yield SectionStart("edit" if edits else "motion")
        for done in range(1, 11):
            if self.halted:
                raise UserError("Stopped; the motion is as it was.")
            time.sleep(self.engine.pace * (20 if "long" in text else 1))
            yield SectionProgress("edit" if edits else "motion", done, 10)
        steps.append(Step("edit" if edits else "motion", plan if edits else "<m1> <m2>", 0.9, scene))
        yield SectionEnd(steps[-1].kind, steps[-1])
        yield from self._section("measure", "goes 2.0 m forward\nright wrist above the shoulder", steps)
        answer = "Here it is, slower." if edits else "The person walks forward and waves."
        yield from self._end(scene, text, answer, steps)

    def _in_rounds(self, text, rounds, steps):
        found = (Reference("clip/1", "a person waves", "whole", 0.8), Reference("clip-2", "a kick", "left_leg", 0.6))
        yield SectionStart("recall")
        steps.append(Step("recall", "a person waves; a kick", references=found))
        yield SectionEnd("recall", steps[-1])
        best = yield from self._round(text, 0.5, "It walks, but never waves.", "redo upper of part 1", steps)
        for score in (0.9, 0.6, 0.6, 0.6)[:rounds]:
            made = yield from self._round(text, score, "It walks and waves.", "accept", steps)
            best = made if score == 0.9 else best
        self.references = found
        yield from self._end(best, text, "The person walks forward and waves.", steps)

    def _round(self, text, score, verdict, line, steps):
        if self.halted:
            raise UserError("Stopped; the motion is as it was.")
        scene = Scene((motion("walk", 1 + score),), text, provenance={"plan": "make walk for 2.0 ; bow for 1.0"})
        yield SectionStart("motion")
        steps.append(Step("motion", "2.0 s", scene=scene))
        yield SectionEnd("motion", steps[-1])
        yield SectionStart("measure")
        steps.append(Step("measure", "goes 2.0 m forward", score, scene))
        yield SectionEnd("measure", steps[-1])
        yield from self._section("assess", verdict, steps)
        yield from self._section("refine", line, steps)
        return scene

    def _end(self, scene, title, answer, steps, scopes=()):
        self.history = self.history.add(scene, title, scopes=scopes)
        yield from self._section("answer", answer, steps)
        reply = Reply(answer, scene, tuple(steps), version=self.version)
        self.turns = (*self.turns, Turn(title, (), reply))
        yield Done(reply)

    def _section(self, kind, text, steps):
        yield SectionStart(kind)
        for word in text.split(" "):
            if self.engine.pace:
                time.sleep(self.engine.pace / 4)
            yield SectionDelta(kind, word + " ")
        steps.append(Step(kind, text))
        yield SectionEnd(kind, steps[-1])


class FakeEngine:
    """pace: seconds that a step of a turn takes."""

    notice = "A fake engine for tests, on the CPU."

    def __init__(self, pace: float = 0.0) -> None:
        self.pace = pace
        self.body = BoxBody()

    def new_session(self, seed=7, owner=""):
        session = FakeSession(self, seed)
        session.owner = owner
        return session

    def open_session(self, path, owner=""):
        session = self.new_session(owner=owner)
        try:
            record = json.loads(Path(path).read_text())
        except ValueError as error:
            raise UserError(f"The file {Path(path).name} is not a session.") from error
        for number, (parent, title, name) in enumerate(record["versions"], 1):
            session.history = replace(session.history, current_id=parent).add(Scene((motion(),), caption=title), title)
            session.history = session.history.rename(number, name) if name else session.history
        session.history = replace(session.history, current_id=record["current"])
        session.turns = tuple(Turn(said, (), Reply(answer, None, ())) for said, answer in record["turns"])
        return session

    def reference(self, clip_id):
        if clip_id != "clip/1":
            raise UserError(f"The library has no clip {clip_id!r} on this computer.")
        return Scene((motion("stay", 3.0),))

    def glb(self, scene, ghost=None, beside=None):
        return scene_to_glb(scene, self.body, ghost=ghost, beside=beside and place_beside(beside, scene))


def save(scene, path, **options):
    """Write a scene, as BVH for real; the fake cannot make videos."""
    if Path(path).suffix == ".bvh":
        save_motion(scene, path, **options)
        return
    if Path(path).suffix == ".mp4":
        raise UserError("MP4 needs EGL, which was not found. Install libegl1.")
    Path(path).write_bytes(scene_to_glb(scene, BoxBody()))
