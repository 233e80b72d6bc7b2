"""Edit scripts that people write themselves: carried out as they stand, without the model."""

import numpy as np
import pytest
from fake_models import FakeCodec, FakeLanguageModel

from engine.core.errors import UserError
from engine.loop.models import Models
from engine.loop.session import Session
from engine.loop.turn import written_script


def session_of(*plans):
    session = Session(Models(FakeLanguageModel(plans), FakeCodec()), 5)
    session.send("a walk")
    return session


def test_a_script_is_carried_out_as_it_is_written():
    session = session_of("make walk for 4.0")
    before = session.scene.motions[0]
    reply = session.send("edit raise  part=left_arm degrees=20 span=1.0s-2.0s ; speed factor=0.5")
    assert [s.kind for s in reply.trace] == ["plan", "edit", "answer"]
    assert "Raised the left arm by 20 degrees from 1.00 s to 2.00 s" in reply.text
    assert reply.scene.motions[0].num_frames == 2 * before.num_frames and len(reply.scene.provenance["edits"]) == 2


def test_a_bad_argument_is_told_and_nothing_changes():
    session = session_of("make walk for 4.0")
    before = session.scene
    with pytest.raises(UserError, match="degrees"):
        session.send("edit raise part=left_arm degrees=900")
    assert session.scene is before and np.array_equal(before.motions[0].root_pos, session.scene.motions[0].root_pos)


@pytest.mark.parametrize(
    "text", ["edit the walk", "edit mirror it", "raise the left arm", "edit", "make walk for 2.0", ""]
)
def test_sentences_are_left_to_the_model(text):
    assert written_script(text) is None
