"""The page with the real engine in a real browser: a sentence is made and changed; an animator works on a file."""

import re

import numpy as np
import pytest
from browsing import (
    assert_pause_and_scrub_hold,
    assert_streams_and_moves,
    make,
    open_page,
    served,
    settled_picture,
    state,
    wait_for_version,
)

from app.server import build_app
from engine.core import skeleton
from engine.core.config import Config
from engine.core.plan import parse_plan
from engine.core.types import Scene
from engine.data.compose import perform_plan
from engine.edit.script import apply_edits
from engine.io import load, save

SHIPPED_WAIT_MS = 120_000
PROMPT = "a person walks forward and waves with the right hand"
RAISE = "edit raise part=left_arm degrees=40 span=1.0s-2.0s"


@pytest.fixture(scope="module")
def shipped_address(tmp_path_factory):
    """The page as `python app.py` serves it, with the real engine."""
    from engine import Engine

    config = Config.from_env()
    if not (config.assets / "language" / "model.safetensors").exists():
        pytest.skip("the language model's weights are missing: assets/language")
    home = tmp_path_factory.mktemp("shipped")
    with served(lambda: build_app(lambda: Engine.load(config), save, home)) as address:
        yield address
    skeleton.use_rest_joints(None)


def assert_the_ghost_can_be_hidden(page):
    """The version before walks ahead of the slower one; without it the paused picture is another one."""
    if state(page, "playing") == "true":
        page.click(".kt-play")
    page.locator(".kt-scrub").fill("30")
    with_ghost = settled_picture(page)
    page.focus(".kt-canvas")
    page.keyboard.press("g")
    assert settled_picture(page) != with_ghost


def test_the_shipped_engine_walks_and_waves_and_then_slower(browser, shipped_address):
    with open_page(browser, shipped_address, 900, 600, SHIPPED_WAIT_MS) as page:
        assert_streams_and_moves(page, PROMPT)
        assert_pause_and_scrub_hold(page, 30)
        frames = int(page.get_attribute(".kt-scrub", "max")) + 1
        assert page.locator(".kt-foot").count() >= 4 and page.locator(".kt-span").count() == 0
        make(page, "make it slower", 2)
        page.get_by_role("button", name="whole body changed, 0.0–").wait_for()
        assert int(page.get_attribute(".kt-scrub", "max")) + 1 > 1.1 * frames
        assert page.locator("#versions .kt-row").count() == 2
        assert_the_ghost_can_be_hidden(page)


def chosen(page, key):
    return page.locator(f"#versions [data-key={key}]")


def wait_for_caption(page, text):
    page.locator(".kt-caption", has_text=re.compile(f"^{text}$")).wait_for()


def upload(page, path):
    page.set_input_files("#message input[type=file]", str(path))
    page.locator("#message .thumbnail-item").first.wait_for()
    page.press("#message textarea", "Enter")
    wait_for_version(page, 1)
    page.get_by_role("button", name="Submit").wait_for()


def shown_frames(page):
    return int(page.get_attribute(".kt-scrub", "max")) + 1


def picture_at(page, frame):
    """The canvas, paused at a frame that counts from 0."""
    page.locator(".kt-scrub").fill(str(frame))
    assert state(page, "playing") == "false"
    return settled_picture(page)


def compare(page, version, other):
    chosen(page, f"over-{other}").click()
    wait_for_caption(page, f"Version {version} over version {other}")
    over = picture_at(page, 30)
    chosen(page, f"beside-{other}").press("Enter")
    wait_for_caption(page, f"Version {version} beside version {other}")
    assert picture_at(page, 30) != over
    page.click(".kt-off")
    wait_for_caption(page, f"Version {version}: .*")


def rename(page, version, name):
    chosen(page, f"go-{version}").press("F2")
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    wait_for_caption(page, f"Version {version}: {name}")


def download_bvh(page, target, **options):
    """Save the shown version as BVH; gives the name that the page suggests."""
    page.click(".kt-download > summary")
    page.click(".kt-options > summary")
    for name, value in options.items():
        page.select_option(f".kt-options [name={name}]", value)
    with page.expect_download() as download:
        page.locator(".kt-menu").get_by_role("button", name="BVH").click()
    download.value.save_as(target)
    return download.value.suggested_filename


def test_an_animators_path_from_a_file_to_a_file(browser, shipped_address, tmp_path):
    """Upload, slow, raise an arm, undo, branch, compare, name, export; the walk is authored, so it needs no model."""
    walk = perform_plan(parse_plan("make walk direction=forward for 2.0"), np.random.default_rng(0))
    save(walk, tmp_path / "walk.bvh")
    with open_page(browser, shipped_address, 900, 600, SHIPPED_WAIT_MS) as page:
        upload(page, tmp_path / "walk.bvh")
        assert shown_frames(page) == 40
        make(page, "slow it down by 20 %", 2)
        assert shown_frames(page) == 50
        make(page, RAISE, 3)
        page.get_by_role("button", name="left arm changed, 1.0–2.0 s").wait_for()
        assert page.locator(".kt-span").count() == 1
        raised = picture_at(page, 30)
        page.click("#undo")
        wait_for_version(page, 2)
        wait_for_caption(page, "Version 2: slow it down by 20 %")
        assert picture_at(page, 30) != raised
        make(page, "mirror it", 4)
        branch = page.locator(".kt-row.kt-branch .kt-go")
        assert branch.inner_text().split("\n") == ["4", "mirror it", "from 2", "2.5 s"]
        assert chosen(page, "go-4").get_attribute("aria-current") == "true"
        compare(page, 4, 3)
        assert shown_frames(page) == 50
        rename(page, 4, "other foot first")
        assert download_bvh(page, tmp_path / "4.bvh", names="unreal") == "4-other-foot-first.bvh"
        chosen(page, "go-3").click()
        wait_for_version(page, 3)
        download_bvh(page, tmp_path / "3.bvh")
    assert "ROOT pelvis" in (tmp_path / "4.bvh").read_text()
    assert_is_the_walk_after("edit speed factor=0.8 ; mirror", walk, tmp_path / "4.bvh")
    assert_is_the_walk_after(f"edit speed factor=0.8 ; {RAISE.removeprefix('edit ')}", walk, tmp_path / "3.bvh")


def assert_is_the_walk_after(script, walk, path):
    """What was downloaded is what the script makes of the walk: length, rate, and every joint to a millimetre."""
    wanted = apply_edits(Scene((walk,)), parse_plan(script).edits).scene.motions[0]
    found = load(path).motions[0]
    assert (found.num_frames, found.fps) == (50, 20) and found.duration_s == 2.5
    assert np.abs(found.joint_positions() - wanted.joint_positions()).max() < 1e-3
