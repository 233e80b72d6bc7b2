"""Reading body models: npz without pickles, and pickles by a reader that can only make arrays."""

import io
import os
import pickle
import subprocess

import numpy as np
import pytest

from engine.body import find_official, load_body, smpl_file
from engine.core.config import Config
from engine.core.errors import UserError

DEFAULT = Config().assets / "body" / "kinetalk_body.npz"


@pytest.fixture(scope="module")
def arrays():
    with np.load(DEFAULT, allow_pickle=False) as archive:
        return {key: archive[key] for key in archive.files}


class Named:
    """Pickles as a call of the global `module.name`, whatever that is."""

    def __init__(self, target, args, state=None):
        self.target, self.args, self.state = target, args, state

    def __reduce__(self):
        return (self.target, self.args) if self.state is None else (self.target, self.args, self.state)


class _Global:
    """Its pickle names this class, which a test replaces by chumpy's, so that chumpy need not be installed."""


def as_pickle(path, content, protocol=2):
    path.write_bytes(pickle.dumps(content, protocol=protocol))


@pytest.mark.parametrize("protocol", [0, 2, 4, 5])
def test_official_npz_and_pickle_give_the_same_body(tmp_path, arrays, protocol):
    from scipy.sparse import csc_matrix

    np.savez(tmp_path / "SMPL_NEUTRAL.npz", **arrays)
    content = dict(arrays, J_regressor=csc_matrix(arrays["J_regressor"]), bs_type="lrotmin", bs_style=b"lbs")
    as_pickle(tmp_path / "basicModel_m_lbs_10_207_0_v1.0.0.pkl", content, protocol)
    neutral = load_body(Config(body_dir=tmp_path))
    male = load_body(Config(body_dir=tmp_path), gender="male")
    assert "SMPL_NEUTRAL.npz" in neutral.notice and neutral.name == "SMPL neutral" and male.name == "SMPL male"
    np.testing.assert_array_equal(neutral.rest_vertices(), male.rest_vertices())
    np.testing.assert_allclose(neutral.rest_joints(), male.rest_joints(), atol=1e-6)


def test_pose_correctives_are_applied_as_smplx_does(tmp_path, arrays, a_motion, smplx_vertices):
    rng = np.random.default_rng(0)
    directions = rng.normal(0, 0.002, arrays["posedirs"].shape).astype(np.float32)
    np.savez(tmp_path / "SMPL_FEMALE.npz", **dict(arrays, posedirs=directions))
    body = load_body(Config(body_dir=tmp_path), gender="female")
    np.testing.assert_allclose(body.vertices(a_motion), smplx_vertices(body, a_motion), atol=2e-5)


def test_chumpy_wrappers_become_arrays():
    values = np.arange(6.0).reshape(3, 2)
    for name, state, want in (
        ("chumpy.ch:Ch", {"x": values}, values),
        ("chumpy.reordering:Select", {"a": values, "idxs": np.array([4, 1]), "preferred_shape": (2, 1)}, [[4], [1]]),
    ):
        content = pickle.dumps({"thing": Named(_Global, (), state)}, protocol=2)
        module, _, cls = name.partition(":")
        content = content.replace(f"c{__name__}\n_Global\n".encode(), f"c{module}\n{cls}\n".encode())
        thing = smpl_file._ArrayUnpickler(io.BytesIO(content), encoding="latin1").load()["thing"]
        np.testing.assert_array_equal(thing.array(), want)


@pytest.mark.parametrize(
    ("target", "args"),
    [
        (os.system, ("echo harm > {path}",)),
        (subprocess.getoutput, ("touch {path}",)),
        (eval, ("open({path!r}, 'w')",)),
        (np.load, ("{path}",)),
        (getattr, ("text", "upper")),
    ],
)
def test_a_pickle_that_names_anything_else_is_refused(tmp_path, arrays, target, args):
    harm = tmp_path / "harm"
    args = tuple(a.format(path=str(harm)) if isinstance(a, str) else a for a in args)
    as_pickle(tmp_path / "SMPL_NEUTRAL.pkl", dict(arrays, bs_type=Named(target, args)))
    with pytest.raises(UserError, match="which a file of arrays has no use for"):
        load_body(Config(body_dir=tmp_path))
    assert not harm.exists()


def test_an_array_of_objects_cannot_smuggle_a_call(tmp_path, arrays):
    boxed = np.empty(1, object)
    boxed[0] = Named(os.system, ("true",))
    as_pickle(tmp_path / "SMPL_NEUTRAL.pkl", dict(arrays, weights=boxed))
    with pytest.raises(UserError, match="was not opened"):
        load_body(Config(body_dir=tmp_path))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"weights": None}, "it has no weights"),
        ({"v_template": np.zeros((10, 3))}, "has shape"),
        ({"shapedirs": np.zeros((6788, 3, 4))}, "4 shape directions"),
        ({"J_regressor": np.zeros((52, 6788))}, "body of 24 joints"),
        ({"v_template": np.full((6788, 3), np.nan)}, "not numbers"),
        ({"f": np.array([[0, 1, 99999]])}, "vertices that it does not have"),
        ({"posedirs": np.array(["text"])}, "no array of numbers"),
    ],
)
def test_files_that_are_no_smpl_model_say_so(tmp_path, arrays, change, message):
    content = {key: value for key, value in {**arrays, **change}.items() if value is not None}
    np.savez(tmp_path / "SMPL_NEUTRAL.npz", **content)
    with pytest.raises(UserError, match=message):
        load_body(Config(body_dir=tmp_path))


@pytest.mark.parametrize("suffix", [".npz", ".pkl"])
@pytest.mark.parametrize("content", [b"", b"not a model", DEFAULT.read_bytes()[:5000]])
def test_damaged_files_are_reported(tmp_path, suffix, content):
    (tmp_path / f"SMPL_NEUTRAL{suffix}").write_bytes(content)
    with pytest.raises(UserError, match="SMPL_NEUTRAL"):
        load_body(Config(body_dir=tmp_path))


def test_npz_with_pickled_objects_is_refused(tmp_path, arrays):
    boxed = np.empty(1, object)
    np.savez(tmp_path / "SMPL_NEUTRAL.npz", **dict(arrays, weights=boxed))
    with pytest.raises(UserError, match="plain arrays"):
        load_body(Config(body_dir=tmp_path))


def test_folder_and_gender_are_checked(tmp_path):
    with pytest.raises(UserError, match="no official SMPL model for gender 'male'"):
        find_official(tmp_path, "male")
    with pytest.raises(UserError, match="no body of gender 'other'"):
        load_body(Config(), gender="other")
    with pytest.raises(UserError, match="engine body build"):
        load_body(Config(assets=tmp_path))
