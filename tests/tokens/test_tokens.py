"""Tokenizer: features round trip, path integration, quantizer prefixes, save and load."""

import numpy as np
import pytest
import torch

from engine.core import rotations as R
from engine.core.config import Config
from engine.core.errors import UserError
from engine.core.features import NUM_FEATURES, decode_features, encode_features
from engine.core.types import Motion
from engine.tokens.codec import MotionCodec, load_tokenizer, save_tokenizer
from engine.tokens.features import TOKEN_PARTS, feature_joints, part_features
from engine.tokens.rqvae import NUM_PARTS, MotionTokenizer, ResidualQuantizer, TokenizerConfig


@pytest.fixture
def motion():
    rng = np.random.default_rng(3)
    n = 40
    quat = R.quat_from_aa(np.cumsum(rng.normal(size=(n, 22, 3)) * 0.02, 0))
    quat[:, 0] = R.quat_mul(R.quat_from_axis("y", np.linspace(0, 4.0, n)), quat[:, 0])
    path = np.cumsum(rng.normal(size=(n, 3)) * 0.02, 0) + [0, 0.94, 0]
    path -= [path[0, 0], 0, path[0, 2]]
    return Motion(path, quat, 20.0)


def test_features_round_trip(motion):
    back = decode_features(encode_features(motion))
    first = encode_features(motion)
    assert first.shape == (40, 136)
    # The decoder starts at heading 0: undo the first heading of the source before comparing.

    turn = R.quat_from_axis("y", -R.hip_heading(motion.joint_quat[:1].astype(np.float64)[:, 0]))[0]
    expect = R.quat_rotate(turn, motion.joint_positions().astype(np.float64))
    assert np.abs(back.joint_positions() - expect).max() < 1e-4


def test_feature_joints_agree_with_decoding(motion):
    features = encode_features(motion)
    torch_joints = feature_joints(torch.from_numpy(features)[None].double(), integrate=True)[0].numpy()
    assert np.abs(torch_joints - decode_features(features).joint_positions()).max() < 1e-4


def test_the_parts_hold_every_feature_once():
    assert sorted(i for part in TOKEN_PARTS for i in part_features(part)) == list(range(NUM_FEATURES))


def test_a_part_is_coded_by_itself(motion):
    torch.manual_seed(0)
    model = MotionTokenizer(TokenizerConfig(width=64, part_width=32, dim=16, codes=32, levels=2)).eval()
    for quantizer in model.quantizers:
        quantizer.codebook.normal_(std=0.1)
    x = torch.from_numpy(encode_features(motion))[None]
    y = x.clone()
    y[..., part_features("arms")] += 0.5 * torch.randn(1, 40, len(part_features("arms")))
    same = (model.encode(x) == model.encode(y)).all((0, 1)).reshape(2, NUM_PARTS).all(0)
    assert same.tolist() == [part != "arms" for part in TOKEN_PARTS]


def test_each_level_reduces_the_residual():
    torch.manual_seed(0)
    quantizer = ResidualQuantizer(3, 64, 8)
    data = torch.randn(4000, 8)
    quantizer.train()
    for _ in range(60):
        quantizer(data[torch.randint(4000, (512,))], 3)
    codes = quantizer.encode(data, beam=1)
    errors = [(quantizer.decode(codes[:, :q]) - data).square().mean().item() for q in (1, 2, 3)]
    assert errors[0] > errors[1] > errors[2]


def test_a_search_finds_better_sums():
    torch.manual_seed(0)
    quantizer = ResidualQuantizer(3, 64, 8)
    quantizer.codebook.copy_(torch.randn(3, 64, 8) * torch.tensor([1.0, 0.6, 0.4])[:, None, None])
    data = torch.randn(500, 8)
    errors = [(quantizer.decode(quantizer.encode(data, beam)) - data).square().sum(-1) for beam in (1, 4, 16)]
    assert errors[0].mean() > 1.05 * errors[1].mean() > 1.05 * errors[2].mean()
    step_by_step, residual = [], data
    for level in range(3):
        step_by_step.append(quantizer.assign(residual, level))
        residual = residual - quantizer.codebook[level][step_by_step[-1]]
    assert torch.equal(quantizer.encode(data, 1), torch.stack(step_by_step, -1))


def test_save_and_load(tmp_path, motion):
    torch.manual_seed(0)
    model = MotionTokenizer(TokenizerConfig(width=64, part_width=32, dim=16, codes=32, levels=2)).eval()
    for quantizer in model.quantizers:
        quantizer.codebook.normal_()
    save_tokenizer(model, tmp_path)
    codec, again = MotionCodec(load_tokenizer(tmp_path)), MotionCodec(load_tokenizer(tmp_path))
    codes = codec.encode(motion)
    assert codes.shape == (10, 2 * NUM_PARTS) and codes.dtype == np.int64
    decoded = codec.decode(codes)
    assert decoded.num_frames == 40 and decoded.fps == 20
    assert np.array_equal(decoded.joint_quat, again.decode(codes).joint_quat)


def test_missing_weights_are_said(tmp_path):
    with pytest.raises(UserError, match="weights are missing"):
        MotionCodec.load(Config(assets=tmp_path))
