"""Spans: which frames a word means, and what is said of a word that means none."""

import re

import numpy as np
import pytest
from edit_clips import STAND, edited, performed

from engine.core.errors import UserError
from engine.core.types import Motion
from engine.edit.anchor import Anchor
from engine.edit.spans import PATTERN, Frames, Span, parse_span

EVENTS = {"jump": [(0.5, 1.0), (1.5, 2.1)], "clap": [(0.2, 0.4)]}


def ends(word: str, motion: Motion | None = None) -> tuple[int, int]:
    motion = motion or performed(STAND).slice(0, 60)
    anchor = Anchor(np.zeros(3), 0.0, EVENTS)
    frames = parse_span(word, "span").frames(motion, anchor)
    return frames.start, frames.stop


@pytest.mark.parametrize(
    ("word", "frames"),
    [
        ("all", (0, 60)),
        ("1.0s-2.5s", (20, 50)),
        ("10f-40f", (10, 40)),
        ("20%-60%", (12, 36)),
        ("first:1.0s", (0, 20)),
        ("last:1.0s", (40, 60)),
        ("first:50%", (0, 30)),
        ("last:25%", (45, 60)),
        ("first:10f", (0, 10)),
        ("from:2.0s", (40, 60)),
        ("until:2.0s", (0, 40)),
        ("2s-9s", (40, 60)),
        ("last:9s", (0, 60)),
        ("jump:1", (10, 20)),
        ("jump:2", (30, 42)),
        ("jump:last", (30, 42)),
        ("before:jump:1", (0, 10)),
        ("after:jump:1", (20, 60)),
        ("start", (0, 6)),
        ("end:1", (54, 60)),
        ("after:start", (6, 60)),
    ],
)
def test_frames(word, frames):
    assert ends(word) == frames


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("3.0s-4.0s", "lies outside: the motion lasts 3.00 s"),
        ("from:5s", "lies outside"),
        ("2.0s-1.0s", "is empty"),
        ("first:0s", "is empty"),
        ("last:0f", "lies outside"),
        ("jump:3", "There are 2 jumps; there is no third one."),
        ("clap:2", "There is 1 clap; there is no second one."),
        ("after:kick:1", "There is no kick in this motion."),
    ],
)
def test_what_is_not_there_is_said(word, says):
    with pytest.raises(UserError, match=says):
        ends(word)


WORDS = ["all", "1.0s-2.5s", "10f-40f", "until:2.25s", "after:left_hand_high:last", "end", "before:start:1", "clap:12"]


@pytest.mark.parametrize("word", WORDS)
def test_the_pattern_for_grammars_allows_what_is_a_span(word):
    assert re.fullmatch(PATTERN, word) and str(parse_span(word, "span")) == word


@pytest.mark.parametrize("word", ["jump", "jump:0", "1s", "1-2", "sometime", "first:1", "before:1s", "1s-2s-3s", ""])
def test_what_is_no_span_is_refused(word):
    with pytest.raises(UserError, match="must be a span such as all"):
        parse_span(word, "wave span")
    assert not re.fullmatch(PATTERN, word)


def test_a_weight_is_whole_in_the_middle_and_nothing_is_eased_at_the_ends_of_the_clip():
    inside, first, whole = Frames(20, 40, 60, 20.0), Frames(0, 20, 60, 20.0), Frames(0, 60, 60, 20.0)
    weight = inside.weight()
    assert 0 < weight[0] < 0.2 and weight[10] == 1 and np.allclose(weight, weight[::-1])
    assert first.weight()[0] == 1 and first.weight()[-1] < 0.2 and (whole.weight() == 1).all()
    assert Frames(3, 5, 60, 20.0).weight().max() == 1, "a short span is still a span"
    assert inside.eased() == "from 1.00 s to 2.00 s; eased over 0.2 s" and whole.eased() == "throughout"


def test_events_are_asked_for_only_where_a_span_names_one():
    motion = performed(STAND)
    assert Span("after:jump:1").event == "jump" and Span("1s-2s").event is None
    assert "from 1.50 s to 2.10 s" in edited("look direction=left degrees=20 span=jump:2", motion).text
