"""The text vocabulary of the embedded LLaMA: a byte-level BPE that keeps `slot=value` pairs whole and digits apart."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

PAD, END, PLAN, MOTION, ANSWER, LAST, EMPTY, CURRENT, MEASURE, ASSESS, REFINE, NUMBERS = SPECIALS = (
    "<pad>", "<end>", "<plan>", "<motion>", "<answer>", "<last>", "<empty>", "<current>", "<measure>", "<assess>",
    "<refine>", "<numbers>",
)  # fmt: skip
"""Section marks of the stream. <empty> / <current> say whether there is a motion; <last> opens the plan before,
<numbers> the numbers of the request."""

_PIECES = r" ?[a-z_]+=[a-z_]+| ?[a-z_]+=| ?[A-Za-z]+|[0-9]| ?[^\sA-Za-z0-9]+|\s+"


def train_vocabulary(texts: Iterable[str], size: int) -> PreTrainedTokenizerFast:
    """Learn a vocabulary of `size` tokens from plans, captions and answers."""
    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_PIECES), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    bpe.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=list(SPECIALS),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    bpe.train_from_iterator(texts, trainer)
    return wrap(bpe)


def wrap(bpe: Tokenizer) -> PreTrainedTokenizerFast:
    """A `tokenizers` BPE as a transformers tokenizer with our section marks, those that it knows."""
    return PreTrainedTokenizerFast(
        tokenizer_object=bpe,
        eos_token=END,
        pad_token=PAD,
        additional_special_tokens=[t for t in SPECIALS if t not in (END, PAD) and bpe.token_to_id(t) is not None],
        clean_up_tokenization_spaces=False,
    )


def load_vocabulary(folder: Path) -> PreTrainedTokenizerFast:
    """Read tokenizer.json of a model folder."""
    return wrap(Tokenizer.from_file(str(folder / "tokenizer.json")))


def has_mark(tokenizer: PreTrainedTokenizerFast, mark: str) -> bool:
    """Whether the vocabulary knows a section mark; earlier models know fewer."""
    return tokenizer.convert_tokens_to_ids(mark) is not None


def mark_id(tokenizer: PreTrainedTokenizerFast, mark: str) -> int:
    """Token id of a section mark."""
    number = tokenizer.convert_tokens_to_ids(mark)
    assert isinstance(number, int), f"the vocabulary does not know {mark}"
    return number


def text_of(tokenizer: PreTrainedTokenizerFast, ids: list[int]) -> str:
    """The text that token ids write."""
    text = tokenizer.decode(ids)
    assert isinstance(text, str)
    return text
