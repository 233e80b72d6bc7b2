"""Rounds: drafts are judged, what the instruction names is made anew, the best one is kept, people can take over."""

import numpy as np
import pytest
from fake_models import FakeCodec, FakeLanguageModel

from engine.assess.critic import Reading
from engine.core.errors import UserError
from engine.core.instruction import parse_instruction
from engine.core.plan import parse_plan
from engine.language.decoding import FREE
from engine.loop.events import Done
from engine.loop.models import Models
from engine.loop.refine import kept_codes, named
from engine.loop.request import TurnOptions
from engine.loop.session import Session
from engine.loop.store import read_session

WALK = "make walk direction=forward speed=normal style=plain for 2.0"
BOTH = "make walk direction=forward speed=normal style=plain & wave side=left count=3 for 2.0 ; bow for 1.0"
CODES = np.arange(15 * 12).reshape(15, 12)
COLUMNS = {"legs": [0, 3, 6, 9], "upper": [1, 2, 4, 5, 7, 8, 10, 11], "whole": list(range(12))}


def session_of(*judgements, plan=WALK, seed=7, critic=None):
    model = FakeLanguageModel([plan] * 3, judgements=judgements, judges=True)
    return model, Session(Models(model, FakeCodec(), critic), seed)


def kinds(reply):
    return [step.kind for step in reply.trace]


def heard(model, monkeypatch):
    """What the model is asked to make: the words, and the codes that stay."""
    calls, stream = [], model.stream_motion
    monkeypatch.setattr(model, "stream_motion", lambda *a: calls.append((a[0], a[6])) or stream(*a))
    return calls


@pytest.mark.parametrize(
    ("line", "steps", "group", "words"),
    [
        ("redo legs of part 1", slice(0, 10), "legs", "legs of part 1"),
        ("redo upper of part 1", slice(0, 10), "upper", "trunk and arms of part 1"),
        ("redo part 2", slice(10, 15), "whole", "part 2"),
    ],
)
def test_what_an_instruction_names_is_free_and_the_rest_stays(line, steps, group, words):
    instruction = parse_instruction(line, 2)
    keep = kept_codes(instruction, parse_plan(BOTH), CODES)
    free = np.zeros(CODES.shape, bool)
    free[steps, COLUMNS[group]] = True
    assert keep is not None and ((keep == FREE) == free).all() and (keep[~free] == CODES[~free]).all()
    assert named(instruction) == words


@pytest.mark.parametrize("line", ["redo all", "redo part 1 ; redo part 2"])
def test_where_nothing_stays_all_is_made_anew(line):
    assert kept_codes(parse_instruction(line, 2), parse_plan(BOTH), CODES) is None


def test_the_best_candidate_of_a_round_is_measured_and_judged():
    model, session = session_of()
    reply = session.send("a walk", options=TurnOptions(candidates=4))
    assert kinds(reply) == ["plan", "motion", "measure", "assess", "refine", "answer"]
    (measured,) = (s for s in reply.trace if s.kind == "measure")
    assert measured.scene is reply.scene and "other drafts score" in measured.text
    assert len(model.measured) == 1 and measured.text.startswith(model.measured[0]), "it judges what is measured"


def test_a_draft_that_is_not_accepted_is_mended(monkeypatch):
    judgements = [("The walk is wrong.", "redo legs of part 1"), ("Still wrong.", "redo all"), ("It fits.", "accept")]
    model, session = session_of(*judgements, plan=BOTH)
    calls = heard(model, monkeypatch)
    reply = session.send("walk, wave and bow", options=TurnOptions(candidates=2, rounds=3))
    assert kinds(reply)[:8] == ["plan", "motion", "measure", "assess", "refine", "motion", "measure", "assess"]
    assert [s.text for s in reply.trace if s.kind == "refine"] == [line for _, line in judgements]
    assert calls[0] == ("walk, wave and bow", None)
    assert calls[1][0].startswith("a person walk forward normal plain and wave left 3, then bow")
    keep = calls[1][1]
    assert (keep[:10, [0, 3]] == FREE).all() and (keep[:10, [1, 2]] != FREE).all() and (keep[10:] != FREE).all()
    assert calls[2][1] is None
    best = max((s for s in reply.trace if s.kind == "measure"), key=lambda s: s.round.draft.rank)
    assert reply.scene is best.scene, "the best draft is kept, not the last"


def test_the_budget_of_rounds_is_kept_and_the_same_mend_is_not_tried_twice(monkeypatch):
    model, session = session_of(*[("Wrong.", "redo legs of part 1")] * 9, plan=BOTH)
    calls = heard(model, monkeypatch)
    reply = session.send("walk", options=TurnOptions(candidates=1, rounds=2))
    assert len(calls) == 3 and kinds(reply).count("assess") == 3 and kinds(reply).count("refine") == 2
    assert calls[2][1] is None, "what did not help is not tried again"
    calls.clear()
    reply = session.send("walk", options=TurnOptions(candidates=1, rounds=0))
    assert len(calls) == 1 and kinds(reply)[-2:] == ["assess", "answer"]


def test_an_exact_edit_mends_without_sampling(monkeypatch):
    model, session = session_of(("It is the left side.", "edit mirror"))
    calls = heard(model, monkeypatch)
    reply = session.send("a walk")
    assert len(calls) == 1 and "edit" in kinds(reply)
    first, second = (s.scene.motions[0] for s in reply.trace if s.kind == "measure")
    assert np.allclose(first.root_pos[:, 2], second.root_pos[:, 2], atol=1e-5)


def test_no_operator_runs_on_a_continuation():
    model, session = session_of(("Wrong.", "edit mirror"))
    model.plans.appendleft(WALK)
    before = session.send("a walk", options=TurnOptions(rounds=0)).scene.motions[0]
    model.plans.appendleft("append bow for 1.0")
    model.judgements.extend([("Wrong.", "edit mirror")])
    reply = session.send("then bow")
    assert "edit" not in kinds(reply) and kinds(reply).count("motion") == 2
    after = reply.scene.motions[0]
    assert np.array_equal(after.root_pos[: before.num_frames], before.root_pos)


class Critic:
    """Reads the walk well and the wave never."""

    def judge(self, plan, features):
        return [Reading(0.2, 0, (0.9, 0.1), ("", "it looks like a clap rather than wave"))]


def test_the_answer_says_what_falls_short():
    _, session = session_of(plan=BOTH, critic=Critic())
    reply = session.send("walk and wave", options=TurnOptions(candidates=1, rounds=0))
    assert "It falls short: " in reply.text and "it looks like a clap rather than wave" in reply.text
    assert "falls short" not in session_of()[1].send("a walk").text


def test_what_the_critic_reads_is_told():
    model, session = session_of(plan=BOTH, critic=Critic())
    session.send("walk and wave", options=TurnOptions(candidates=1))
    assert "Reads as walk 0.90, wave 0.10: it looks like a clap rather than wave." in model.measured[0]
    assert model.measured[0].startswith("Part 1: lasts 2.0 s") and "Part 2: lasts 1.0 s" in model.measured[0]


def test_people_accept_an_earlier_round_or_go_on_from_it(monkeypatch):
    model, session = session_of(("Wrong.", "redo all"), plan=BOTH)
    reply = session.send("walk", options=TurnOptions(rounds=1))
    first, second = (s for s in reply.trace if s.kind == "measure")
    other = first if reply.scene is second.scene else second
    assert session.accept(other) is other.scene and session.version == 2 and session.versions[1].plan == BOTH
    calls = heard(model, monkeypatch)
    events = list(session.refine(other, "redo legs of part 1"))
    assert isinstance(events[-1], Done) and session.version == 3 and len(session.turns) == 2
    assert kinds(events[-1].reply) == ["refine", "motion", "measure", "assess", "answer"]
    kept = calls[0][1] != FREE
    assert np.array_equal(calls[0][1][kept], other.round.draft.codes[kept]) and 0 < kept.sum() < kept.size
    assert session.undo() is other.scene
    with pytest.raises(UserError, match="cannot be carried out"):
        list(session.refine(other, "make it nicer"))
    assert session.version == 2 and len(session.turns) == 2


def test_after_a_reload_a_draft_can_be_taken_and_not_gone_on_from(tmp_path):
    _, session = session_of()
    session.send("a walk")
    again = read_session(session.save(tmp_path / "walk.kinetalk"), session._models)
    (step,) = (s for s in again.turns[0].reply.trace if s.kind == "measure")
    assert again.accept(step).motions[0].num_frames == 40 and again.version == 2
    with pytest.raises(UserError, match="Ask for the motion again"):
        list(again.refine(step, "redo all"))


@pytest.mark.parametrize("rounds", [-1, 5])
def test_rounds_are_checked(rounds):
    with pytest.raises(UserError, match="rounds"):
        TurnOptions(rounds=rounds)
