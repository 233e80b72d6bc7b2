"""Clips that show what was asked for better than a draft does. Where there is one, the request was misread: the plan is
written anew, for what that clip shows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch

from engine.core.features import encode_features
from engine.core.plan import ActionSpec, Call, Plan, parse_plan, plain_words
from engine.core.types import Motion
from engine.language.interface import DialogueContext
from engine.loop.events import Reference
from engine.loop.lengths import fill_lengths
from engine.loop.models import Models
from engine.loop.recall import Found, Recall
from engine.loop.request import Request, rescale

LEAD = 0.14
"""So much more than a draft a clip must fit the request."""
SAID_SHARE = 0.5
"""How much the words of a clip and of a plan count beside what is seen."""
LOOKED_AT = 6
"""Clips that are looked at."""


@dataclass(frozen=True, eq=False)
class Fit:
    """How well a draft fits the request, a cosine.

    rival: a clip that fits it far better, as well as `clip` says; None if there is none.
    """

    draft: float
    rival: Found | None = None
    clip: float = 0.0


def fit_of(recall: Recall, request: Request, plan: Plan, motion: Motion) -> Fit:
    """A draft of a plan of one segment beside the clips that are nearest to the request."""
    library, words = recall.library, plain_words(plan.segments[0].calls)
    said = library.encoder([request.text])
    asked = library.retriever.texts(said)
    moved = library.retriever.motions([encode_features(motion)])
    fit = float(library.retriever.similarity(asked, moved)[0, 0])
    hits = library.search(asked[0], ("whole",), LOOKED_AT)["whole"]
    hits = [h for h in hits if h.score > fit and recall.may_show(h.clip_id, request.owner, request.options.banned)]
    if not hits:
        return Fit(fit)
    planned, *captions = library.encoder([words, *(h.caption for h in hits)]).sentence.numpy()
    sentence = said.sentence.numpy()[0]
    leads = [
        hit.score - fit + SAID_SHARE * float(sentence @ (caption - planned))
        for hit, caption in zip(hits, captions, strict=True)
    ]
    lead, best = max(zip(leads, hits, strict=True), key=lambda pair: pair[0])
    if lead < LEAD:
        return Fit(fit)
    return Fit(fit, Found(Reference(best.clip_id, best.caption, "whole", best.score), "whole"), best.score)


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
            if settled == plan.segments[0].calls:
                return plan
            plan = replace(shown, segments=(replace(shown.segments[0], calls=settled),))
        else:
            names = [call.name for call in calls]
            plan = parse_plan("".join(language.stream_plan(request.text, DialogueContext(), generator, names)))
    return fill_lengths(rescale(plan, request.options.seconds), language.catalogue)


def _settled(own: Call, shown: Call, spec: ActionSpec) -> Call:
    said = {k: v for k, v in shown.args.items() if v != spec.slots[k][0]}
    return Call(own.name, {**own.args, **said})
