"""What the browser tests do with the page: serve it, open it, say something, wait for what is shown, look at it."""

import socket
import threading
import time
from concurrent.futures import Future
from contextlib import contextmanager
from urllib.parse import urlsplit

import uvicorn

WAIT_MS = 30_000
START_S = 60
VIEWER = ".kt-viewer"
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
