"""The metrics: known answers on constructed data, held-out pairs, generation, the physical targets and the report."""

import base64
import json
import re
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from engine.core.errors import UserError
from engine.core.features import NUM_FEATURES, encode_features
from engine.core.plan import parse_plan
from engine.core.skeleton import MEAN_STANDING_HEIGHT
from engine.core.types import Scene
from engine.data.wordings import held_out
from engine.retrieval.text_encoder import TextEncoder
from engine.train import evaluate
from engine.train.metrics import measure, pairs, plots, scores
from engine.train.metrics.findings import Findings
from engine.train.metrics.generation import generate
from engine.train.metrics.goals import Goal
from engine.train.metrics.network import Evaluator, EvaluatorConfig, load_evaluator, save_evaluator
from engine.train.metrics.physical_report import measure_physical, physical_goals, physical_row
from engine.train.metrics.report import write_html
from engine.train.metrics.retrieval import KINDS, RetrievalFigures, RetrievalRow
from engine.train.metrics.training import (
    contrastive_loss,
    draw_batch,
    read_texts,
)
from engine.train.suite.runner import Result
from engine.train.tokenizer_eval import Figure

RNG = np.random.default_rng
SMALL = EvaluatorConfig(width=32, dim=16)


def unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_fid_of_equal_and_of_shifted_sets():
    real = RNG(0).normal(size=(4000, 6))
    assert scores.fid(real, real) == pytest.approx(0, abs=1e-9)
    assert scores.fid(real, real + np.array([3, 0, 0, 4, 0, 0])) == pytest.approx(25, rel=1e-6)
    assert scores.fid(real - real.mean(0), 2 * (real - real.mean(0))) == pytest.approx(np.trace(np.cov(real.T)))


def test_fid_of_correlated_sets():
    """Against the formula with the matrix root itself."""
    from scipy.linalg import sqrtm

    a, b = (RNG(i).normal(size=(300, 5)) @ RNG(i + 9).normal(size=(5, 5)) for i in (1, 2))
    ca, cb = np.cov(a.T), np.cov(b.T)
    wanted = ((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(ca + cb - 2 * np.real(sqrtm(ca @ cb)))
    assert scores.fid(a, b) == pytest.approx(wanted, rel=1e-6)


def test_r_precision_of_perfect_and_of_random_embeddings():
    keys = [str(i) for i in range(640)]
    texts = unit(RNG(0).normal(size=(640, 32)))
    assert scores.r_precision(texts, texts, keys, RNG(1)).tolist() == [1, 1, 1]
    row = scores.score_row("random", [unit(RNG(2).normal(size=(640, 32)))], texts, keys)
    assert [e.mean for e in row.top] == pytest.approx([1 / 32, 2 / 32, 3 / 32], abs=0.015)
    assert row.pool == 32 and all(0 < e.half < 0.01 for e in row.top)


def test_a_second_place_counts_for_the_second_top():
    """Every motion lies a little nearer to one other text of the pool than to its own."""
    texts = np.eye(32)
    motions = texts + 1.1 * np.roll(texts, 1, 0)
    assert scores.r_precision(motions, texts, list(map(str, range(32))), RNG(0)).tolist() == [0, 1, 1]


def test_embeddings_that_say_nothing_do_not_score():
    same = np.ones((64, 4))
    assert scores.r_precision(same, same, list(map(str, range(64))), RNG(0)).tolist() == [0, 0, 0]


def test_no_pool_holds_a_key_twice():
    keys = [str(i % 40) for i in range(200)]
    pools = scores.draw_pools(keys, 32, RNG(0))
    assert len(pools) >= 4 and all(len({keys[i] for i in pool}) == len(pool) == 32 for pool in pools)
    drawn = [i for pool in pools for i in pool]
    assert len(drawn) == len(set(drawn))


def test_few_texts_make_a_smaller_pool():
    texts = unit(RNG(0).normal(size=(30, 8)))
    keys = [str(i % 10) for i in range(30)]
    assert scores.score_row("cmu", [texts], texts, keys).pool == 10
    with pytest.raises(AssertionError, match="10 different texts"):
        scores.r_precision(texts, texts, keys, RNG(0), 11)


def test_distances_of_known_embeddings():
    a, b = np.zeros((6, 2)), np.tile([[3.0, 4.0]], (6, 1))
    assert scores.mm_distance(a, b) == pytest.approx(5)
    halves = np.concatenate([np.zeros((300, 2)), np.full((300, 2), 1.0)])
    assert scores.diversity(halves, RNG(0), 300) == pytest.approx(np.sqrt(2) / 2, abs=0.1)
    assert scores.multimodality([np.array([[0.0, 0], [0, 2]]), np.zeros((3, 2))]) == pytest.approx(1.0)


def test_the_interval_is_of_the_mean_over_repeats():
    estimate = scores.Estimate.of([1.0, 3.0])
    assert estimate.mean == 2 and estimate.half == pytest.approx(1.96)
    assert scores.Estimate.of([2.0]).half == 0 and str(scores.Estimate(0.5)) == "0.500"


@pytest.fixture(scope="module")
def few():
    return pairs.held_out_pairs(12)


def test_held_out_pairs_are_new_and_all_different(few):
    assert len({p.key for p in few}) == 12 and all(p.motion.duration_s <= 10.01 for p in few)
    assert [p.text for p in pairs.held_out_pairs(12)] == [p.text for p in few]
    many = pairs.held_out_plans(60).values()
    assert {len(p.segments) > 1 for p in many} == {len(p.segments[0].calls) > 1 for p in many} == {True, False}
    assert sum(held_out().has(p.text) for p in few) >= 6, "most wordings must be unknown to training"


def test_performing_again_keeps_the_plan_and_changes_the_motion(few):
    again = pairs.performed_again(12)
    assert [m.num_frames for m in again] == [p.motion.num_frames for p in few]
    assert all(not np.allclose(m.joint_quat, p.motion.joint_quat) for m, p in zip(again, few, strict=True))


def test_keys_leave_lengths_out():
    one, other = (parse_plan(f"make walk speed=slow & clap count=2 for {s} ; bow for 2.0") for s in (3.0, 4.2))
    assert pairs.plan_key(one) == pairs.plan_key(other) == "walk speed=slow & clap count=2 ; bow"
    assert pairs.text_key("Run,  veer right") == pairs.text_key("run veer right.")


def test_the_network_does_not_see_its_padding(few, tmp_path):
    torch.manual_seed(0)
    model = Evaluator(SMALL).eval()
    clips = [encode_features(p.motion) for p in few]
    together, alone = model.motions(clips), np.concatenate([model.motions([c]) for c in clips])
    assert np.allclose(together, alone, atol=1e-5) and np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    encoder, texts = TextEncoder(), [p.text for p in few]
    said = model.texts(texts, encoder)
    assert np.allclose(said, np.concatenate([model.texts([t], encoder) for t in texts]), atol=1e-4)
    read = model.embed_text(read_texts(encoder, texts, "cpu")).detach().numpy()
    assert (read * said).sum(1).min() > 0.99, "bfloat16 and the order of reading change little"
    save_evaluator(model, tmp_path)
    assert np.allclose(load_evaluator(tmp_path).motions(clips), together, atol=0.01)
    with pytest.raises(UserError, match="train evaluator"):
        load_evaluator(tmp_path / "none")


def test_pairs_that_say_the_same_are_no_negatives():
    rows = torch.nn.functional.normalize(torch.randn(4, 8, generator=torch.Generator().manual_seed(0)), dim=-1)
    rows = torch.cat([rows, rows])
    apart = [str(i) for i in range(8)]
    scale = torch.tensor(30.0)
    twice, _ = contrastive_loss(rows, rows, scale, apart)
    once, right = contrastive_loss(rows, rows, scale, apart[:4] * 2)
    assert twice > 0.69 and once < 0.1 and right == 1


def test_batches_mix_authored_and_captured_motion(few):
    authored = [pairs.Performance(parse_plan("make clap count=2 for 2.0"), np.zeros((40, NUM_FEATURES), np.float16))]
    cmu = [pairs.CmuTrial("a jig", np.ones((500, NUM_FEATURES), np.float16))]
    batch = draw_batch(authored, cmu, 100, 0.5, RNG(0))
    captured = [k == "a jig" for k in batch.keys]
    assert captured == [plan is None for plan in batch.plans]
    assert 30 < sum(captured) < 70
    lengths = {len(c) for c, real in zip(batch.clips, captured, strict=True) if real}
    assert min(lengths) >= pairs.MIN_WINDOW and max(lengths) <= pairs.WINDOW and len(lengths) > 10
    authored_texts = {t for t, real in zip(batch.texts, captured, strict=True) if not real}
    assert len(authored_texts) > 20, "captions must be drawn anew"


class FakeEngine:
    """Performs what it is told by a dict of prompts; unknown prompts are not understood."""

    notice = "A fake engine"

    def __init__(self, motions):
        self.motions, self.seeds = motions, []

    def new_session(self, seed=None):
        self.seeds.append(seed)

        def send(text, options=None):
            if text not in self.motions:
                raise UserError("not understood")
            motion = self.motions[text]
            return SimpleNamespace(scene=Scene((motion.with_(root_pos=motion.root_pos + 0.001 * (seed % 7)),)))

        return SimpleNamespace(send=send)


def test_generation_takes_new_sessions_and_says_what_failed(few):
    engine = FakeEngine({p.text: p.motion for p in few[:3]})
    made = generate(engine, [p.text for p in few[:3]] + ["gibberish"])
    generate(engine, [few[0].text], sample=1)
    generate(engine, [few[0].text], repeat=1)
    assert len(set(engine.seeds)) == len(engine.seeds) == 6
    assert len(made.motions) == 4 and len(made.made) == 3 and list(made.failed) == [3]
    assert "gibberish: not understood" in made.failed[3]
    assert made.motions[3].root_pos[0, 1] == pytest.approx(MEAN_STANDING_HEIGHT)


@pytest.fixture(scope="module")
def measured(few):
    torch.manual_seed(0)
    engine = FakeEngine({p.text: p.motion for p in few[1:]})
    return measure.measure_metrics(engine, Evaluator(SMALL).eval(), TextEncoder(), 12, repeats=2)


def test_rows_of_a_run(measured):
    real, again, made = measured.rows
    assert (real.name, again.name, made.name) == ("real", "performed again", "generated")
    assert real.fid and made.fid and real.fid.mean == pytest.approx(0, abs=1e-6) and made.fid.mean > 0
    assert real.multimodality and made.multimodality and made.multimodality.mean < real.multimodality.mean
    assert len(measured.failed) == 2 and len(measured.samples) == 12 and len(measured.samples[0]) == measure.SAMPLES
    text = measure.format_metrics(measured)
    assert "no motion: " in text and "performed again" in text
    (goal,) = measured.goals()
    assert goal.figure == pytest.approx(made.top[2].mean / real.top[2].mean) and goal.at_least


def test_physical_targets_tell_good_from_bad(few):
    motions = [p.motion for p in few]
    still = physical_row("CMU, held out", motions)
    sliding = [m.with_(root_pos=m.root_pos + 0.01 * np.arange(m.num_frames)[:, None] * [1, 0, 0]) for m in motions]
    sunk = [m.with_(root_pos=m.root_pos - np.array([0, 0.05, 0], np.float32)) for m in sliding]
    good = physical_goals([still, physical_row("authored", motions), physical_row("generated", motions)])
    bad = physical_goals([still, physical_row("authored", motions), physical_row("generated", sunk)])
    assert [g.met for g in good] == [False, True, True, True], "half of its own skate is never reached"
    assert bad[0].figure > 10 and bad[1].figure > 4 and [g.met for g in bad] == [False, False, True, True]


def test_goals_go_both_ways():
    assert Goal("a", 1, 1).met and not Goal("a", 1, 1.1).met
    assert Goal("a", 1, 1, at_least=True).met and Goal("a", 1, 0.9, at_least=True).verdict == "MISSED"


def findings(measured, few) -> Findings:
    results = [Result("travel", "walk <i>on", i > 0, "0 m", "", "make b for 1.0", True, False, 0.5, 1) for i in (0, 1)]
    figures = [
        Figure(s, q, 3, 20.0 * q, 30.0, 2.0, 1.0) for s in ("cmu", "authored") for q in (0, 1, 2)
    ]  # fmt: skip
    motions = [p.motion for p in few]
    rows = [physical_row(n, motions) for n in ("CMU, held out", "authored", "generated")]
    ways = [RetrievalRow(kind, by, (0.5, 1.0, 1.0, 2.0), (0.25, 0.5, 1.0, 3.0)) for kind in KINDS for by in "abc"]
    found = RetrievalFigures(tuple(ways), 3.0)
    return Findings(results, figures, measured, rows, found, "A notice")


def test_the_page_needs_nothing_beside_it(measured, few, tmp_path):
    path = tmp_path / "report.html"
    found = findings(measured, few)
    write_html(found, path)
    page = path.read_text()
    pictures = re.findall(r'src="data:image/png;base64,([^"]+)"', page)
    assert len(pictures) == 4 + 12 + 4
    assert all(base64.b64decode(p).startswith(b"\x89PNG") for p in pictures)
    assert not re.search(r"""(src|href)=["']?(http|//)""", page) and "<script" not in page
    assert page.count("class='MISSED'") == sum(not g.met for g in found.goals()) > 0
    assert "walk &lt;i&gt;on" in page and "A notice" in page and "<i>" not in page and "Retrieval" in page


def test_only_what_was_measured_is_reported(few, tmp_path):
    write_html(Findings(physical=findings(None, few).physical), tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text()
    assert "Physical report" in page and "Tokenizer" not in page and "Prompt suite" not in page
    assert list(Findings().to_dict()) == ["goals"]


def test_run_measures_and_writes(monkeypatch, few, tmp_path, capsys):
    engine = FakeEngine({p.text: p.motion for p in few})
    save_evaluator(Evaluator(SMALL), tmp_path / "evaluator")
    monkeypatch.setenv("KINETALK_ASSETS", str(tmp_path))
    monkeypatch.setattr(evaluate, "_load_engine", lambda: engine)
    monkeypatch.setattr(measure, "cmu_held_out", list)
    monkeypatch.setattr(evaluate, "measure_physical", lambda a, g: [physical_row(n, a) for n in ROWS])
    report = tmp_path / "report.json"
    code = evaluate.run("metrics", limit=6, report=report)
    found = json.loads(report.read_text())
    assert code == int(not all(g["met"] for g in found["goals"]))
    assert [r["name"] for r in found["metrics"]["rows"]] == ["real", "performed again", "generated"]
    assert evaluate.run("physical", limit=2, report=tmp_path / "report.html") == 1
    said = capsys.readouterr().out
    assert "R-Precision top 3, share of real" in said and "foot skate, generated" in said


ROWS = ("CMU, held out", "authored", "generated")


def test_mistakes_are_told_before_anything_is_computed(tmp_path, monkeypatch):
    monkeypatch.setattr(evaluate, "_measure", lambda *_: pytest.fail("computed"))
    with pytest.raises(UserError, match="at least 1"):
        evaluate.run("metrics", repeats=0)
    with pytest.raises(UserError, match=r"report\.pdf"):
        evaluate.run("metrics", report=tmp_path / "report.pdf")
    monkeypatch.setitem(__import__("sys").modules, "matplotlib", None)
    with pytest.raises(UserError, match=r"requirements-dev\.txt"):
        plots.check_plots()


def test_without_the_pack_the_physical_report_says_so(monkeypatch):
    monkeypatch.setattr("engine.train.metrics.physical_report.cmu_held_out", list)
    with pytest.raises(UserError, match="CMU pack"):
        measure_physical([], [])
