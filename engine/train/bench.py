"""The budgets of the design, each with its measured figure. Run: python -m engine bench

Models are warm and in 4-bit; a figure is the median of three. Budgets of parts that do not exist yet say so.
"""

from __future__ import annotations

import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from engine.core.config import ROOT, Config
from engine.core.instruction import REDO_ALL
from engine.core.types import Scene
from engine.language.interface import LanguageModel
from engine.loop.engine import Engine
from engine.loop.events import Done, SectionDelta, SectionEnd
from engine.loop.request import TurnOptions
from engine.loop.session import Session
from engine.render.video import save_mp4
from engine.retrieval.network import FOLDER as RETRIEVER
from engine.retrieval.network import Retriever
from engine.retrieval.text_encoder import TextEncoder
from engine.train.bench_edits import time_edits
from engine.train.metrics.retrieval import BUDGET_MS, search_ms

REPEATS = 3
SECONDS, TWO_ROUNDS = TurnOptions(seconds=6.0), TurnOptions(seconds=6.0, rounds=2)
REQUEST = "a person walks forward and waves with the right hand"
EDIT = "mirror it"
EDITED_FPS = (20.0, 120.0)
"""Frame rates of the clip that every operator is timed on: the models' and a motion capture's."""
PAGE_LIMIT_S = 120.0


@dataclass(frozen=True)
class Row:
    """One budget. figure: None when there is nothing to measure yet; note: what is behind the figure."""

    what: str
    budget: float
    unit: str
    figure: float | None = None
    note: str = ""

    @property
    def met(self) -> bool | None:
        """None when it was not measured."""
        return None if self.figure is None else self.figure <= self.budget


@dataclass(frozen=True)
class Timing:
    """Seconds from Enter to the first words, to a scene packed for the browser and judged, and to the answer's end."""

    first_s: float
    ready_s: float
    whole_s: float
    scene: Scene
    kinds: tuple[str, ...]


def run_bench(page: bool = True, config: Config | None = None) -> list[Row]:
    """Measure every budget that exists; takes a minute or two. page: also start the page in a process of its own."""
    config = replace(config or Config.from_env(), four_bit=True)
    engine = Engine.load(config)
    loaded_gb = resident_gb("self")
    _time_turn(engine, engine.new_session(seed=0), REQUEST)
    made, edited = [], []
    for seed in range(REPEATS):
        session = engine.new_session(seed=seed)
        made.append(_time_turn(engine, session, REQUEST))
        edited.append(_time_turn(engine, session, EDIT))
    refined = [_time_turn(engine, _unsatisfied(engine, seed), REQUEST, TWO_ROUNDS) for seed in range(REPEATS)]
    operators = _time_operators(engine, [timing.scene for timing in made])
    mp4_s = _median(lambda: _mp4_s(made[0].scene))
    turns_gb = max(0.0, resident_gb("self") - loaded_gb)
    start_s, page_gb = _start_page() if page else (None, None)
    memory_gb = None if page_gb is None else page_gb + turns_gb
    retriever = Retriever.load(config.assets / RETRIEVER)
    search = search_ms(retriever, TextEncoder(config)) if retriever is not None else None
    frames = made[0].scene.motions[0].num_frames
    edit_note = f"{EDIT!r}, the whole answer after {_middle(edited, 'whole_s'):.2f} s"
    if any("edit" not in t.kinds for t in edited):
        edit_note = f"{EDIT!r} was not planned as an edit: {edited[0].kinds}"
    return [
        Row("first streamed section after Enter", 0.3, "s", _middle(made, "first_s"), "first words of the plan"),
        Row("6 s of one person, one draft, assessed, ready to play", 2, "s", _middle(made, "ready_s"),
            f"{frames} frames, the whole answer after {_middle(made, 'whole_s'):.2f} s"),
        Row("the same with two refinement rounds", 5, "s", _middle(refined, "ready_s"),
            f"all of it made anew twice, {refined[0].kinds.count('motion')} drafts of {SECONDS.candidates} candidates"),
        Row("an exact edit of a 6 s clip, ready to play", 0.3, "s", _middle(edited, "ready_s"), edit_note),
        operators,
        Row("a 6 s reaction to an uploaded partner", 4, "s", None, "reactions do not exist yet"),
        Row("retrieval from 20,000 clips", BUDGET_MS, "ms", search, "whole body and six parts"),
        Row("resident memory of the running app", 2, "GB", memory_gb, f"loaded, plus {turns_gb:.2f} GB of turns"),
        Row("start of python app.py to a served page", 15, "s", start_s, "first answer to GET /"),
        Row("MP4 of 6 s at 512x512", 6, "s", mp4_s),
    ]  # fmt: skip


def format_table(rows: Sequence[Row]) -> str:
    """The rows as aligned text: budget, figure, met or not."""
    words = {True: "met", False: "MISSED", None: "not yet"}
    lines = [f"{'what':55}{'budget':>10}{'figure':>12}  {'':8}"]
    for row in rows:
        figure = "-" if row.figure is None else f"{row.figure:.2f} {row.unit}"
        budget = f"{row.budget:g} {row.unit}"
        lines.append(f"{row.what:55}{budget:>10}{figure:>12}  {words[row.met]:8}{row.note}")
    return "\n".join(line.rstrip() for line in lines)


def _middle(timings: Sequence[Timing], name: str) -> float:
    return statistics.median(getattr(t, name) for t in timings)


def _median(measure: Callable[[], float]) -> float:
    return statistics.median(measure() for _ in range(REPEATS))


class _Unsatisfied:
    """A language model whose own judgement is told, and which then has all of it made anew."""

    def __init__(self, inner: LanguageModel) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        """Everything else is the model's."""
        return getattr(self._inner, name)

    def stream_judgement(self, *asked: Any) -> Iterator[tuple[str, str]]:
        """The model's verdict, and instead of its instruction another one."""
        yield from (p for p in self._inner.stream_judgement(*asked) if p[0] == "assess")
        yield "refine", REDO_ALL


def _unsatisfied(engine: Engine, seed: int) -> Session:
    models = engine.models
    return Session(replace(models, language=cast(Any, _Unsatisfied(models.language))), seed)


def _time_turn(engine: Engine, session: Session, text: str, options: TurnOptions = SECONDS) -> Timing:
    begin = time.perf_counter()
    first = ready = 0.0
    kinds: list[str] = []
    scene = None
    for event in session.stream(text, options=options):
        if isinstance(event, SectionDelta) and not first:
            first = time.perf_counter() - begin
        if isinstance(event, SectionEnd):
            kinds.append(event.kind)
            if event.kind in ("measure", "edit") and event.step.scene is not None:
                engine.glb(event.step.scene)
            if event.kind in ("measure", "edit", "assess"):
                ready = time.perf_counter() - begin
        if isinstance(event, Done):
            scene = event.reply.scene
    assert scene is not None
    return Timing(first, ready, time.perf_counter() - begin, scene, tuple(kinds))


def _time_operators(engine: Engine, scenes: Sequence[Scene]) -> Row:
    """The slowest edit operator, typed as a script, on the first scene; from the second comes what is taken over."""
    motion, other = (scene.motions[0] for scene in scenes[:2])
    timings = [t for fps in EDITED_FPS for t in time_edits(engine, motion.resample(fps), other.resample(fps), REPEATS)]
    slowest = max(timings, key=lambda timing: timing.typical_s)
    middle = statistics.median(timing.typical_s for timing in timings)
    rates = " and ".join(f"{fps:g}" for fps in EDITED_FPS)
    note = f"{slowest.script!r}; the median of {len(timings)} at {rates} fps is {middle:.3f} s"
    return Row("the slowest exact edit of a 6 s clip, ready to play", 0.3, "s", slowest.typical_s, note)


def _mp4_s(scene: Scene) -> float:
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        save_mp4(scene, Path(folder) / "clip.mp4")
        return time.perf_counter() - begin


def resident_gb(process: int | str) -> float:
    """Resident memory of a process in GB (10^9 bytes), by Linux's /proc."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e9
    raise ProcessLookupError(f"process {process} has no resident memory")


def _start_page() -> tuple[float, float]:
    """Seconds until `python app.py` serves its page, and the GB it holds once the models are loaded."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    begin = time.perf_counter()
    command = [sys.executable, "app.py", "--host", "127.0.0.1", "--port", str(port)]
    with tempfile.TemporaryFile() as log, subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log) as page:
        try:
            _wait_for(f"http://127.0.0.1:{port}/", page)
            served = time.perf_counter() - begin
            return served, _settled_gb(page.pid)
        finally:
            page.terminate()


def _wait_for(url: str, page: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PAGE_LIMIT_S
    while time.monotonic() < deadline:
        if page.poll() is not None:
            raise RuntimeError(f"app.py ended with exit code {page.returncode} before it served a page")
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.05)
    raise RuntimeError(f"app.py served no page within {PAGE_LIMIT_S:.0f} s")


def _settled_gb(pid: int) -> float:
    """Resident memory once it has grown by less than 1 % for five seconds."""
    held, since = 0.0, time.monotonic()
    deadline = since + PAGE_LIMIT_S
    while time.monotonic() < min(since + 5, deadline):
        now = resident_gb(pid)
        if now > held * 1.01:
            held, since = now, time.monotonic()
        time.sleep(0.25)
    return held
