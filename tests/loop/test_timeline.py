"""The timeline of a version: contacts and events as they are performed, and exactly what the last edits changed."""

import json
import time
import zipfile
from itertools import pairwise

import numpy as np
import pytest
from fake_models import FakeCodec, FakeLanguageModel

from engine.assess import between
from engine.assess.between import Touch
from engine.core.plan import parse_plan
from engine.core.types import Scene
from engine.data.compose import perform_plan
from engine.edit.script import apply_edits
from engine.edit.take import take_over
from engine.loop.models import Models
from engine.loop.session import Session
from engine.loop.store import read_session
from engine.loop.timeline import SHOWN_PARTS, motion_timeline, scene_timeline, timeline
from engine.loop.versions import Version

WALK = "make walk direction=forward speed=normal style=plain for 4.0"
JUMPS = "make jump direction=up count=2 height=normal for 3.0"
WHOLE = set(SHOWN_PARTS)


def perform(line=WALK, fps=20.0):
    return perform_plan(parse_plan(line), np.random.default_rng(1)).resample(fps)


def changed(script, motion=None):
    """What the edits of a script changed: part -> spans, in whole milliseconds."""
    motion = motion or perform()
    applied = apply_edits(Scene((motion,)), parse_plan(f"edit {script}").edits, versions={1: perform(JUMPS)})
    version = Version(2, 1, script, applied.scene, scopes=tuple(persons[0] for persons in applied.scopes))
    return parts_of(timeline(version))


def parts_of(told):
    spans = {}
    for mark in told.changed:
        spans.setdefault(mark.name, []).append((round(mark.start_s, 3), round(mark.end_s, 3)))
    return spans


@pytest.mark.parametrize("fps", [20.0, 30.0, 120.0])
def test_the_contacts_of_a_walk_alternate(fps):
    told = motion_timeline(perform(fps=fps))
    feet = {side: [m for m in told.contacts if m.name == side] for side in ("left", "right")}
    inner = sorted(
        (m for marks in feet.values() for m in marks if m.start_s > 0 and m.end_s < told.duration_s - 0.1),
        key=lambda m: m.start_s,
    )
    assert len(inner) >= 5
    assert all(a.name != b.name and a.end_s > b.start_s for a, b in pairwise(inner)), "walking has one foot down"
    for marks in feet.values():
        assert [m.number for m in marks] == list(range(1, len(marks) + 1))
        assert all(a.end_s < b.start_s for a, b in pairwise(marks))


def test_events_are_numbered_as_edits_number_them():
    told = motion_timeline(perform(JUMPS))
    jumps = [m for m in told.events if m.name == "jump"]
    assert [m.number for m in jumps] == [1, 2] and jumps[0].end_s <= jumps[1].start_s
    assert [m.start_s for m in told.events] == sorted(m.start_s for m in told.events)
    assert told.changed == ()


def test_an_edit_marks_its_part_and_its_span_and_nothing_else():
    assert changed("raise part=left_arm degrees=20 span=1.0s-2.0s") == {"left_arm": [(1.0, 2.0)]}
    assert changed("crouch centimeters=10 span=1.0s-2.0s") == {
        part: [(1.0, 2.0)] for part in ("left_leg", "right_leg", "path")
    }


def test_what_moves_the_body_alone_marks_the_path():
    assert changed("move direction=left meters=1") == {"path": [(0.0, 4.0)]}
    assert changed("turn degrees=90") == {"path": [(0.0, 4.0)]}


def test_a_cut_marks_the_seam_alone():
    assert changed("cut span=1.0s-1.5s") == {part: [(1.0, 1.2)] for part in WHOLE}
    assert changed("cut span=first:1.0s") == {}


def test_a_retimed_edit_marks_what_it_made_anew():
    assert changed("speed factor=0.5 span=1.0s-2.0s") == {part: [(1.0, 3.0)] for part in WHOLE}
    assert changed("append version=1") == {part: [(4.0, 7.0)] for part in WHOLE}


def test_spans_follow_the_edits_after_them():
    raised = "raise part=left_arm degrees=20 span=1.0s-2.0s"
    assert changed(f"{raised} ; trim start=0.5") == {"left_arm": [(0.5, 1.5)]}
    assert changed(f"{raised} ; cut span=1.2s-1.6s")["left_arm"] == [(1.0, 1.6)]
    assert changed(f"trim start=0.5 ; {raised}") == {"left_arm": [(1.0, 2.0)]}
    assert set(changed(f"{raised} ; fps rate=30")) == WHOLE


def test_what_is_taken_over_is_marked():
    motion, other = perform(), perform(JUMPS)

    def taken(group):
        made = take_over(motion, other, group)
        return set(parts_of(motion_timeline(made.motion, [made.scope])))

    assert taken("legs") == {"left_leg", "right_leg", "path"}
    assert taken("upper") == WHOLE - taken("legs")
    assert taken("whole") == WHOLE


@pytest.mark.parametrize("frames", [1, 2, 3])
def test_short_clips_have_one(frames):
    told = motion_timeline(perform().slice(0, frames))
    assert {m.name for m in told.contacts} == {"left", "right"} and told.duration_s == frames / 20


def test_two_persons_have_their_feet_their_events_and_their_touches(monkeypatch):
    a, b = perform(fps=30.0), perform(JUMPS)
    touch = Touch(1.2, 1.8, "right hand", "left shoulder")
    asked = []
    monkeypatch.setattr(between, "contacts", lambda *pair: asked.append(pair) or (touch,))
    told = scene_timeline(Scene((a, b)))
    assert told.touches == (touch,) and asked == [(a, b)]
    assert told.partner == motion_timeline(b) and told.contacts == motion_timeline(a).contacts
    alone = scene_timeline(Scene((a,)))
    assert alone == motion_timeline(a) and alone.partner is None and len(asked) == 1


def test_six_seconds_take_no_time():
    motion = perform(WALK.replace("4.0", "6.0"))
    times = []
    for _ in range(3):
        start = time.process_time()
        motion_timeline(motion)
        times.append(time.process_time() - start)
    assert min(times) < 0.05


def test_scopes_are_kept_in_the_file_and_files_without_them_open(tmp_path):
    plans = [WALK, "edit raise part=left_arm degrees=20 span=1.0s-2.0s ; cut span=2.5s-3.0s", WALK.replace("4", "2")]
    plans[2] = plans[2].replace("make", "append")
    models = Models(FakeLanguageModel(plans), FakeCodec())
    session = Session(models, 7)
    for text in ("a walk", "raise the left arm and cut", "walk on"):
        session.send(text)
    path = session.save(tmp_path / "talk.kinetalk")
    again = read_session(path, models)
    assert [len(v.scopes) for v in again.versions] == [0, 2, 1]
    assert [v.scopes for v in again.versions] == [v.scopes for v in session.versions]
    end_s = session.versions[1].scene.duration_s
    assert parts_of(timeline(again.versions[2])) == {part: [(end_s, again.scene.duration_s)] for part in WHOLE}
    old = tmp_path / "old.kinetalk"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(old, "w") as target:
        record = json.loads(source.read("session.json"))
        for version in record["versions"]:
            del version["scopes"]
        target.writestr("session.json", json.dumps(record))
        target.writestr("motions.npz", source.read("motions.npz"))
    assert [v.scopes for v in read_session(old, models).versions] == [(), (), ()]
