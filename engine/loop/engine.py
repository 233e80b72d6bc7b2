"""The engine: body, models and device, loaded once and shared by every session."""

from __future__ import annotations

import logging
import secrets
from os import PathLike
from pathlib import Path

from engine.body import Body, load_body
from engine.core.config import Config
from engine.core.errors import UserError
from engine.core.types import Scene
from engine.loop.models import Codec, Models
from engine.loop.session import Session

log = logging.getLogger(__name__)


class Engine:
    """Makes sessions. `Engine.load()` takes the embedded defaults, on the CPU or a GPU, without a network.

    notice: one or two sentences on what was loaded and where it runs.
    """

    def __init__(self, models: Models, body: Body) -> None:
        self.body = body
        self.models = models
        body.install()
        alone = "" if models.critic else "Drafts are chosen without the critic, whose weights are missing. "
        blind = models.language.takes_references and models.recall is None
        missing = "It gets no reference clips: the retriever's weights are missing. " if blind else ""
        self.notice = f"{models.language.notice.rstrip('.')}. {alone}{missing}{body.notice}"

    @staticmethod
    def load(config: Config | None = None) -> Engine:
        """Load everything; without `config`, the environment decides. UserError for missing or broken weights."""
        import torch

        from engine.assess.critic import FOLDER, Critic
        from engine.language.shipped import load_language_model
        from engine.loop.recall import load_recall
        from engine.tokens.codec import MotionCodec

        config = config or Config.from_env()
        if config.threads:
            torch.set_num_threads(config.threads)
        codec: Codec = MotionCodec.load(config)
        critic = Critic.load(config.assets / FOLDER)
        language = load_language_model(config)
        recall = load_recall(config, language) if language.takes_references else None
        engine = Engine(Models(language, codec, critic, recall), load_body(config))
        log.info("%s", engine.notice)
        return engine

    def new_session(self, seed: int | None = None, owner: str = "") -> Session:
        """An empty session. Without a seed one is drawn; `session.seed` tells it. owner: see `Session`."""
        return Session(self.models, secrets.randbelow(2**31) if seed is None else seed, owner=owner)

    def open_session(self, path: str | PathLike[str], owner: str = "") -> Session:
        """A session as `Session.save` wrote it, its scenes bit for bit. UserError for any other file."""
        from engine.loop.store import read_session

        return read_session(Path(path), self.models, owner)

    def reference(self, clip_id: str) -> Scene:
        """A clip of the library, to be looked at. UserError for one that is not there."""
        recall = self.models.recall
        if recall is None:
            raise UserError("Reference clips cannot be shown: the retriever's weights are missing.")
        with self.models.lock:
            return Scene((recall.motion(clip_id),))

    def glb(self, scene: Scene, ghost: Scene | None = None, beside: Scene | None = None) -> bytes:
        """The scene as binary glTF for the browser; ghost: another version, shown see-through; beside: to its left."""
        from engine.render.beside import place_beside
        from engine.render.gltf import scene_to_glb

        placed = beside and place_beside(beside, scene)
        return scene_to_glb(scene, self.body, ghost, beside=placed)
