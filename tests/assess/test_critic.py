"""The shipped critic: it reads performed plans out of their motion, and says what it sees instead of another plan."""

import numpy as np
import pytest
import torch

from engine.assess.critic import FOLDER, MAX_FRAMES, NUM_FEATURES, Critic, totals
from engine.core.config import Config
from engine.core.features import encode_features
from engine.core.plan import parse_plan
from engine.data.compose import catalogue, perform_plan, sample_plan

PLANS = tuple(str(sample_plan(np.random.default_rng(seed), catalogue())) for seed in range(10))
KICK = parse_plan("make kick side=left count=2 height=high for 3.0")
SALSA = parse_plan("make salsa speed=fast for 5.0")


@pytest.fixture(scope="module")
def critic():
    loaded = Critic.load(Config.from_env().assets / FOLDER)
    assert loaded is not None
    return loaded


@pytest.fixture(scope="module")
def performed():
    return [encode_features(perform_plan(parse_plan(p), np.random.default_rng(5))) for p in PLANS]


def test_performed_plans_are_read_better_than_others(critic, performed):
    def fit(plan, clip):
        return float(np.mean([r.fit for r in critic.judge(parse_plan(plan), clip)]))

    table = np.array([[fit(plan, clip) for plan in PLANS] for clip in performed])
    assert (table.argmax(1) == np.arange(len(PLANS))).all()
    assert np.diag(table).mean() > 0.7 > 0.1 > np.median(table)


def test_the_complaint_says_what_is_seen(critic):
    kick, salsa = (encode_features(perform_plan(p, np.random.default_rng(5))) for p in (KICK, SALSA))
    (reading,) = critic.judge(parse_plan("make kick side=right count=2 height=high for 3.0"), kick)
    assert reading.fit < 0.3 and reading.doubts == ("it looks like side left rather than right",)
    (reading,) = critic.judge(parse_plan("make jog direction=forward for 5.0"), salsa)
    assert reading.fit < 0.1 and reading.doubts == ("it looks like salsa rather than jog",)


def test_of_a_long_segment_the_beginning_is_looked_at_and_no_count(critic):
    kicks = encode_features(perform_plan(KICK, np.random.default_rng(5)))
    long = np.concatenate([kicks] * 12)
    assert len(long) > 2 * MAX_FRAMES
    seconds = len(long) / 20
    twice, thrice = (f"make kick side=left count={n} height=high for {seconds:.1f}" for n in (2, 3))
    assert critic.judge(parse_plan(twice), long) == critic.judge(parse_plan(thrice), long)
    assert critic.judge(parse_plan(twice), long) == critic.judge(parse_plan(twice), long[: MAX_FRAMES + 2])


def test_it_knows_every_action_and_passes_over_others(critic):
    assert set(critic.names) == set(catalogue())
    clip = np.zeros((20, NUM_FEATURES), np.float32)
    assert critic.judge(parse_plan("edit mirror"), clip) == []
    assert critic.judge(parse_plan("make unheard_of for 1.0"), clip) == []


def test_totals_stop_at_the_length():
    clip = torch.zeros(2, 40, NUM_FEATURES)
    clip[..., 0], clip[..., 2], clip[..., 3] = 0.9, 0.05, 0.1
    whole, half = totals(clip, torch.tensor([40, 20]))
    assert whole[0].item() == pytest.approx(4.0, abs=1e-4) and half[0].item() == pytest.approx(2.0, abs=1e-4)
    assert whole[4].item() == pytest.approx(2.0, abs=1e-4) and half[4].item() == pytest.approx(1.0, abs=1e-4)
