"""The layers of the engine: a module imports its own package or a lower level; siblings of one level stay apart."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LEVEL = {
    "core": 0, "body": 1, "io": 1, "tokens": 1, "edit": 1, "assess": 1, "retrieval": 1, "render": 2, "language": 2,
    "loop": 3, "data": 4, "train": 4, "cli": 5,
}  # fmt: skip
FILES = sorted((ROOT / "engine").rglob("*.py"))


def imported(path: Path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{a.name}" for a in node.names)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_go_down(path):
    parts = path.relative_to(ROOT / "engine").parts
    own = parts[0] if len(parts) > 1 else None
    for name in imported(path):
        pieces = name.split(".")
        assert pieces[0] != "app", f"{path} imports the interface"
        assert pieces[0] != "gradio", f"{path} imports gradio"
        if own is None or pieces[0] != "engine" or len(pieces) < 2 or pieces[1] not in LEVEL or pieces[1] == own:
            continue
        lower = LEVEL[pieces[1]] < LEVEL[own]
        top = {own, pieces[1]} == {"data", "train"} and own == "train"
        assert lower or top, f"engine/{own} may not import engine/{pieces[1]}"


def test_only_the_app_imports_gradio():
    users = [p for p in ROOT.glob("*.py") if "gradio" in {n.split(".")[0] for n in imported(p)}]
    assert users == []
