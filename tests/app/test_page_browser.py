"""The page in a real browser: type, watch, scrub, undo, reload; with a fake engine, and once with the real one."""

import re
import shutil
import socket
import threading
import time
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import fake_engine
import numpy as np
import pytest
import uvicorn

from app.server import build_app
from engine.core import skeleton
from engine.core.config import Config

playwright = pytest.importorskip("playwright.sync_api", reason="the browser tests need playwright")

ARGS = [
    "--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
WAIT_MS = 30_000
SHIPPED_WAIT_MS = 120_000
START_S = 60
VIEWER = ".kt-viewer"
PROMPT = "a person walks forward and waves with the right hand"
CANVAS_ONLY = ".kt-stage > :not(canvas) { visibility: hidden } .kt-canvas { outline: none !important }"
RECORD_CHAT = """() => {
  const [chat, viewer] = [document.querySelector('#chat'), document.querySelector('.kt-viewer')];
  window.chatTexts = [];
  new MutationObserver(() => {
    if (viewer?.dataset.version !== '1') window.chatTexts.push(chat.textContent);
  }).observe(chat, { childList: true, subtree: true, characterData: true });
}"""
"""Keeps what the chat said while there was no version yet."""
FIVE_QUIET_FRAMES = """() => new Promise((done) => {
  const { dataset } = document.querySelector('.kt-viewer');
  let [quiet, draws] = [0, null];
  const look = () => {
    quiet = dataset.draws === draws ? quiet + 1 : 0;
    draws = dataset.draws;
    if (quiet < 5) requestAnimationFrame(look); else done();
  };
  look();
})"""


@contextmanager
def served(build):
    """The address of a page; `build` runs in the server's thread, as playwright keeps an event loop in this one."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    made = Future()

    def run():
        try:
            server = uvicorn.Server(uvicorn.Config(build(), port=port, log_level="warning", ws="none"))
        except BaseException as error:
            made.set_exception(error)
            raise
        made.set_result(server)
        server.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    server, deadline = made.result(START_S), time.monotonic() + START_S
    while not server.started:
        assert time.monotonic() < deadline, f"the page was not served within {START_S} s"
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}/"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    with served(lambda: build_app(lambda: fake_engine.FakeEngine(pace=0.05), fake_engine.save, home)) as address:
        yield address


@pytest.fixture(scope="module")
def shipped_address(tmp_path_factory):
    """The page as `python app.py` serves it, with the real engine."""
    from engine import Engine, save

    config = Config.from_env()
    if not (config.assets / "language" / "model.safetensors").exists():
        pytest.skip("the language model's weights are missing: assets/language")
    home = tmp_path_factory.mktemp("shipped")
    with served(lambda: build_app(lambda: Engine.load(config), save, home)) as address:
        yield address
    skeleton.use_rest_joints(None)


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as session:
        path = shutil.which("chromium") or shutil.which("google-chrome") or session.chromium.executable_path
        if not Path(path).exists():
            pytest.skip("the browser tests need Chromium: install the package chromium, or run `make browser`")
        browser = session.chromium.launch(executable_path=path, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser, address):
    with open_page(browser, address, 900, 600) as page:
        yield page


class open_page:
    """A fresh visitor's page; at the end, nothing but this host was asked and no script failed."""

    def __init__(self, browser, address, width, height, wait_ms=WAIT_MS, **settings):
        self.address, self.problems, self.hosts = address, [], set()
        self.context = browser.new_context(viewport={"width": width, "height": height}, **settings)
        self.context.set_default_timeout(wait_ms)

    def __enter__(self):
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("request", lambda request: self.hosts.add(urlsplit(request.url).hostname))
        page.goto(self.address)
        page.wait_for_selector("#message textarea")
        page.wait_for_function("window.THREE !== undefined")
        return page

    def __exit__(self, kind, *error):
        self.context.close()
        if kind is not None:
            return
        assert self.problems == []
        assert self.hosts <= {"127.0.0.1", None}, f"requests left this machine: {self.hosts}"


def say(page, text):
    page.fill("#message textarea", text)
    page.press("#message textarea", "Enter")


def wait_for_version(page, number):
    page.wait_for_function(f"document.querySelector('{VIEWER}')?.dataset.version === '{number}'")


def make(page, text="a person walks forward and waves", number=1):
    say(page, text)
    wait_for_version(page, number)
    page.get_by_role("button", name="Submit").wait_for()


def state(page, key):
    return page.get_attribute(VIEWER, f"data-{key}")


def picture(page):
    """The pixels of the canvas, without what lies on top of it."""
    return page.locator(".kt-canvas").screenshot(style=CANVAS_ONLY)


def settled_picture(page):
    """The canvas once the camera has come to rest."""
    page.evaluate(FIVE_QUIET_FRAMES)
    return picture(page)


def assert_streams_and_moves(page, text):
    """Sections grow before there is a version, and then the canvas is animated."""
    page.evaluate(RECORD_CHAT)
    say(page, text)
    wait_for_version(page, 1)
    texts = page.evaluate("window.chatTexts")
    assert len(set(texts)) >= 3, "the sections came all at once"
    assert any("Plan" in t and "Motion" not in t for t in texts), "the plan was not there before the motion"
    for title in ("Plan", "Motion", "Measured"):
        page.locator("#chat").get_by_text(title, exact=True).first.wait_for()
    first = picture(page)
    page.wait_for_timeout(700)
    assert picture(page) != first, "the canvas stands still"
    return texts


def assert_pause_and_scrub_hold(page, frame):
    """`frame` counts from 0. Leaves the motion paused there."""
    page.click(".kt-play")
    held, paused = state(page, "frame"), settled_picture(page)
    page.wait_for_timeout(500)
    assert state(page, "frame") == held
    assert picture(page) == paused, "a paused motion moves"
    page.locator(".kt-scrub").fill(str(frame))
    assert state(page, "frame") == str(frame + 1) and state(page, "playing") == "false"
    scrubbed = settled_picture(page)
    assert scrubbed != paused or held == str(frame + 1)
    page.wait_for_timeout(500)
    assert state(page, "frame") == str(frame + 1)
    assert picture(page) == scrubbed, "a motion that was scrubbed moves"


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


def test_a_sentence_streams_and_becomes_a_moving_body(page):
    texts = assert_streams_and_moves(page, "a person walks forward and waves")
    assert any(re.search(r"\d+ of 10 steps", t) for t in texts)
    page.locator("#chat").get_by_text("The person walks forward and waves.").wait_for()


def test_pause_scrub_and_keys_hold(page):
    make(page)
    assert_pause_and_scrub_hold(page, 25)
    assert page.text_content(".kt-count") == "26 / 40 · 1.25 s"
    page.focus(".kt-canvas")
    page.keyboard.press("ArrowRight")
    assert state(page, "frame") == "27"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert state(page, "frame") == "25"
    page.keyboard.press(" ")
    assert state(page, "playing") == "true"


def test_a_clip_that_does_not_loop_ends_on_its_last_frame(page):
    make(page)
    page.uncheck(".kt-loop")
    page.select_option(".kt-speed", "2")
    page.wait_for_function(f"document.querySelector('{VIEWER}')?.dataset.playing === 'false'")
    assert state(page, "frame") == "40"


def test_the_camera_turns_resets_and_stays_when_the_motion_is_swapped(page):
    make(page)
    page.click(".kt-play")
    home = settled_picture(page)
    box = page.locator(".kt-canvas").bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 220, box["y"] + 220, steps=3)
    page.mouse.up()
    turned = settled_picture(page)
    assert turned != home
    page.keyboard.press("r")
    assert settled_picture(page) == home
    page.keyboard.press("f")
    assert page.get_attribute(".kt-follow", "aria-pressed") == "false"


def test_edits_show_a_ghost_and_versions_can_be_moved_between(page):
    make(page)
    assert page.locator(".kt-ghost").is_hidden()
    make(page, "make it slower", 2)
    page.locator(".kt-ghost").wait_for()
    page.click("#undo")
    wait_for_version(page, 1)
    page.click("#redo")
    wait_for_version(page, 2)
    page.focus(".kt-canvas")
    page.keyboard.press("Control+z")
    wait_for_version(page, 1)
    page.locator("#versions .kt-go", has_text="make it slower").click()
    wait_for_version(page, 2)


def chosen(page, key):
    return page.locator(f"#versions [data-key={key}]")


def wait_for_caption(page, text):
    page.locator(".kt-caption", has_text=re.compile(f"^{text}$")).wait_for()


def test_a_file_is_edited_branched_compared_renamed_and_exported(browser, shipped_address, tmp_path):
    """With the real engine; the walk is made by the toolkit, so that it is there without the model."""
    from engine.core.plan import parse_plan
    from engine.data.compose import perform_plan
    from engine.io import load, save

    walk = perform_plan(parse_plan("make walk direction=forward for 2.0"), np.random.default_rng(0))
    save(walk, tmp_path / "walk.bvh")
    with open_page(browser, shipped_address, 900, 600, SHIPPED_WAIT_MS) as page:
        page.set_input_files("#message input[type=file]", str(tmp_path / "walk.bvh"))
        page.locator("#message .thumbnail-item").first.wait_for()
        page.press("#message textarea", "Enter")
        wait_for_version(page, 1)
        page.get_by_role("button", name="Submit").wait_for()
        make(page, "slow it down by 20 %", 2)
        page.click("#undo")
        wait_for_version(page, 1)
        make(page, "mirror it", 3)
        branch = page.locator(".kt-row.kt-branch")
        assert branch.locator(".kt-go").inner_text().split("\n") == ["3", "mirror it", "from 1", "2.0 s"]
        assert chosen(page, "go-3").get_attribute("aria-current") == "true"
        chosen(page, "over-2").click()
        wait_for_caption(page, "Version 3 over version 2")
        chosen(page, "beside-2").press("Enter")
        wait_for_caption(page, "Version 3 beside version 2")
        assert int(page.get_attribute(".kt-scrub", "max")) + 1 == 50
        page.click(".kt-off")
        wait_for_caption(page, "Version 3: mirror it")
        chosen(page, "go-3").press("F2")
        page.keyboard.type("other foot first")
        page.keyboard.press("Enter")
        wait_for_caption(page, "Version 3: other foot first")
        page.click(".kt-download > summary")
        page.click(".kt-options > summary")
        page.select_option(".kt-options [name=names]", "unreal")
        with page.expect_download() as download:
            page.locator(".kt-menu").get_by_role("button", name="BVH").click()
        assert download.value.suggested_filename == "3-other-foot-first.bvh"
        download.value.save_as(tmp_path / "out.bvh")
        assert "ROOT pelvis" in (tmp_path / "out.bvh").read_text()
        assert load(tmp_path / "out.bvh").motions[0].num_frames == 40


def test_a_session_is_saved_and_opened_again(page, tmp_path):
    make(page)
    make(page, "make it slower", 2)
    page.click("#undo")
    wait_for_version(page, 1)
    with page.expect_download() as download:
        page.click("#save")
    saved = tmp_path / "mine.kinetalk"
    download.value.save_as(saved)
    page.click("#fresh")
    page.locator("#versions .kt-tree").wait_for(state="hidden")
    (tmp_path / "walk.bvh").write_text("HIERARCHY")
    open_file(page, tmp_path / "walk.bvh")
    page.get_by_text("is not a saved session").wait_for()
    open_file(page, saved)
    wait_for_version(page, 1)
    assert page.locator("#versions .kt-row").count() == 2
    page.locator("#chat").get_by_text("The person walks forward and waves.").wait_for()
    page.locator("#chat").get_by_text("2 versions").wait_for()


def open_file(page, path):
    with page.expect_file_chooser() as chooser:
        page.click("#open")
    chooser.value.set_files(path)


def test_errors_are_words_in_the_chat_and_the_session_stays_usable(page):
    say(page, "fail please")
    page.locator("#chat").get_by_text("cannot be carried out").wait_for()
    say(page, "crash please")
    page.locator("#chat").get_by_text("Something went wrong on our side").wait_for()
    make(page)


def test_a_reload_finds_the_session_again(page):
    make(page)
    page.reload()
    wait_for_version(page, 1)
    page.locator("#chat").get_by_text("The person walks forward and waves.").wait_for()
    make(page, "make it slower", 2)


def test_visitors_do_not_see_each_other(page, browser, address):
    make(page)
    with open_page(browser, address, 900, 600) as other:
        other.wait_for_timeout(500)
        assert other.locator("#chat").get_by_text("walks forward and waves").count() == 0
        assert not state(other, "version")


def test_stop_ends_a_turn(page):
    say(page, "a person walks a long way")
    page.locator("#chat").get_by_text(re.compile(r"of 10 steps")).first.wait_for()
    page.get_by_role("button", name="Stop").click()
    page.locator("#chat").get_by_text("Stopped").wait_for()
    assert not state(page, "version") or state(page, "version") == "draft"
    make(page)


def test_downloads_of_the_shown_version(page):
    make(page)
    page.click(".kt-download summary")
    with page.expect_download() as download:
        page.get_by_role("button", name="GLB").click()
    assert download.value.suggested_filename == "1-a-person-walks-forward-and-waves.glb"
    assert download.value.path().read_bytes()[:4] == b"glTF"
    page.click(".kt-download summary")
    page.get_by_role("button", name="MP4").click()
    page.locator(".kt-note", has_text="MP4 needs EGL").wait_for()


def test_the_strip_shows_what_changed_and_speaks_of_it(page):
    strip = page.locator(".kt-strip")
    assert strip.is_hidden()
    make(page)
    page.locator(".kt-mark").first.wait_for()
    assert page.locator(".kt-span").count() == 0
    make(page, "edit raise part=left_arm degrees=20 span=1.0s-1.8s", 2)
    arm = page.get_by_role("button", name="left arm changed, 1.0–1.8 s")
    arm.hover()
    page.locator(".kt-tip", has_text="left arm changed, 1.0–1.8 s").wait_for()
    assert page.locator(".kt-span").count() == 1
    assert_the_playhead_is_under_the_thumb(page, 39)
    arm.click()
    assert state(page, "frame") == "21" and state(page, "playing") == "false"
    page.keyboard.type("wave")
    assert page.input_value("#message textarea") == "from 1.0 s to 1.8 s, wave"
    page.get_by_role("button", name="right hand high").focus()
    page.keyboard.press("Enter")
    assert page.input_value("#message textarea") == "when the right hand is highest, wave"
    page.fill("#message textarea", "raise the arm")
    arm.click()
    assert page.input_value("#message textarea") == "raise the arm from 1.0 s to 1.8 s"
    assert strip.bounding_box()["height"] <= 90
    page.click("#fresh")
    strip.wait_for(state="hidden")


def assert_the_playhead_is_under_the_thumb(page, frame):
    """At the last `frame` and at the first; half a thumb is 8 px."""
    scrub = page.locator(".kt-scrub").bounding_box()
    for at, x in ((frame, scrub["x"] + scrub["width"] - 8), (0, scrub["x"] + 8)):
        page.locator(".kt-scrub").fill(str(at))
        assert abs(page.locator(".kt-head").bounding_box()["x"] - x) < 2


def test_the_strip_is_walked_with_arrows(page):
    make(page)
    make(page, "edit raise part=arms degrees=20 span=1.0s-1.8s", 2)
    page.focus('.kt-item[tabindex="0"]')
    held = state(page, "playing")
    last = page.locator(".kt-item").last.get_attribute("aria-label")
    for key, name in (("Home", "arms changed"), ("ArrowDown", " high, "), ("End", last), ("ArrowUp", "arms changed")):
        page.keyboard.press(key)
        focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
        assert name in focused
    assert state(page, "playing") == held, "an arrow moved the playhead"


def test_an_example_and_an_attachment(page, tmp_path):
    page.locator(".idea").first.click()
    wait_for_version(page, 1)
    clip = tmp_path / "partner.bvh"
    clip.write_text("HIERARCHY")
    page.set_input_files("#message input[type=file]", str(clip))
    page.locator("#message .thumbnail-item").first.wait_for()
    make(page, "make it slower", 2)
    assert page.locator("#chat").get_by_text("partner.bvh").count() == 1


def test_a_setting_that_is_no_number_is_refused_and_the_message_stays(page):
    page.locator("#settings button").first.click()
    page.get_by_label("Length (s)").fill("soon")
    say(page, "a person walks")
    page.get_by_text("write a number such as 4.5").wait_for()
    assert page.input_value("#message textarea") == "a person walks"
    page.get_by_label("Length (s)").fill("2,5")
    page.press("#message textarea", "Enter")
    wait_for_version(page, 1)


def test_every_control_has_a_name(page):
    make(page)
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('button, input, select, textarea, canvas')]
        .filter((e) => e.checkVisibility() && !(e.textContent.trim() || e.ariaLabel || e.title || e.labels?.length))
        .map((e) => e.outerHTML.slice(0, 120))"""
    )
    assert nameless == []


def test_a_phone_shows_it_all_without_scrolling_sideways(browser, address):
    with open_page(browser, address, 390, 780, has_touch=True, is_mobile=True) as page:
        make(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        viewer = page.locator(VIEWER).bounding_box()
        chat = page.locator("#chat").bounding_box()
        assert viewer["width"] > 340 and viewer["y"] < chat["y"]
        right = page.evaluate(
            """() => [...document.querySelectorAll('.kt-viewer *, #message, #settings')]
            .filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > 391)
            .map((e) => e.className)"""
        )
        assert right == []


def test_rounds_and_references_are_played_used_and_gone_on_from(page):
    lost = []
    page.on("response", lambda r: lost.append(r.url) if r.status >= 400 else None)
    make(page, "walk and judge")
    page.locator("#round-list label", has_text="Round 1").click()
    page.locator(".kt-caption", has_text=re.compile(r"^Round 1$")).wait_for()
    page.fill("#instruction input", "edit mirror")
    page.click("#go-on")
    wait_for_version(page, 2)
    page.locator("#round-list label", has_text="Round 3 · 0.70, kept").wait_for()
    page.locator("#round-list label", has_text="Round 1").click()
    page.click("#use-round")
    wait_for_version(page, 3)
    page.locator("#references button").first.click()
    page.click("#pin")
    page.locator("#reference-list label", has_text="pinned").wait_for()
    page.click("#play-reference")
    page.locator(".kt-caption", has_text="Reference: a person waves").wait_for()
    assert lost == []
