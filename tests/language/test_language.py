"""Grammar, decoding, loading: a tiny model of random weights writes only plans that can be carried out."""

import json
from typing import Any, cast

import numpy as np
import pytest
import torch
from llguidance import LLMatcher
from llguidance.hf import from_tokenizer
from safetensors.torch import save_file
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from engine.core import plan as plan_language
from engine.core.config import Config
from engine.core.errors import UserError
from engine.core.plan import TOPICS, Call, Plan, parse_plan
from engine.data.answers import topic_answers
from engine.data.compose import catalogue, sample_plan
from engine.data.dialogues import sample_turn
from engine.edit.again import AGAIN, BACK
from engine.edit.registry import build, edit_schemas
from engine.language import vocabulary as V
from engine.language.adapter import PREFIX_SEGMENT, AdapterConfig, MotionAdapter
from engine.language.decoding import FREE
from engine.language.grammar import plan_grammar
from engine.language.interface import DialogueContext, MotionReference
from engine.language.loading import load_llama
from engine.language.model import EmbeddedModel
from engine.language.planner import PlannerModel
from engine.language.shipped import ADAPTER_FILE, ANSWERS_FILE, FOLDER, fill_adapter
from engine.language.stream import context_ids, step_places, steps_from
from engine.retrieval.text_encoder import DIM, EncodedText, find_encoder

# bitsandbytes brings torch modules that torch itself has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:`torch.jit.script_method` is deprecated:DeprecationWarning")
PLAN = parse_plan("make walk direction=forward speed=slow style=plain & wave side=left count=3 for 1.0 ; sit for 0.8")
FACTS = {"seconds": "1.8", "frames": "36", "distance": "1", "turn": "0", "speed": "1", "content": "walking"}


def sampled_plans(count: int, seed: int = 3) -> list[str]:
    rng, known = np.random.default_rng(seed), catalogue()
    made = [str(sample_plan(rng, known)) for _ in range(count)]
    return made + [sample_turn(rng, lambda r: sample_plan(r, known)).plan for _ in range(count)]


class NoEncoder:
    """Text as noise that depends on the text alone."""

    def __call__(self, sentences: list[str]) -> EncodedText:
        generator = torch.Generator().manual_seed(len(sentences[0]))
        pieces = torch.randn((len(sentences), 5, DIM), generator=generator)
        places = torch.zeros((len(sentences), 5, 2), dtype=torch.long)
        return EncodedText(pieces, torch.ones(len(sentences), 5, dtype=torch.bool), pieces.mean(1), pieces, places)


def tiny_llama(vocab_size: int, seed: int = 0) -> LlamaForCausalLM:
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=vocab_size, hidden_size=64, intermediate_size=128, num_hidden_layers=1, num_attention_heads=2,
        num_key_value_heads=2, max_position_embeddings=8192, tie_word_embeddings=True, bos_token_id=None,
        eos_token_id=1, pad_token_id=0,
    )  # fmt: skip
    return LlamaForCausalLM(config).eval()


@pytest.fixture(scope="module")
def tokenizer() -> PreTrainedTokenizerFast:
    return V.train_vocabulary(sampled_plans(300, seed=1), 600)


def tiny_model(tokenizer: PreTrainedTokenizerFast, seed: int = 0) -> EmbeddedModel:
    llama = tiny_llama(len(tokenizer), seed)
    adapter = MotionAdapter(AdapterConfig(64, 3, 32, 64))
    encoder: Any = NoEncoder()
    return EmbeddedModel(llama, adapter, tokenizer, catalogue(), encoder, answers=topic_answers())


@pytest.fixture(scope="module")
def accepts(tokenizer):
    """Whether the plan grammar allows exactly this line."""
    matcher = LLMatcher(
        from_tokenizer(tokenizer, n_vocab=len(tokenizer)),
        LLMatcher.grammar_from_lark(
            plan_grammar(catalogue(), edit_schemas(), references=9, again=True, done=tuple(edit_schemas()))
        ),
    )

    def check(text: str) -> bool:
        matcher.reset()
        tokens = tokenizer.encode(text)
        return matcher.try_consume_tokens(tokens) == len(tokens) and matcher.is_accepting()

    return check


def test_grammar_accepts_every_plan(accepts):
    plans = sampled_plans(400)
    assert {p.split()[0] for p in plans} >= {"make", "append", "edit", "ask", "undo"}
    assert [p for p in plans if not accepts(p)] == []


@pytest.mark.parametrize(
    "line",
    [
        "make fly for 2.0",
        "make walk direction=up speed=slow style=plain for 2.0",
        "make walk direction=forward for 2.0",
        "make walk speed=slow direction=forward style=plain for 2.0",
        "make sit",
        "make sit for 0.0",
        "make sit for 2.1",
        "make sit for 99.8",
        "make sit & squat count=1 for 2.0",
        "make wave side=left count=3 & sit for 2.0",
        "make wave side=left count=3 & wave side=left count=3 for 2.0",
        "edit speed",
        "edit speed factor=fast",
        "edit explode",
        "undo it",
        "ask why",
        "",
        "make sit for 2.0 ; ",
    ],
)
def test_grammar_rejects(accepts, line):
    assert not accepts(line)


def test_grammar_of_one_segment(tokenizer):
    matcher = LLMatcher(
        from_tokenizer(tokenizer, n_vocab=len(tokenizer)),
        LLMatcher.grammar_from_lark(plan_grammar(catalogue(), edit_schemas(), segments=1)),
    )
    for line, allowed in (("make sit for 2.0", True), ("make sit for 2.0 ; stand for 1.0", False)):
        matcher.reset()
        tokens = tokenizer.encode(line)
        assert (matcher.try_consume_tokens(tokens) == len(tokens)) == allowed, line


def test_grammar_names_a_person_of_two(tokenizer):
    tokens = from_tokenizer(tokenizer, n_vocab=len(tokenizer))
    lines = (
        "edit raise part=left_arm degrees=20 who=b",
        "edit mirror who=a ; speed factor=2",
        "edit again times=2 who=b",
    )
    for persons in (1, 2):
        grammar = plan_grammar(catalogue(), edit_schemas(), again=True, persons=persons)
        matcher = LLMatcher(tokens, LLMatcher.grammar_from_lark(grammar))
        for line in (*lines, "edit mirror who=c", "edit mirror"):
            matcher.reset()
            ids = tokenizer.encode(line)
            allowed = matcher.try_consume_tokens(ids) == len(ids) and matcher.is_accepting()
            assert allowed == (line == "edit mirror" or (persons == 2 and line in lines)), line


def test_levels_are_the_same_one_by_one_and_all_at_once():
    adapter = MotionAdapter(AdapterConfig(64, 5, 32, 64)).eval()
    hidden, codes = torch.randn(7, 64), torch.randint(0, 32, (7, 5))
    each = torch.stack([adapter.level_logits(hidden, codes[:, :q]) for q in range(5)], 1)
    assert torch.allclose(adapter.all_logits(hidden, codes), each, atol=1e-4)


@pytest.mark.parametrize("seed", range(6))
def test_random_weights_write_plans(tokenizer, accepts, seed):
    model = tiny_model(tokenizer, seed)
    context = DialogueContext(str(PLAN) if seed % 2 else "", bool(seed % 2))
    generator = torch.Generator().manual_seed(seed)
    line = "".join(model.stream_plan(f"please do number {seed}", context, generator))
    plan = parse_plan(line)
    assert str(plan) == line and accepts(line)
    for call in plan.edits:
        assert isinstance(call, Call) and set(call.args) <= set(edit_schemas()[call.name])


def last_codes(
    model: EmbeddedModel, seed: int, candidates: int = 1, prefix: np.ndarray | None = None, **more: Any
) -> np.ndarray:
    generator = torch.Generator().manual_seed(seed)
    progress = list(model.stream_motion("walk", PLAN, generator, candidates, prefix, **more))
    assert [p.steps_done for p in progress] == list(range(1, PLAN.num_steps + 1))
    assert all(p.num_steps == PLAN.num_steps and len(p.logprob) == candidates for p in progress)
    return progress[-1].codes


def test_motion_is_as_long_as_the_plan(tokenizer):
    model = tiny_model(tokenizer)
    codes = last_codes(model, 1, candidates=3)
    assert codes.shape == (3, PLAN.num_steps, 3) and codes.min() >= 0 and codes.max() < 32
    assert not np.array_equal(codes[0], codes[1]), "candidates differ"
    assert last_codes(model, 1, prefix=codes[0, :4]).shape == (1, PLAN.num_steps, 3)


def test_seeds_reproduce(tokenizer):
    model = tiny_model(tokenizer)
    assert np.array_equal(last_codes(model, 5), last_codes(model, 5))
    assert not np.array_equal(last_codes(model, 5), last_codes(model, 6))


def test_references_change_what_is_sampled(tokenizer):
    model, shown = tiny_model(tokenizer, 1), np.arange(60).reshape(20, 3) % 32
    with torch.no_grad():
        model.adapter.reference.weight *= 20  # as fresh weights are, what it is shown would hardly matter
    plain = last_codes(model, 5)
    whole = last_codes(model, 5, references=[MotionReference("a walk", "whole", shown)])
    upper = last_codes(model, 5, references=[MotionReference("a walk", "upper", shown)])
    assert not np.array_equal(plain, whole) and not np.array_equal(whole, upper)
    assert np.array_equal(whole, last_codes(model, 5, references=[MotionReference("a walk", "whole", shown)]))


def test_a_model_that_learnt_without_references_says_so(tmp_path):
    shape = AdapterConfig(64, 3, 32, 64)
    learnt = MotionAdapter(shape).state_dict()
    for without in (True, False):
        save_file({k: v for k, v in learnt.items() if not without or k != "reference.weight"}, tmp_path / ADAPTER_FILE)
        adapter = MotionAdapter(shape)
        assert fill_adapter(adapter, tmp_path) != without
        assert torch.equal(adapter.reference.weight, learnt["reference.weight"]) != without


def test_what_is_kept_stays_and_the_rest_is_sampled(tokenizer):
    model = tiny_model(tokenizer)
    before, keep = last_codes(model, 5)[0], np.full((PLAN.num_steps, 3), FREE)
    keep[:, 1] = before[:, 1]
    keep[3] = before[3]
    after = last_codes(model, 6, candidates=2, keep=keep)
    for made in after:
        assert np.array_equal(made[:, 1], before[:, 1]) and np.array_equal(made[3], before[3])
        assert not np.array_equal(made, before)


def test_answers_are_filled_in(tokenizer):
    answer = "".join(tiny_model(tokenizer).stream_answer("walk", DialogueContext(), PLAN, FACTS))
    assert answer and "{" not in answer and "}" not in answer


@pytest.mark.parametrize("topic", TOPICS)
def test_questions_are_answered_in_a_whole_sentence_of_their_topic(tokenizer, topic):
    model, facts = tiny_model(tokenizer), {name: f"<{name}>" for name in plan_language.FACTS}
    plan = parse_plan(f"ask {topic}")
    answer = "".join(model.stream_answer("so?", DialogueContext("", True), plan, facts))
    assert answer.replace("<", "{").replace(">", "}") in topic_answers()[topic]


def test_the_shipped_answers_are_those_of_the_prompts():
    path = Config.from_env().assets / FOLDER / ANSWERS_FILE
    assert json.loads(path.read_text()) == topic_answers()


@pytest.mark.parametrize(
    ("second", "line"),
    [
        ("bow count=1 for 2.0", "append wave side=left count=3 for 2.0 ; bow count=1 for 2.0"),
        ("wave side=left count=3 for 1.0", "append nod count=2 for 2.0"),
    ],
)
def test_a_sequence_is_planned_clause_by_clause(tokenizer, monkeypatch, second, line):
    """Two clauses about the same action are one request for it."""
    model = tiny_model(tokenizer)
    model.tagger = cast(Any, object())
    monkeypatch.setattr(
        "engine.language.model.split_request", lambda request, *_: [[w] for w in request.split(" then ")]
    )
    told = {"she waves": "make wave side=left count=3 for 2.0", "she goes on": f"make {second}"}

    def plan(request, context, grammar, parts=()):
        alone = "make nod count=2 for 2.0" if grammar == model._segment_grammar else "append x"
        yield told.get(request, alone)

    monkeypatch.setattr(model, "_plan", plan)
    generator = torch.Generator().manual_seed(0)
    assert "".join(model.stream_plan("she waves then she goes on", DialogueContext(), generator)) == line


def test_step_places():
    places = step_places(PLAN, 2)
    assert places.elapsed.tolist() == [0, 0, 0, 1, 2, 3, 4, 0, 1, 2, 3]
    assert places.left.tolist() == [0, 0, 4, 3, 2, 1, 0, 3, 2, 1, 0]
    assert places.segment.tolist() == [PREFIX_SEGMENT] * 2 + [0] * 5 + [1] * 4


def test_steps_see_the_codes_before():
    codes = np.arange(12).reshape(4, 3)
    steps = steps_from(codes, step_places(Plan("make"), 4), no_code=32)
    assert steps.previous.tolist() == [[32, 32, 32], [0, 1, 2], [3, 4, 5], [6, 7, 8]]


def test_the_context_tells_what_is_current(tokenizer):
    ids = {k: context_ids(tokenizer, *v) for k, v in {"none": ("", False), "old": (str(PLAN), True)}.items()}
    special = tokenizer.convert_tokens_to_ids
    assert special(V.EMPTY) in ids["none"] and special(V.LAST) not in ids["none"]
    assert special(V.CURRENT) in ids["old"] and special(V.LAST) in ids["old"]
    assert all(i[-1] == special(V.PLAN) for i in ids.values())


@pytest.fixture
def llama_folder(tmp_path, tokenizer):
    """A LLaMA checkpoint as the hub has them: config, safetensors and a fast tokenizer of its own."""
    from tokenizers import Tokenizer

    own = PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_str(tokenizer.backend_tokenizer.to_str()), eos_token=V.END, pad_token=V.PAD
    )
    tiny_llama(len(own)).save_pretrained(tmp_path / "llama")
    own.save_pretrained(tmp_path / "llama")
    return tmp_path / "llama"


def test_four_bit_on_the_cpu(llama_folder):
    from bitsandbytes.nn import Linear4bit

    llama = load_llama(llama_folder, four_bit=True, device="cpu")
    linears = [m for m in llama.model.modules() if isinstance(m, torch.nn.Linear)]
    assert linears and all(isinstance(m, Linear4bit) for m in linears)
    with torch.inference_mode():
        logits = llama(torch.tensor([[3, 4, 5]])).logits
    assert torch.isfinite(logits).all()


def test_missing_checkpoint_is_said(tmp_path):
    with pytest.raises(UserError, match="KINETALK_LLAMA"):
        load_llama(tmp_path / "nothing", four_bit=False, device="cpu")


def test_another_llama_plans(llama_folder, tokenizer, accepts):
    inner = tiny_model(tokenizer)
    config = Config(llama=str(llama_folder), device="cpu", four_bit=False)
    planner = PlannerModel.load(config, inner)
    line = "".join(planner.stream_plan("a person waves", DialogueContext(), torch.Generator()))
    assert str(parse_plan(line)) == line and accepts(line)
    assert str(llama_folder) in planner.notice
    progress = list(planner.stream_motion("walk", PLAN, torch.Generator().manual_seed(5)))
    assert np.array_equal(progress[-1].codes, last_codes(inner, 5)), "motion comes from the embedded model"


def test_a_tampered_text_encoder_is_refused(tmp_path):
    (tmp_path / "model.safetensors").write_bytes(b"not the official weights")
    with pytest.raises(UserError, match="SHA-256"):
        find_encoder(Config(encoder=tmp_path))
    with pytest.raises(UserError, match=r"model\.safetensors"):
        find_encoder(Config(encoder=tmp_path / "empty"))


def test_edit_plans_can_be_built():
    lines = [p for p in sampled_plans(200) if p.startswith("edit ")]
    assert len(lines) > 20
    for line in lines:
        for call in parse_plan(line).edits:
            if call.name not in (AGAIN, BACK):
                build(call.name, call.args)
