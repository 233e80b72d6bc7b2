"""Clips that show what was asked for better than a draft does. Where there is one, the request was misread: the plan is
written anew, for what that clip shows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch

from engine.core.features import encode_features
from engine.core.plan import ActionSpec, Call, Plan, parse_plan
from engine.core.types import Motion
from engine.language.interface import DialogueContext
from engine.loop.events import Reference
from engine.loop.lengths import fill_lengths
from engine.loop.models import Models
from engine.loop.recall import Found
from engine.loop.request import Request, rescale
from engine.retrieval.library import Hit

LEAD, LEAD_SAME = 0.28, 0.14
"""So much more than a draft a clip must fit the request, a cosine: one of another action, and one of the same action in
another way.
"""
LOOKED_AT = 6
"""Clips that are looked at."""


@dataclass(frozen=True, eq=False)
class Rival:
    """A clip that fits the request far better than a draft, a cosine, and the plan for what it shows."""

    clip: Found
    fit: float
    plan: Plan


@dataclass(frozen=True, eq=False)
class Fit:
    """How well a draft fits the request, a cosine, and the clip that fits it far better, if any."""

    draft: float
    rival: Rival | None = None


def fit_of(models: Models, request: Request, plan: Plan, motion: Motion, rivals: bool = True) -> Fit:
    """A draft of a plan of one segment, beside the clip that is nearest to the request if `rivals`."""
    recall = models.recall
    assert recall is not None
    library = recall.library
    with models.lock:
        asked = library.retriever.texts(library.encoder([request.text]))
        moved = library.retriever.motions([encode_features(motion)])
        fit = float(library.retriever.similarity(asked, moved)[0, 0])
        hits = library.search(asked[0], ("whole",), LOOKED_AT)["whole"] if rivals else []
    hits = [h for h in hits if recall.may_show(h.clip_id, request.owner, request.options.banned)]
    if not hits or hits[0].score < fit + LEAD_SAME:
        return Fit(fit)
    anew = plan_like(models, request, plan, hits[0].caption)
    least = LEAD_SAME if _names(anew) == _names(plan) else LEAD
    if anew.segments == plan.segments or hits[0].score < fit + least:
        return Fit(fit)
    return Fit(fit, Rival(_found(hits[0]), hits[0].score, anew))


def _found(hit: Hit) -> Found:
    return Found(Reference(hit.clip_id, hit.caption, "whole", hit.score), "whole")


def _names(plan: Plan) -> set[str]:
    return {call.name for segment in plan.segments for call in segment.calls}


def plan_like(models: Models, request: Request, plan: Plan, caption: str) -> Plan:
    """The request's plan, if it asks for what a clip of this caption shows.

    The actions are the clip's, and their settings the request's. Where the plan has these actions already, it is their
    settings that were misread: those of the clip hold, unless it says nothing of them.
    """
    language, generator = models.language, torch.Generator()
    with models.lock:
        shown = parse_plan("".join(language.stream_plan(caption, DialogueContext(), generator)))
        if shown.task != "make" or len(shown.segments) != 1:
            return plan
        calls = shown.segments[0].calls
        own = {call.name: call for call in plan.segments[0].calls}
        if own.keys() == {call.name for call in calls}:
            settled = tuple(_settled(own[c.name], c, language.catalogue[c.name]) for c in calls)
            if {*settled} == {*own.values()}:
                return plan
            plan = replace(shown, segments=(replace(shown.segments[0], calls=settled),))
        else:
            names = [call.name for call in calls]
            plan = parse_plan("".join(language.stream_plan(request.text, DialogueContext(), generator, names)))
    return fill_lengths(rescale(plan, request.options.seconds), language.catalogue)


def _settled(own: Call, shown: Call, spec: ActionSpec) -> Call:
    said = {k: v for k, v in shown.args.items() if v != spec.slots[k][0]}
    return Call(own.name, {**own.args, **said})
