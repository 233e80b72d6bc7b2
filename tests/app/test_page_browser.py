"""The page in a real browser: type, watch, scrub, undo, reload; with a fake engine."""

import re

import fake_engine
import pytest
from browsing import (
    VIEWER,
    assert_pause_and_scrub_hold,
    assert_streams_and_moves,
    make,
    open_page,
    say,
    served,
    settled_picture,
    state,
    wait_for_version,
)

from app.server import build_app


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    with served(lambda: build_app(lambda: fake_engine.FakeEngine(pace=0.05), fake_engine.save, home)) as address:
        yield address


@pytest.fixture
def page(browser, address):
    with open_page(browser, address, 900, 600) as page:
        yield page


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


def test_a_question_is_answered_by_a_click(page):
    make(page)
    say(page, "raise which arm?")
    page.get_by_role("button", name="the right arm").click()
    wait_for_version(page, 2)
    assert page.locator(".message.user", has_text="the right arm").count() == 1
    assert page.get_by_role("button", name="the left arm").count() == 0, "the question is not open any more"


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
