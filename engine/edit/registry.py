"""What an edit operator is, and the registry of them.

An operator is a frozen dataclass whose fields, made with `argument`, are its arguments; their ranges and units and the
class docstring are its schema and its help:

    @EDITS.register("speed")
    @dataclass(frozen=True)
    class Speed:
        '''Play faster or slower.'''

        factor: float = argument("number", low=0.1, high=10, unit="x", help="2 is twice as fast")
        span: str = span_argument()

        def apply(self, motion: Motion, anchor: Anchor) -> Edited: ...
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, Protocol, cast

from engine.core.errors import UserError
from engine.core.registry import Registry
from engine.core.types import Motion
from engine.edit.anchor import Anchor as Anchor
from engine.edit.parts import PARTS
from engine.edit.scope import Edited as Edited
from engine.edit.spans import ALL, HELP, parse_span

Value = float | int | str


@dataclass(frozen=True)
class ArgSpec:
    """One argument: kind 'number', 'integer', 'choice' or 'span'; low and high bound a number, choices list the words.

    default is None where the argument must be given.
    """

    kind: str
    low: float = 0.0
    high: float = 0.0
    choices: tuple[str, ...] = ()
    default: Value | None = None
    unit: str = ""
    help: str = ""

    def parse(self, text: str, where: str) -> Value:
        """The value that `text` writes; `where` names the argument in the UserError for a bad one."""
        if self.kind == "span":
            return parse_span(text, where).text
        if self.kind == "choice":
            if text not in self.choices:
                raise UserError(f"{where} is {text!r}; it must be one of {', '.join(self.choices)}.")
            return text
        try:
            value = int(text) if self.kind == "integer" else float(text)
        except ValueError:
            raise UserError(f"{where} is {text!r}; it must be {self.describe()}.") from None
        if not self.low <= value <= self.high:
            raise UserError(f"{where} is {text}; it must be {self.describe()}.")
        return value

    def describe(self) -> str:
        """The allowed values in words."""
        if self.kind == "span":
            return HELP
        if self.kind == "choice":
            return " or ".join(self.choices)
        noun = "a whole number" if self.kind == "integer" else "a number"
        return f"{noun} from {self.low:g} to {self.high:g}{' ' + self.unit if self.unit else ''}"


class Edit(Protocol):
    """An operator with its arguments filled in. `apply` returns the new motion, an exact account, and its scope."""

    def apply(self, motion: Motion, anchor: Anchor) -> Edited: ...


EDITS: Registry[type[Edit]] = Registry("edit operator", "engine.edit.ops")


def argument(kind: str, *, default: Value | None = None, **spec: Any) -> Any:
    """A dataclass field that is an argument of an edit; without a default it must be given."""
    metadata = {"spec": ArgSpec(kind, default=default, **spec)}
    return field(metadata=metadata) if default is None else field(default=default, metadata=metadata)


def span_argument() -> Any:
    """The argument `span` that most operators have: the whole clip if it is not given."""
    return argument("span", default=ALL, help="when; all is the whole clip")


def part_argument(*choices: str) -> Any:
    """The argument `part`: any part, the whole body if not given; or one of these, which then must be given."""
    if choices:
        return argument("choice", choices=choices, help="which part of the body")
    return argument("choice", default=ALL, choices=tuple(PARTS), help="which part of the body")


def schema(edit: type[Edit]) -> dict[str, ArgSpec]:
    """Argument name -> its specification, in the order in which a plan writes them."""
    return {f.name: f.metadata["spec"] for f in fields(cast(Any, edit))}


def edit_schemas() -> dict[str, dict[str, ArgSpec]]:
    """The schema of every operator, by its name: what the grammar of the language model is built from."""
    return {name: schema(edit) for name, edit in EDITS.items()}


def build(name: str, args: Mapping[str, str]) -> Edit:
    """The operator `name` with its arguments parsed. UserError for an unknown name or a bad, missing or extra value."""
    edit = cast(Any, EDITS[name])
    specs = schema(edit)
    extra = sorted(set(args) - set(specs))
    if extra:
        raise UserError(f"{name} has no argument {extra[0]!r}; it takes {', '.join(specs) or 'none'}.")
    required = [f.name for f in fields(edit) if f.default is MISSING and f.name not in args]
    if required:
        raise UserError(f"{name} needs {required[0]}: {specs[required[0]].describe()}.")
    return edit(**{key: specs[key].parse(text, f"{name} {key}") for key, text in args.items()})
