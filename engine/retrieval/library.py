"""The library of reference clips: vectors in ChromaDB, a collection for the whole body and one for each part.

What is searched for is text, by the part-level retriever, and for added clips by their captions too: the retriever
does not know the words of what it was not trained for. Collections are named after the retriever's weights, so that
vectors of different ones never meet; the clips themselves lie beside the database, one file each.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.core.config import Config
from engine.core.errors import UserError
from engine.core.features import encode_features
from engine.core.types import Motion
from engine.retrieval.clips import Clip, read_clips, write_clips
from engine.retrieval.network import NAMES, Retriever
from engine.retrieval.text_encoder import TextEncoder

log = logging.getLogger(__name__)
FOLDER, SHIPPED, VECTORS = "library", "clips.npz", "vectors.npz"
SHIPPED_ONLY = {"source": "shipped"}
AT_ONCE = 500
"""Clips that are written to the database together."""


@dataclass(frozen=True)
class Hit:
    """A clip that a search found. part: one of network.NAMES; score: cosine in [-1, 1]; owner: '' for everybody's."""

    clip_id: str
    caption: str
    part: str
    score: float
    owner: str = ""


@dataclass(frozen=True)
class Entry:
    """A clip in a listing. origin: fingerprint of the file that it was read from, '' for a shipped one."""

    clip_id: str
    caption: str
    source: str
    seconds: float
    origin: str


class Library:
    """Clips that can be searched by what they show. Safe for many readers at once; additions come one at a time."""

    def __init__(
        self, client: Any, retriever: Retriever, encoder: TextEncoder, folder: Path, shipped: Sequence[Clip] = ()
    ) -> None:
        """client: of chromadb.  encoder: of captions.  folder: where added clips are kept.

        shipped: clips that are there without a file.
        """
        self.retriever, self.encoder, self._folder = retriever, encoder, folder
        self._shipped = {clip.clip_id: clip for clip in shipped}
        self._own = {name: self._collection(client, f"{name}-{retriever.version}") for name in NAMES}
        self._captions = self._collection(client, "captions")
        self._pool = ThreadPoolExecutor(len(NAMES), "library")  # the database searches outside of Python's lock

    def _collection(self, client: Any, name: str) -> Any:
        settings = {"hnsw:space": "ip"}
        return client.get_or_create_collection(f"kinetalk-{name}", metadata=settings, embedding_function=None)

    @staticmethod
    def open(config: Config, retriever: Retriever, encoder: TextEncoder) -> Library:
        """The library of this computer (or of the Chroma server of KINETALK_CHROMA) with the shipped clips in it.

        UserError for a server that does not answer.
        """
        home = config.home / FOLDER
        shipped_folder = config.assets / FOLDER
        path = shipped_folder / SHIPPED
        shipped = read_clips(path) if path.is_file() else []
        library = Library(connect(config, home), retriever, encoder, home / "clips", shipped)
        missing = library.missing([c.clip_id for c in shipped])
        if missing:
            log.info("adding %d shipped clips to the library", len(missing))
            library.add([c for c in shipped if c.clip_id in missing], _known_vectors(shipped_folder, retriever))
        return library

    def __len__(self) -> int:
        return self._own["whole"].count()

    def missing(self, clip_ids: Sequence[str]) -> set[str]:
        """Those of the ids that are not in the library. The last collection is written last."""
        if not clip_ids:
            return set()
        return set(clip_ids) - set(self._own[NAMES[-1]].get(ids=list(clip_ids), include=[])["ids"])

    def add(self, clips: Sequence[Clip], vectors: dict[str, np.ndarray] | None = None) -> int:
        """Add clips that are not there yet; gives how many those were. vectors: (7, dim) by clip id, where known."""
        new = self.missing([clip.clip_id for clip in clips])
        fresh = list({c.clip_id: c for c in clips if c.clip_id in new}.values())
        for i in range(0, len(fresh), AT_ONCE):
            self._add(fresh[i : i + AT_ONCE], vectors or {})
        return len(fresh)

    def _add(self, clips: Sequence[Clip], known: dict[str, np.ndarray]) -> None:
        unknown = [c for c in clips if c.clip_id not in known]
        made = self.retriever.motions([encode_features(c.motion) for c in unknown])
        vectors = known | {c.clip_id: v for c, v in zip(unknown, made, strict=True)}
        added = [c for c in clips if c.clip_id not in self._shipped]
        for clip in added:
            write_clips(self._path(clip.clip_id), [clip])
        if added:
            said = self.encoder([c.caption for c in added]).sentence.numpy()
            self._captions.upsert(
                ids=[c.clip_id for c in added],
                embeddings=said,
                documents=[c.caption for c in added],
                metadatas=[{"owner": c.owner} for c in added],
            )
        ids = [c.clip_id for c in clips]
        metadata = [
            {
                "caption": c.caption,
                "source": c.source,
                "seconds": c.motion.duration_s,
                "origin": c.origin,
                "owner": c.owner,
            }
            for c in clips
        ]
        self.put(ids, np.stack([vectors[i] for i in ids]), metadata)

    def put(self, ids: Sequence[str], vectors: np.ndarray, metadata: Sequence[dict[str, str | float]]) -> None:
        """Write vectors (B, 7, dim) under these ids; their clips are the caller's business."""
        whole = self._whole(vectors)
        for k, name in enumerate(NAMES):
            rows = whole if name == "whole" else vectors[:, k]
            self._own[name].upsert(ids=list(ids), embeddings=rows.astype(np.float32), metadatas=list(metadata))

    def _whole(self, vectors: np.ndarray) -> np.ndarray:
        """Vectors (B, 7 dim) whose products are the weighted sums of the cosines of all parts."""
        weight = self.retriever.weight.detach().cpu().numpy()
        return (vectors * np.sqrt(weight)[:, None]).reshape(len(vectors), -1)

    def has_added(self) -> bool:
        """Whether there are clips besides the shipped ones."""
        return self._captions.count() > 0

    def holds(self, clip_id: str) -> bool:
        """Whether the clip itself is on this computer, and not only its vectors in a shared database."""
        return clip_id in self._shipped or self._path(clip_id).is_file()

    def said(self, sentence: np.ndarray, count: int = 5, owner: str = "") -> list[Hit]:
        """The added clips whose captions are nearest in meaning, best first: everybody's and the owner's.

        sentence: (384,), of the encoder.
        """
        rows = self._captions.query(
            query_embeddings=sentence[None],
            n_results=count,
            where={"owner": {"$in": ["", owner]}},
            include=["documents", "distances"],
        )
        found = zip(rows["ids"][0], rows["documents"][0], rows["distances"][0], strict=True)
        return [Hit(i, str(caption), "whole", 1.0 - float(d)) for i, caption, d in found]

    def search(self, text: np.ndarray, names: Sequence[str] = NAMES, count: int = 5) -> dict[str, list[Hit]]:
        """For each of the names the best clips, best first. text: (7, dim), as `Retriever.texts` gives."""
        searches = self._pool.map(lambda name: self._search(name, text, count), names)
        return dict(zip(names, searches, strict=True))

    def _search(self, name: str, text: np.ndarray, count: int) -> list[Hit]:
        vector = self._whole(text[None])[0] if name == "whole" else text[NAMES.index(name)]
        rows = self._own[name].query(
            query_embeddings=vector[None].astype(np.float32),
            n_results=count,
            include=["metadatas", "distances"],
        )
        return [
            Hit(i, str(m["caption"]), name, 1.0 - float(d), str(m.get("owner", "")))
            for i, m, d in zip(rows["ids"][0], rows["metadatas"][0], rows["distances"][0], strict=True)
        ]

    def nearest(self, motion: Motion) -> Hit | None:
        """The shipped clip that moves most like this one, None if there is none."""
        vector = self._whole(self.retriever.motions([encode_features(motion)]))
        rows = self._own["whole"].query(
            query_embeddings=vector, n_results=1, where=SHIPPED_ONLY, include=["metadatas", "distances"]
        )
        if not rows["ids"][0]:
            return None
        caption, distance = rows["metadatas"][0][0]["caption"], rows["distances"][0][0]
        return Hit(rows["ids"][0][0], str(caption), "whole", 1.0 - float(distance))

    def clip(self, clip_id: str) -> Clip:
        """The clip with its motion. UserError for one that is not there."""
        if clip_id in self._shipped:
            return self._shipped[clip_id]
        path = self._path(clip_id)
        if not path.is_file():
            raise UserError(f"The library has no clip {clip_id!r} on this computer. See: python -m engine library list")
        return read_clips(path)[0]

    def entries(self) -> list[Entry]:
        """All clips, in the order of their captions."""
        rows = self._own["whole"].get(include=["metadatas"])
        entries = [
            Entry(i, str(m["caption"]), str(m["source"]), float(m["seconds"]), str(m["origin"]))
            for i, m in zip(rows["ids"], rows["metadatas"], strict=True)
        ]
        return sorted(entries, key=lambda e: (e.caption, e.clip_id))

    def remove(self, clip_ids: Iterable[str]) -> int:
        """Take clips out; gives how many there were. A shipped one comes back at the next start."""
        wanted = list(dict.fromkeys(clip_ids))
        missing = self.missing(wanted)
        ids = [i for i in wanted if i not in missing]
        if ids:
            for name in NAMES:
                self._own[name].delete(ids=ids)
            self._captions.delete(ids=ids)
            for clip_id in ids:
                self._path(clip_id).unlink(missing_ok=True)
        return len(ids)

    def _path(self, clip_id: str) -> Path:
        return self._folder / f"{clip_id}.npz"


def connect(config: Config, home: Path) -> Any:
    """A client of the database under `home`, or of the server that KINETALK_CHROMA names. UserError without answer."""
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    if not config.chroma:
        home.mkdir(parents=True, exist_ok=True)
        return chromadb.PersistentClient(str(home / "chroma"), settings)
    host, _, port = config.chroma.rpartition(":")
    try:
        client = chromadb.HttpClient(host or config.chroma, int(port) if host else 8000, settings=settings)
        client.heartbeat()
    except Exception as error:  # the client raises whatever its transport does
        raise UserError(
            f"The Chroma server {config.chroma} does not answer ({error}). Start it, or unset KINETALK_CHROMA."
        ) from error
    return client


def _known_vectors(folder: Path, retriever: Retriever) -> dict[str, np.ndarray]:
    """The shipped clips' vectors, if they were made with these weights."""
    path = folder / VECTORS
    if not path.is_file():
        return {}
    with np.load(path, allow_pickle=False) as z:
        if str(z["version"]) != retriever.version:
            return {}
        return {str(i): v.astype(np.float32) for i, v in zip(z["clip_id"], z["vectors"], strict=True)}


def write_vectors(folder: Path, retriever: Retriever, clips: Sequence[Clip]) -> None:
    """Write the vectors of shipped clips, so that the first start need not make them."""
    vectors = retriever.motions([encode_features(c.motion) for c in clips]).astype(np.float16)
    names = np.array([c.clip_id for c in clips])
    np.savez_compressed(folder / VECTORS, version=np.array(retriever.version), clip_id=names, vectors=vectors)
