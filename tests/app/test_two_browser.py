"""Two persons on the page in a real browser: their letters, whom the camera follows, where they touch, their files."""

import zipfile

import fake_engine
import pytest
from browsing import make, open_page, served, settled_picture, state

from app.server import build_app
from engine.assess import between
from engine.assess.between import Touch
from engine.io import load_pair

TOUCHES = (Touch(0.6, 1.2, "right hand", "left shoulder"), Touch(1.0, 1.5, "left hand", "back"))
FOLLOWED = "Whom the camera follows"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    with served(lambda: build_app(fake_engine.FakeEngine, fake_engine.save, home)) as address:
        yield address


@pytest.fixture
def page(browser, address, monkeypatch):
    monkeypatch.setattr(between, "contacts", lambda a, b: TOUCHES)
    with open_page(browser, address, 900, 600) as page:
        yield page


def hold(page, frame):
    """The canvas, paused at a frame that counts from 0."""
    page.locator(".kt-scrub").fill(str(frame))
    return settled_picture(page)


def letters(page):
    """Letter -> the box that it fills, of those that are seen."""
    seen = [label for label in page.locator(".kt-letter").all() if label.is_visible()]
    return {label.inner_text(): label.bounding_box() for label in seen}


def overlap(a, b):
    return all(abs(a[x] + a[w] / 2 - b[x] - b[w] / 2) < (a[w] + b[w]) / 2 for x, w in (("x", "width"), ("y", "height")))


def test_two_persons_bear_letters_that_cover_nothing_and_one_bears_none(page):
    make(page)
    assert letters(page) == {} and page.get_by_label(FOLLOWED).is_hidden()
    make(page, "two walk", 2)
    hold(page, 10)
    found = letters(page)
    assert list(found) == ["A", "B"] and not overlap(found["A"], found["B"])
    colors = page.eval_on_selector_all(".kt-letter", "all => all.map((e) => getComputedStyle(e).backgroundColor)")
    assert len(set(colors)) == 2
    page.focus(".kt-canvas")
    for _ in range(12):
        page.keyboard.press("+")
    settled_picture(page)
    tools = page.locator(".kt-tools").bounding_box()
    assert not any(overlap(tools, box) for box in letters(page).values())
    make(page, "a person walks", 3)
    assert letters(page) == {}


def test_the_camera_follows_either_or_both_and_goes_on_to_when_the_motion_is_swapped(page):
    make(page, "two walk")
    both = hold(page, 30)
    whom = page.get_by_label(FOLLOWED)
    whom.focus()
    page.keyboard.press("b")
    assert whom.input_value() == "B"
    b = hold(page, 30)
    whom.select_option("A")
    a = hold(page, 30)
    assert len({a, b, both}) == 3
    page.focus(".kt-canvas")
    page.keyboard.press("d")
    assert page.get_attribute(".kt-follow", "aria-pressed") == "false"
    whom.select_option("B")
    assert page.get_attribute(".kt-follow", "aria-pressed") == "true"
    make(page, "two walk on", 2)
    assert whom.input_value() == "B"
    page.keyboard.press("g")
    assert abs(letters(page)["B"]["x"] + 11 - centre(page)) < 25, "B is in the middle of the picture"


def centre(page):
    box = page.locator(".kt-canvas").bounding_box()
    return box["x"] + box["width"] / 2


def test_touches_and_the_feet_of_both_are_on_the_strip(page):
    make(page, "two walk")
    touch = page.get_by_role("button", name="A's right hand touches B's left shoulder, 0.6–1.2 s")
    touch.hover()
    page.locator(".kt-tip", has_text="A's right hand touches B's left shoulder, 0.6–1.2 s").wait_for()
    touch.click()
    assert state(page, "frame") == "13" and state(page, "playing") == "false"
    page.keyboard.type("hold on longer")
    assert page.input_value("#message textarea") == "from 0.6 s to 1.2 s, hold on longer"
    rows = page.eval_on_selector_all(".kt-touch", "all => all.map((e) => e.getAttribute('y'))")
    assert len(set(rows)) == 2, "touches at one time lie over each other"
    assert {"touch", "A feet", "B feet"} <= set(page.locator(".kt-strip .kt-row").all_text_contents())
    page.get_by_role("button", name="B: right hand high").first.focus()
    page.keyboard.press("Enter")
    assert page.input_value("#message textarea").endswith("s, hold on longer")
    assert page.locator(".kt-strip").bounding_box()["height"] <= 114


def test_two_persons_are_saved_as_one_glb_or_two_bvh(page, tmp_path):
    make(page, "two walk")
    page.click(".kt-download summary")
    with page.expect_download() as download:
        page.get_by_role("button", name="GLB").click()
    data = download.value.path().read_bytes()
    assert b'"name":"A"' in data and b'"name":"B"' in data
    page.click(".kt-download summary")
    with page.expect_download() as download:
        page.get_by_role("button", name="BVH (Maya, MotionBuilder), two files").click()
    assert download.value.suggested_filename == "1-two-walk.bvh.zip"
    with zipfile.ZipFile(download.value.path()) as archive:
        archive.extractall(tmp_path)
    a, b = load_pair(*(tmp_path / f"1-two-walk-{letter}.bvh" for letter in "ab")).motions
    assert (b.root_pos - a.root_pos)[0].tolist() == pytest.approx([0.9, 0, 0], abs=1e-3)
