"""Configuration: every environment variable that Kinetalk reads, in one place, with its default."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The folder that holds app.py, engine/ and assets/."""


@dataclass(frozen=True)
class Config:
    """Settings of one process. `Config.from_env()` reads them; tests build them by hand.

    assets: folder of the shipped weights.  body_dir: folder with official SMPL files, used instead of the default
    body.  llama: path or hub id of another LLaMA checkpoint that plans instead of the embedded one.  encoder: folder
    with a copy of all-MiniLM-L6-v2.  device: 'auto', 'cpu' or 'cuda'.  four_bit: load the LLaMA in 4-bit NF4.
    home: folder where sessions and the library are kept.  chroma: host:port of a Chroma server, None for a local one.
    threads: CPU threads for torch, 0 for its own choice.  port: of the page.
    """

    assets: Path = ROOT / "assets"
    body_dir: Path | None = None
    llama: str | None = None
    encoder: Path | None = None
    device: str = "auto"
    four_bit: bool = True
    home: Path = Path.home() / ".kinetalk"
    threads: int = 0
    port: int = 7860
    chroma: str | None = None

    @staticmethod
    def from_env(env: Mapping[str, str] | None = None) -> Config:
        """Read KINETALK_ASSETS, _BODY_DIR, _LLAMA, _ENCODER, _DEVICE, _FOUR_BIT, _HOME, _THREADS, _CHROMA, and PORT."""
        env = os.environ if env is None else env

        def folder(name: str) -> Path | None:
            return Path(env[name]).expanduser() if env.get(name) else None

        default = Config()
        return Config(
            assets=folder("KINETALK_ASSETS") or default.assets,
            body_dir=folder("KINETALK_BODY_DIR"),
            llama=env.get("KINETALK_LLAMA") or None,
            encoder=folder("KINETALK_ENCODER"),
            device=env.get("KINETALK_DEVICE") or "auto",
            four_bit=env.get("KINETALK_FOUR_BIT", "1") not in ("0", "false", "no"),
            home=folder("KINETALK_HOME") or default.home,
            threads=int(env.get("KINETALK_THREADS") or 0),
            port=int(env.get("PORT") or default.port),
            chroma=env.get("KINETALK_CHROMA") or None,
        )
