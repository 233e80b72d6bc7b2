"""What is between two persons: touches agree with those that performed interactions tell, facts are plain words."""

import numpy as np
import pytest

from engine.assess.between import contacts, measure_pair
from engine.core.skin import BARS, PARTS, body_bars, skin_point
from engine.data.pairs.checks import TOUCH_M, gap
from engine.data.pairs.registry import INTERACTIONS, PairTake, perform_pair, sample_args

CLOSE_S = 0.3
SERIES_S = 0.5
"""Touches of the same places that follow each other so soon may be told as one."""
SAID = {
    "palm": "hand", "fist": "hand", "wrist": "hand forearm", "forearm": "hand forearm", "shoulder_top": "shoulder",
    "armpit": "back waist chest", "blade": "back shoulder", "loin": "back waist", "breast": "chest", "cheek": "head",
    "elbow": "elbow", "toes": "foot", "lap": "hip belly thigh",
}  # fmt: skip
"""What a place of the performed takes may be called here."""
MET = sorted(name for name in INTERACTIONS if INTERACTIONS[name].facts.touches)
APART = ("wave_back", "bow_back", "salute_back", "argue", "mirror", "dance_off", "throw_catch", "race", "pass_by")
"""Interactions at a distance."""


def take_of(name: str, seed: int) -> PairTake:
    rng = np.random.default_rng(seed)
    return perform_pair(name, sample_args(name, rng) if seed else None, rng)


def is_said(place: str, part: str) -> bool:
    side, _, bare = place.partition("_")
    words = SAID[bare or side].split()
    noun = part.split()[-1]
    return noun in words and (" " not in part or not bare or part.startswith(side))


def told(take: PairTake) -> list[tuple[tuple[str, str], float, float, float, float]]:
    """Places, and between which times a touch of them must begin and end: series are one touch, and places that are
    within TOUCH_M of each other may be taken to touch already."""
    found = []
    for pair in {(c.actor, c.reactor) for c in take.contacts}:
        near = gap(take.actor, take.reactor, pair) <= TOUCH_M
        spans: list[list[float]] = []
        for c in sorted((c for c in take.contacts if (c.actor, c.reactor) == pair), key=lambda c: c.start_s):
            if spans and c.start_s - spans[-1][1] < SERIES_S:
                spans[-1][1] = c.end_s
            else:
                spans.append([c.start_s, c.end_s])
        for start_s, end_s in spans:
            first, last = round(start_s * 20), round(end_s * 20)
            while first > 0 and near[first - 1]:
                first -= 1
            while last < len(near) - 1 and near[last + 1]:
                last += 1
            found.append((pair, first / 20, start_s, end_s, last / 20))
    return found


@pytest.mark.parametrize("name", MET)
def test_touches_agree_with_those_that_are_told(name):
    for seed in (0, 1):
        take = take_of(name, seed)
        touches = contacts(take.actor, take.reactor)
        for (mine, other), earliest, start_s, end_s, latest in told(take):
            fits = [
                t for t in touches
                if is_said(mine, t.a) and is_said(other, t.b)
                and earliest - CLOSE_S <= t.start_s <= start_s + CLOSE_S
                and end_s - CLOSE_S <= t.end_s <= latest + CLOSE_S
            ]  # fmt: skip
            assert fits, (take.args, mine, other, start_s, end_s, touches)
        assert all(t.end_s - t.start_s > 0.149 for t in touches)


@pytest.mark.parametrize("name", APART)
def test_nobody_touches_at_a_distance(name):
    for seed in (0, 1):
        take = take_of(name, seed)
        assert contacts(take.actor, take.reactor) == ()


def test_rates_and_lengths_may_differ_and_order_is_kept():
    take = take_of("handshake", 0)
    (plain,) = contacts(take.actor, take.reactor)
    (other,) = contacts(take.actor.resample(30), take.reactor.resample(48))
    assert (plain.a, plain.b) == (other.a, other.b) == ("right hand", "right hand")
    assert abs(plain.start_s - other.start_s) < 0.1 and abs(plain.end_s - other.end_s) < 0.1
    (short,) = contacts(take.actor, take.reactor.slice(0, 30))
    assert short.end_s <= 1.5 and abs(short.start_s - plain.start_s) < 0.1
    assert contacts(take.actor, take.reactor.slice(0, 1)) == ()
    hug = take_of("support", 0)
    turned = {(t.b, t.a) for t in contacts(hug.reactor, hug.actor)}
    assert turned == {(t.a, t.b) for t in contacts(hug.actor, hug.reactor)}


def test_skin_is_where_the_body_is():
    motion = take_of("nod_greeting", 0).actor
    bars = body_bars(motion)
    assert bars.first.shape == (motion.num_frames, len(BARS), 3) and {"left hand", "back", "head"} <= set(PARTS)
    before = np.tile([[0.0, 1.3, 1.0]], (motion.num_frames, 1))
    chest = skin_point(bars, "chest", before)
    assert 0.05 < chest[0, 2] < 0.25 and abs(chest[0, 0]) < 0.15
    np.testing.assert_allclose(skin_point(bars, "chest", before, 0.1)[0], chest[0], atol=0.1001)


def test_facts_of_a_pair():
    shake = take_of("handshake", 0)
    facts = measure_pair(shake.actor, shake.reactor)
    assert facts.facing == "each other" and facts.first == "a" and 0.6 < facts.least_m <= facts.most_m < 1.1
    assert facts.touches[0] == contacts(shake.actor, shake.reactor)[0]
    assert any(line.startswith("A's right hand touches B's right hand from 0.") for line in facts.lines())
    away = measure_pair(shake.reactor, shake.actor)
    assert away.first == "b" and away.facing == "each other"
    mirror = measure_pair(*take_of("mirror", 0).scene.motions)
    assert mirror.mirrors and not mirror.copies and "B mirrors what A does" in " ".join(mirror.lines())
    wave = measure_pair(*take_of("wave_back", 0).scene.motions)
    assert not wave.mirrors and wave.copies and wave.behind_s > 0.3
    assert {"they do not touch", "they face each other"} <= set(wave.lines())
    chase = measure_pair(*take_of("chase", 0).scene.motions)
    assert chase.facing == "same way" and "come as near as" in " ".join(chase.lines())


def test_who_does_nothing_is_told():
    still = take_of("wave_back", 0).actor.sample_at(np.zeros(40))
    other = still.with_(root_pos=still.root_pos + np.array([0, 0, 2], np.float32))
    facts = measure_pair(still, other)
    assert facts.first == "" and not facts.mirrors and facts.facing == "same way"
    assert facts.lines() == ["they do not touch", "they stay 2.0 m apart", "they face the same way", "neither moves"]
    frame = measure_pair(still.slice(0, 1), other)
    assert frame.duration_s == pytest.approx(0.05) and frame.lines()
