"""Runs a recipe of engine/train/recipes by its name. python -m engine train tokenizer, then ... train language

State is kept in build/train, so an interrupted run goes on where it ended; the result goes to assets/.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import yaml

from engine.assess.critic import FOLDER as CRITIC_FOLDER
from engine.assess.critic import Critic
from engine.core.config import ROOT, Config
from engine.core.errors import UserError
from engine.data.captured import captured_clips
from engine.data.compose import catalogue
from engine.language.shipped import EDITOR_FOLDER
from engine.language.shipped import FOLDER as LANGUAGE_FOLDER
from engine.retrieval.network import FOLDER as RETRIEVER_FOLDER
from engine.retrieval.network import RetrieverConfig
from engine.tokens.codec import FOLDER as TOKENIZER_FOLDER
from engine.tokens.codec import MotionCodec, load_tokenizer
from engine.tokens.rqvae import TokenizerConfig
from engine.train.clauses import ClausesRecipe, train_clauses
from engine.train.corpus import MotionSample, encode_shards, perform_shards, read_features
from engine.train.critic import CriticRecipe, CriticTrainer, read_stretches
from engine.train.editor import train_editor
from engine.train.language import LanguageRecipe, LanguageTrainer
from engine.train.metrics.network import FOLDER as EVALUATOR_FOLDER
from engine.train.metrics.network import EvaluatorConfig
from engine.train.metrics.pairs import EVALUATOR_SEED, read_performances
from engine.train.metrics.training import EvaluatorRecipe, EvaluatorTrainer, cmu_trials
from engine.train.prior import PriorRecipe, train_prior
from engine.train.retriever import RetrieverRecipe, RetrieverTrainer
from engine.train.tokenizer import SMALL_ACTIONS, SMALL_SHARE, Corpus, TokenizerRecipe, cmu_features, train_tokenizer
from engine.train.verdicts import Judged, make_judged

log = logging.getLogger(__name__)
RECIPES = Path(__file__).parent / "recipes"
WORK = ROOT / "build" / "train"
TOKENIZER_SEED, LANGUAGE_SEED = 7, 11
"""Seeds of the performed plans: the tokenizer and the language model learn from different ones."""


def read_recipe(name: str) -> dict[str, Any]:
    """The recipe `name`.yaml as a dict. UserError for a name that is not there."""
    path = RECIPES / f"{name}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in RECIPES.glob("*.yaml")))
        raise UserError(f"There is no recipe called {name!r}. There are: {known}.")
    return yaml.safe_load(path.read_text())


def _fill(kind: type, values: dict[str, Any]) -> Any:
    known = {f.name for f in fields(kind)}
    unknown = set(values) - known - {"stage"}
    if unknown:
        raise UserError(f"The recipe has settings that nothing reads: {', '.join(sorted(unknown))}.")
    return kind(**{k: v for k, v in values.items() if k in known})


def run_tokenizer(
    values: dict[str, Any], work: Path, assets: Path, max_steps: int | None = None, start: Path | None = None
) -> None:
    """Perform plans, then train the tokenizer on them and on the CMU pack where it is there."""
    values = dict(values)
    model = TokenizerConfig(**values.pop("model", {}))
    recipe: TokenizerRecipe = _fill(TokenizerRecipe, {**values, "model": model})
    shards = perform_shards(recipe.authored, TOKENIZER_SEED, work / "motion")
    corpus = Corpus(cmu_features(held_out=False), read_features(shards, SMALL_ACTIONS, SMALL_SHARE))
    if not corpus.cmu:
        log.warning("the CMU pack is not there: training on authored motion only")
    train_tokenizer(recipe, corpus, work, assets / TOKENIZER_FOLDER, max_steps, start)


def run_language(
    values: dict[str, Any], work: Path, assets: Path, max_steps: int | None = None, start: Path | None = None
) -> None:
    """Perform plans, encode them with the tokenizer of `assets`, judge some with its critic, and train the
    language-motion model on all of it."""
    recipe: LanguageRecipe = _fill(LanguageRecipe, values)

    def samples() -> list[MotionSample]:
        if recipe.captured and not captured_clips():
            log.warning("the CMU pack is not there: training on authored motion only")
        tokenizer = load_tokenizer(assets / TOKENIZER_FOLDER).eval()
        shards = perform_shards(recipe.samples, LANGUAGE_SEED, work / "motion", captured=recipe.captured)
        return encode_shards(shards, tokenizer)

    def judged(performed: Sequence[MotionSample]) -> list[Judged]:
        codec = MotionCodec(load_tokenizer(assets / TOKENIZER_FOLDER).eval())
        critic = Critic.load(assets / CRITIC_FOLDER)
        return make_judged(performed, catalogue(), codec, critic, recipe.judged, LANGUAGE_SEED, work / "judged.jsonl")

    codebooks = load_tokenizer(assets / TOKENIZER_FOLDER).config
    trainer = LanguageTrainer(recipe, codebooks, samples, work, start, judged)
    trainer.run(max_steps)
    trainer.export(assets / LANGUAGE_FOLDER)


def run_editor(
    values: dict[str, Any], work: Path, assets: Path, max_steps: int | None = None, start: Path | None = None
) -> None:
    """Train the model that plans turns about a motion that is there, begun from the language model of `assets`."""
    codebooks = load_tokenizer(assets / TOKENIZER_FOLDER).config
    recipe: LanguageRecipe = _fill(LanguageRecipe, values)
    train_editor(recipe, codebooks, work, start or assets / LANGUAGE_FOLDER, assets / EDITOR_FOLDER, max_steps)


def run_evaluator(values: dict[str, Any], work: Path, assets: Path, max_steps: int | None = None) -> None:
    """Perform plans of their own, then train the evaluator on them and on the CMU pack where it is there."""
    values = dict(values)
    model = EvaluatorConfig(**values.pop("model", {}))
    recipe: EvaluatorRecipe = _fill(EvaluatorRecipe, {**values, "model": model})
    performances = read_performances(perform_shards(recipe.authored, EVALUATOR_SEED, work / "motion"))
    trainer = EvaluatorTrainer(recipe, performances, cmu_trials(), work)
    trainer.run(max_steps)
    trainer.export(assets / EVALUATOR_FOLDER)


def run_prior(values: dict[str, Any], work: Path, assets: Path, max_steps: int | None = None) -> None:
    """Train the heads on the frozen text encoder that second the language model."""
    recipe: PriorRecipe = _fill(PriorRecipe, values)
    if max_steps is not None:
        recipe = replace(recipe, steps=min(max_steps, recipe.steps), value_steps=min(max_steps, recipe.value_steps))
    train_prior(recipe, work, assets / LANGUAGE_FOLDER)


def run_clauses(values: dict[str, Any], work: Path, assets: Path, max_steps: int | None = None) -> None:
    """Train the clause tagger on, with the reader of `assets`."""
    train_clauses(_fill(ClausesRecipe, values), work, assets / LANGUAGE_FOLDER, max_steps)


def run_critic(values: dict[str, Any], work: Path, assets: Path, max_steps: int | None = None) -> None:
    """Perform the language model's plans, then train the critic that helps to choose among drafts."""
    recipe: CriticRecipe = _fill(CriticRecipe, values)
    shards = perform_shards(recipe.samples, LANGUAGE_SEED, work / "motion", captured=recipe.captured)
    trainer = CriticTrainer(recipe, read_stretches(shards), work)
    trainer.run(max_steps)
    trainer.model.save(assets / CRITIC_FOLDER)


def run_retriever(values: dict[str, Any], work: Path, assets: Path, max_steps: int | None = None) -> None:
    """Perform the language model's plans, then train the part-level retriever on them and on the CMU pack."""
    values = dict(values)
    model = RetrieverConfig(**values.pop("model", {}))
    recipe: RetrieverRecipe = _fill(RetrieverRecipe, {**values, "model": model})
    shards = perform_shards(recipe.authored, LANGUAGE_SEED, work / "motion", captured=recipe.captured)
    trainer = RetrieverTrainer(recipe, read_performances(shards), cmu_trials(), work)
    trainer.run(max_steps)
    trainer.model.save(assets / RETRIEVER_FOLDER)


def run_dpo(
    values: dict[str, Any], work: Path, assets: Path, max_steps: int | None = None, start: Path | None = None
) -> None:
    """Rank drafts of the language model and tune it on the pairs; the result goes to work/dpo."""
    from engine.train.preference.dpo import DpoRecipe, train_dpo

    train_dpo(_fill(DpoRecipe, values), start or assets / LANGUAGE_FOLDER, assets, work, max_steps)


def run_grpo(
    values: dict[str, Any], work: Path, assets: Path, max_steps: int | None = None, start: Path | None = None
) -> None:
    """Tune the language model on the rewards of its own drafts; the result goes to work/grpo."""
    from engine.train.preference.grpo import GrpoRecipe, train_grpo

    train_grpo(_fill(GrpoRecipe, values), start or assets / LANGUAGE_FOLDER, assets, work, max_steps)


STAGES = {
    "tokenizer": run_tokenizer,
    "language": run_language,
    "editor": run_editor,
    "clauses": run_clauses,
    "prior": run_prior,
    "critic": run_critic,
    "retriever": run_retriever,
    "evaluator": run_evaluator,
    "dpo": run_dpo,
    "grpo": run_grpo,
}


def train(
    name: str,
    max_steps: int | None = None,
    work: Path = WORK,
    assets: Path | None = None,
    start: Path | None = None,
) -> None:
    """Run the recipe `name`, or go on with it; max_steps ends it early (the result is written all the same).

    start: folder of an earlier model of the same kind whose weights a new run begins with.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    values = read_recipe(name)
    if start is not None and values["stage"] not in ("tokenizer", "language", "editor", "dpo", "grpo"):
        raise UserError(f"--start is for the models that ship; {name!r} always begins afresh or from its own state.")
    more = {} if start is None else {"start": start}
    STAGES[values["stage"]](values, work, assets or Config.from_env().assets, max_steps, **more)
