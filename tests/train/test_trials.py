"""Trials with fake models: a new action is learnt from clips alone, wrong drafts and references are noticed, tables."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from fake_models import FakeCodec, FakeLanguageModel

from engine.core.config import ROOT, Config
from engine.core.errors import UserError
from engine.core.plan import Call, parse_plan
from engine.data.compose import catalogue, perform_plan
from engine.language.interface import DraftProgress
from engine.language.stream import AS_SHOWN, REFERENCE_STEPS
from engine.loop import recall as recalling
from engine.loop.models import Models
from engine.loop.recall import Recall
from engine.loop.session import Session
from engine.retrieval.clips import Clip
from engine.retrieval.library import Library, connect
from engine.retrieval.network import Retriever, RetrieverConfig
from engine.retrieval.text_encoder import TextEncoder
from engine.train.metrics.findings import Findings
from engine.train.metrics.network import Evaluator, EvaluatorConfig
from engine.train.metrics.pairs import held_out_pairs
from engine.train.metrics.scores import Estimate, Row
from engine.train.suite.runner import Result
from engine.train.trials import domain
from engine.train.trials.ablation import SETTINGS, AblationFigures, AblationRow, format_ablation, run_ablation
from engine.train.trials.novel_actions import NOVEL
from engine.train.trials.novel_checks import NOVEL_CHECKS, judge_novel
from engine.train.trials.robustness import (
    RobustnessFigures,
    WrongFirst,
    WrongReferences,
    format_robustness,
    robustness_entries,
    run_robustness,
)
from engine.train.trials.setup import Trial, recall_of, spread

WALK = "make walk direction=forward speed=normal style=plain for 2.0"
ACTIONS = domain.load_domain()


class Shelf:
    """A codec whose codes are the numbers of the motions that it was given, so that nothing is lost."""

    frames_per_step = 4

    def __init__(self):
        self.motions = []

    def encode(self, motion):
        self.motions.append(motion)
        steps = -(-motion.num_frames // 4)
        return np.stack([np.full(steps, len(self.motions) - 1), np.arange(steps)], -1)

    def decode(self, codes):
        motion, start = self.motions[codes[0, 0]], codes[0, 1]
        return motion.slice(4 * start, 4 * (start + len(codes)))


class Copier(FakeLanguageModel):
    """Does as the first reference shows, and stands about without one."""

    takes_references, judges = True, False

    def __init__(self, codec, plan=WALK):
        super().__init__([])
        self.codec, self.plan, self.catalogue = codec, plan, catalogue()
        self.still = codec.encode(perform_plan(parse_plan("make stand for 10.0"), np.random.default_rng(0)))

    def stream_plan(self, request, context, generator, among=()):
        yield self.plan

    def stream_motion(self, request, plan, generator, candidates=1, prefix=None, references=(), keep=None):
        codes = references[0].codes if AS_SHOWN in str(plan) else self.still
        codes = np.stack([codes[: plan.num_steps]] * candidates)
        yield DraftProgress(plan.num_steps, plan.num_steps, codes, np.zeros(candidates))


@pytest.fixture(scope="module")
def encoder():
    return TextEncoder()


@pytest.fixture
def library(tmp_path):
    torch.manual_seed(0)
    retriever = Retriever(RetrieverConfig(32, 16, 24, 32)).eval()
    lines = {"a bow": "make bow for 2.0", "a wave": "make wave for 2.0", "a walk": WALK, "a jump": "make jump for 1.6"}
    shipped = [
        Clip.of(perform_plan(parse_plan(line), np.random.default_rng(2)), caption, "shipped")
        for caption, line in lines.items()
    ]
    library = Library(connect(Config(), tmp_path), retriever, TextEncoder(), tmp_path / "clips", shipped)
    library.add(shipped)
    return library


@pytest.mark.parametrize("novel", ACTIONS, ids=lambda a: a.action)
def test_new_actions_are_what_their_checks_measure_and_nothing_else_is(novel):
    others = set(NOVEL_CHECKS) - {novel.action}
    for motion in domain.novel_motions(novel):
        assert motion.num_frames <= 4 * REFERENCE_STEPS
        assert judge_novel(novel.action, motion).passed
        assert not any(judge_novel(name, motion).passed for name in others)
    rng = np.random.default_rng(0)
    known = perform_plan(parse_plan("make wave side=left count=3 for 3.0"), rng)
    assert not judge_novel(novel.action, known).passed


def test_new_actions_are_in_no_catalogue_and_no_wording():
    words = " ".join(p.read_text().lower() for p in sorted((ROOT / "prompts").rglob("*")) if _said(p))
    assert len(words) > 100_000
    for novel in ACTIONS:
        assert novel.action in NOVEL and novel.action not in catalogue() and novel.action not in words
        captions = [clip.caption for clip in novel.clips]
        assert len(set(captions)) >= 4 and len(set(novel.prompts)) >= 8 and not set(captions) & set(novel.prompts)
        assert all(novel.action in said for said in (*captions, *map(str.lower, novel.prompts)))


def _said(path):
    return path.is_file() and path != domain.DOMAIN


def test_a_new_action_is_learnt_from_clips_that_were_added(library, encoder, tmp_path, monkeypatch):
    monkeypatch.setattr(recalling, "LEAST", -1.0)
    codec = Shelf()
    trial = Trial(Models(Copier(codec), codec, recall=Recall(library, catalogue())))
    figures = domain.run_domain(trial, library, ACTIONS, tmp_path, 3)
    assert figures.num_clips == sum(len(a.clips) for a in ACTIONS) and len(figures.results) == 3 * len(ACTIONS)
    assert not any(r.before.passed or r.before.shown for r in figures.results)
    assert figures.gain > 50 and figures.goals()[0].met
    assert all(r.after.passed == r.after.shown for r in figures.results), "what was found is copied, and passes"
    text = domain.format_domain(figures)
    assert all(a.action in text for a in ACTIONS) and f"{figures.gain:+.1f} points" in text
    assert figures.to_dict()["results"][0]["before"]["plan"] == WALK


def test_the_other_clips_are_of_known_actions(library):
    others = domain.other_clips(3)
    assert library.add(others) == 3 and library.has_added() and len({c.caption for c in others}) == 3
    assert not any(novel.action in clip.caption for novel in ACTIONS for clip in others)
    assert others[0].clip_id == domain.other_clips(1)[0].clip_id, "the same ones every time"


def test_what_fails_is_told(library, tmp_path):
    """Without recall nothing is found, before or after."""
    codec = Shelf()
    trial = Trial(Models(Copier(codec), codec))
    figures = domain.run_domain(trial, library, ACTIONS[:1], tmp_path, 2)
    assert figures.gain == 0 and not figures.goals()[0].met
    assert "failed [semaphore]" in domain.format_domain(figures) and WALK in domain.format_domain(figures)
    with pytest.raises(UserError, match="no reference clips"):
        recall_of(trial.models)


def test_only_the_first_motion_of_a_turn_is_wrong():
    codec = Shelf()
    inner = Copier(codec)
    wrong, plan = WrongFirst(inner, codec), parse_plan(WALK)

    def motion(generator):
        return list(wrong.stream_motion("a walk", plan, generator, 3))[-1].codes

    for turn in range(2):
        generator = torch.Generator()
        codes = motion(generator)
        assert codes.shape == (3, plan.num_steps, 2) and (codes == codes[:1]).all()
        assert codes[0, 0, 0] != inner.still[0, 0], "another motion in every candidate"
        assert (motion(generator) == inner.still[: plan.num_steps]).all()
        assert wrong.replaced == turn + 1
    assert wrong.catalogue is inner.catalogue and wrong.takes_references


def test_the_wrong_motion_does_nothing_of_the_plan():
    wrong = WrongFirst(Copier(Shelf()), Shelf())
    plan = parse_plan(WALK)
    busy = replace(plan.segments[0], calls=tuple(Call(n) for n in catalogue() if n != "bow"))
    motion = wrong._other(replace(plan, segments=(busy,)))
    assert 1.5 < motion.duration_s < 6, "the only action left is a bow"


def test_references_are_replaced_by_others(library, encoder, monkeypatch):
    monkeypatch.setattr(recalling, "LEAST", -1.0)
    recall, plan = Recall(library, catalogue()), parse_plan(WALK)
    (found,) = recall.find("a walk", plan)[1]
    always, never = WrongReferences(recall, 1.0), WrongReferences(recall, 0.0)
    assert never.find("a walk", plan)[1][0].reference.clip_id == found.reference.clip_id
    _, (other,) = always.find("a walk", plan)
    assert other.reference.caption != "a walk" and other.kind == found.kind
    assert always.replaced == always.found == 1 and never.replaced == 0 and never.found == 1
    shown = always.shown(other, FakeCodec().encode)
    assert shown.caption == other.reference.caption


def test_robustness_is_measured(library, encoder, monkeypatch):
    monkeypatch.setattr(recalling, "LEAST", -1.0)
    codec, entries = Shelf(), robustness_entries(4)
    models = Models(Copier(codec), codec, recall=Recall(library, catalogue()))
    figures = run_robustness(models, entries)
    assert figures.drafts == len(figures.plain) == len(entries) == 4 and figures.found >= 4
    assert "4 first drafts replaced" in format_robustness(figures)
    assert all(e.plan.task == "make" and not e.before for e in entries)


def result(passed):
    return Result("travel", "a walk", passed, "", WALK, WALK, True, True, 1.0, 0.1)


def test_robustness_counts_what_passes_otherwise():
    plain, first, wrong = ([result(p) for p in row] for row in ((1, 1, 0, 0), (1, 0, 1, 0), (1, 0, 0, 0)))
    figures = RobustnessFigures(tuple(plain), tuple(first), tuple(wrong), 4, 1, 4)
    assert figures.mended == 50 and figures.lost == 25
    assert [g.met for g in figures.goals()] == [False, False]
    assert "lost with wrong references" in format_robustness(figures)
    found = Findings(robustness=figures)
    assert found.goals() == figures.goals()
    assert json.loads(json.dumps(found.to_dict()))["robustness"]["wrong"] == 1


def test_spread():
    assert spread(range(10), 3) == [0, 4, 9] and spread([1, 2], None) == [1, 2] and spread([1, 2], 5) == [1, 2]


def test_every_setting_of_the_ablation_is_asked_the_same(encoder):
    torch.manual_seed(0)
    asked = []

    class Asked:
        def __init__(self, seed):
            self.seed = seed

        def send(self, text, attachments=(), options=None):
            asked.append((text, self.seed, options))
            return Session(models, self.seed).send(text, attachments, options)

    class Engine:
        def new_session(self, seed=None):
            return Asked(seed)

    codec = Shelf()
    models = Models(Copier(codec), codec)
    pairs, entries = held_out_pairs(4), robustness_entries(2)
    figures = run_ablation(Engine(), Evaluator(EvaluatorConfig(width=32, dim=16)).eval(), encoder, entries, pairs)
    assert [row.setting for row in figures.rows] == list(SETTINGS)
    for options in SETTINGS.values():
        assert [(t, s) for t, s, o in asked if o == options] == [(t, s) for t, s, _ in asked[: len(asked) // 4]]
    text = format_ablation(figures)
    assert all(setting in text for setting in SETTINGS) and "FID" in text
    assert len(figures.to_dict()["rows"]) == 4


def test_goals_of_the_ablation():
    def row(setting, passed, fid):
        results = tuple(result(k < passed) for k in range(20))
        scores = Row(setting, 4, 4, (Estimate(0.5),) * 3, Estimate(1.0), Estimate(1.0), Estimate(fid))
        return AblationRow(setting, results, scores, 1.0)

    def met(*shares, fid=0.2):
        rows = (row(s, p, 0.2 if s == "single draft" else fid) for s, p in zip(SETTINGS, shares, strict=True))
        return [goal.met for goal in AblationFigures(tuple(rows)).goals()]

    assert all(met(10, 11, 12, 13)), "equal FIDs are no worse"
    assert met(10, 11, 12, 12) == [True, True, True, False, True, True]
    assert met(10, 10, 10, 10, fid=0.3) == [False] * 6
    assert SETTINGS["single draft"].candidates == 1 and not SETTINGS["with the loop"].retrieve
