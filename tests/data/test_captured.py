"""Labelled spans of real motion: true to the catalogue and to the split, and varied without losing what they say."""

from dataclasses import replace

import numpy as np
import pytest

from engine.core.features import NUM_FEATURES, decode_features
from engine.core.plan import Call, parse_plan
from engine.data.captured import MAX_SECONDS, RETIME, captured_clips, draw_captured, mirror_call, read_labels, vary
from engine.data.cmu import cmu_clips
from engine.data.registry import catalogue

needs_pack = pytest.mark.skipif(not cmu_clips(), reason="the CMU pack is not here")


def test_labels_are_calls_of_the_catalogue():
    specs = catalogue()
    labels = read_labels()
    assert sum(map(len, labels.values())) >= 100
    for trial, spans in labels.items():
        assert spans, f"trial {trial} has no spans"
        for start, stop, calls in spans:
            assert 0 <= start < stop, f"{trial}: {start} to {stop}"
            assert sum(specs[c.name].part != "upper" for c in calls) <= 1, f"{trial}: the legs do two things at once"


def test_spans_of_a_trial_do_not_overlap():
    for trial, spans in read_labels().items():
        ends = [stop for _, stop, _ in spans]
        assert all(nxt[0] >= end - 1e-6 for end, nxt in zip(ends, spans[1:], strict=False)), trial


@needs_pack
def test_no_held_out_trial_and_spans_lie_within_their_trials():
    clips = {clip.trial: clip for clip in cmu_clips()}
    assert len(captured_clips()) == sum(map(len, read_labels().values()))
    for span in captured_clips():
        assert not clips[span.trial].held_out, span.trial
        assert span.stop <= span.trial_motion.duration_s + 1e-6, f"{span.trial} ends before {span.stop}"
        assert span.motion.duration_s == pytest.approx(span.stop - span.start, abs=0.04)


@needs_pack
def test_a_drawn_variation_fits_its_plan_and_is_deterministic():
    seen = set()
    for seed in range(12):
        line, features = draw_captured(np.random.default_rng(seed))
        plan = parse_plan(line)
        assert str(plan) == line and plan.task == "make"
        assert features.shape == (4 * plan.num_steps, NUM_FEATURES) and np.isfinite(features).all()
        assert plan.seconds <= MAX_SECONDS * (1 + RETIME) + 0.2 * len(plan.segments)
        again = draw_captured(np.random.default_rng(seed))
        assert again[0] == line and np.array_equal(again[1], features)
        seen.add(line)
    assert len(seen) > 6


@needs_pack
def test_mirrored_plans_have_mirrored_motion():
    spans = [s for s in captured_clips() if s.calls[0].name == "walk_curve"]
    sides = set()
    for seed in range(8):
        line, features = vary(np.random.default_rng(seed), spans[:1])
        side = parse_plan(line).segments[0].calls[0].args["side"]
        turned = np.degrees(features[1:, 3].sum())
        assert turned > 20 if side == "left" else turned < -20
        sides.add(side)
    assert sides == {"left", "right"}


@needs_pack
def test_feet_stand_on_the_floor():
    span = next(s for s in captured_clips() if s.calls[0].name == "walk")
    feet = decode_features(vary(np.random.default_rng(0), [span])[1]).joint_positions()[:, [10, 11], 1]
    assert -0.02 < np.percentile(feet.min(1), 20) < 0.06


@needs_pack
def test_spans_without_a_gap_are_one_plan_and_a_lasting_action_one_segment():
    spans = {(s.trial, s.start): s for s in captured_clips()}
    sit_and_rise = [spans["14_31", 0.9], spans["14_31", 6.3]]
    plan = parse_plan(vary(np.random.default_rng(0), sit_and_rise)[0])
    assert [segment.calls[0].name for segment in plan.segments] == ["sit", "stand_up"]
    laugh = [s for s in spans.values() if s.trial == "14_18"][:2]
    line, features = vary(np.random.default_rng(0), laugh)
    assert len(parse_plan(line).segments) == 1 and len(features) == 4 * parse_plan(line).num_steps


@needs_pack
def test_a_part_without_a_foot_on_the_floor_keeps_its_height():
    span = next(s for s in captured_clips() if s.calls[0].name == "handstand")
    heights = [vary(np.random.default_rng(k), [replace(span, start=4.5, stop=7.0)])[1][:, 0].min() for k in range(4)]
    assert min(heights) > 0.6, "the pelvis of a handstand went down to where its feet should stand"


def test_a_call_mirrored_twice_is_itself():
    call = Call("jump", {"direction": "left", "count": "1", "height": "low"})
    assert mirror_call(call).args["direction"] == "right"
    assert mirror_call(mirror_call(call)) == call
    assert mirror_call(Call("nod", {"count": "2"})) == Call("nod", {"count": "2"})
