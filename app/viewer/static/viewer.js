/**
 * The viewer: one stage and its player controls (play, pause, scrub, speed, loop, ghost, follow, downloads).
 * `mount(element, props, watch)` is called once by gr.HTML; a new value of the component swaps the motion in place.
 * The state that tests read is kept in the dataset of `.kt-viewer`.
 */

import { ExportOptions } from './export.js';
import { Labels } from './labels.js';
import { Stage } from './stage.js';
import { Strip } from './strip.js';

const SLOW_FRAME_MS = 70;

export function mount(element, props, watch) {
  const viewer = new Viewer(element.querySelector('.kt-viewer'));
  viewer.show(props.value);
  watch('value', () => viewer.show(props.value));
  return viewer;
}

/** An address below the page's own root, which a proxy may have moved. */
export function address(path) {
  const root = (window.gradio_config && window.gradio_config.root) || window.location.origin;
  const own = new URL(root, window.location.href);
  own.protocol = window.location.protocol;
  return new URL(path.replace(/^\//, ''), own.href.replace(/\/?$/, '/')).href;
}

/** The browser's own message for a server that does not answer tells nobody anything. */
function inWords(error) {
  return error instanceof TypeError ? 'The server does not answer. Is it still running?' : error.message;
}

class Viewer {
  constructor(root) {
    this.root = root;
    this.stage = new Stage(this.get('.kt-canvas'));
    this.stage.onFollowEnd = () => this.setFollow(false);
    this.labels = new Labels(this.get('.kt-labels'), this.get('.kt-tools'), this.stage);
    this.strip = new Strip(this.get('.kt-strip'), this.get('.kt-scrub'), (frame) => this.goTo(frame));
    this.options = new ExportOptions();
    this.state = root.dataset;
    this.fps = 20;
    this.frames = 0;
    this.time = 0;
    this.speed = 1;
    this.playing = false;
    this.loads = 0;
    this.slow = 0;
    this.fullRatio = this.playRatio = this.stage.pixelRatio;
    this.bindControls();
    document.addEventListener('keydown', (event) => this.onKey(event));
    this.last = performance.now();
    requestAnimationFrame(() => this.tick());
  }

  get(selector) { return this.root.querySelector(selector); }

  /** Seconds that the clip fills when it loops. */
  get length() { return this.frames / this.fps; }

  get frame() { return Math.min(this.frames - 1, Math.floor(this.time * this.fps + 1e-6)); }

  bindControls() {
    this.get('.kt-play').onclick = () => this.setPlaying(!this.playing);
    this.get('.kt-scrub').oninput = (event) => this.goTo(Number(event.target.value));
    this.get('.kt-speed').onchange = (event) => { this.speed = Number(event.target.value); };
    this.get('.kt-follow').onclick = () => this.setFollow(!this.stage.follow);
    this.get('.kt-whom').onchange = (event) => this.setWhom(event.target.value);
    this.get('.kt-ghost').onclick = () => this.setGhost(!this.stage.ghostVisible);
    this.get('.kt-reset').onclick = () => this.resetView();
    this.get('.kt-help').onclick = () => this.toggleHelp();
    this.get('.kt-download').addEventListener('focusout', (event) => {
      if (!event.currentTarget.contains(event.relatedTarget)) event.currentTarget.open = false;
    });
  }

  /** Show what the server names: {url, version, title, fps, frames, timeline, ghost, downloads}; null empties the stage.
   *  play: another number than before starts it over, even if it is on stage. */
  async show(value) {
    const load = ++this.loads;
    if (!value || !value.url) {
      if (value !== undefined) this.empty();
      return;
    }
    if (value.ghost !== undefined) this.setGhost(value.ghost);
    const again = value.play !== undefined && value.play !== this.played;
    this.played = value.play;
    if (value.url === this.url) {
      this.describe(value);
      if (again) this.startOver();
      return;
    }
    try {
      const answer = await fetch(address(value.url));
      if (!answer.ok) throw new Error(await answer.text());
      const gltf = await this.stage.parse(await answer.arrayBuffer());
      if (load !== this.loads) return;
      this.start(gltf, value);
    } catch (error) {
      if (load === this.loads) this.note(`This motion could not be shown: ${inWords(error)}`);
    }
  }

  start(gltf, value) {
    const became = this.state.version === 'draft' && this.frames === value.frames && value.version !== undefined;
    const folder = (url) => (url || '').replace(/[^/]*$/, '');
    const goesOn = became || folder(this.url) === folder(value.url); // the same version, compared to another one now
    this.url = value.url;
    this.fps = value.fps;
    this.frames = value.frames;
    this.stage.swap(gltf);
    this.showPair();
    this.get('.kt-empty').hidden = true;
    this.get('.kt-bar').inert = false;
    this.get('.kt-scrub').max = this.frames - 1;
    this.describe(value);
    this.note('');
    if (goesOn) return this.refresh();
    this.startOver();
  }

  startOver() {
    this.time = 0;
    this.setPlaying(true);
  }

  describe(value) {
    this.get('.kt-caption').textContent = value.title;
    this.get('.kt-ghost').hidden = !this.stage.hasGhost;
    this.state.version = value.version ?? 'draft';
    this.state.url = value.url;
    this.fillDownloads(value.downloads || {});
    this.strip.show(value.timeline, value.fps, value.frames);
  }

  empty() {
    this.stage.clear();
    this.showPair();
    this.url = null;
    this.frames = 0;
    this.time = 0;
    this.get('.kt-empty').hidden = false;
    this.get('.kt-bar').inert = true;
    this.get('.kt-caption').textContent = '';
    this.get('.kt-ghost').hidden = true;
    this.state.version = '';
    this.strip.show(null);
    this.fillDownloads({});
    this.setPlaying(false);
  }

  fillDownloads(links) {
    const menu = this.get('.kt-menu');
    menu.replaceChildren(...Object.entries(links).map(([label, path]) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = label;
      button.onclick = () => this.download(label, path);
      return button;
    }));
    this.get('.kt-download').hidden = !menu.children.length;
    menu.append(this.options.element);
  }

  async download(label, path) {
    this.get('.kt-download').open = false;
    this.note(`Preparing the ${label} file…`);
    try {
      const answer = await fetch(address(this.options.addTo(path)));
      if (!answer.ok) throw new Error(await answer.text());
      const link = document.createElement('a');
      link.href = URL.createObjectURL(await answer.blob());
      link.download = path.split('/').pop();
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60000);
      this.note(`${link.download} was saved.`, 4000);
    } catch (error) {
      this.note(inWords(error));
    }
  }

  note(text, ms = 0) {
    const note = this.get('.kt-note');
    note.textContent = text;
    note.hidden = !text;
    clearTimeout(this.noteTimer);
    if (ms) this.noteTimer = setTimeout(() => this.note(''), ms);
  }

  setPlaying(playing) {
    this.playing = playing && this.frames > 1;
    if (this.playing && this.time >= this.length - 1e-6) this.time = 0;
    this.state.playing = this.playing;
    this.stage.pixelRatio = this.playing ? this.playRatio : this.fullRatio;
    this.get('.kt-play').classList.toggle('kt-on', this.playing);
    this.get('.kt-play').setAttribute('aria-label', this.playing ? 'Pause' : 'Play');
    this.refresh();
  }

  /** Hold at a frame, counted from 0. */
  goTo(frame) {
    if (!this.frames) return;
    this.time = Math.min(this.frames - 1, Math.max(0, frame)) / this.fps;
    this.setPlaying(false);
  }

  setFollow(follow) {
    this.stage.follow = follow;
    this.get('.kt-follow').setAttribute('aria-pressed', follow);
  }

  setWhom(whom) {
    this.stage.setWhom(whom);
    this.setFollow(true);
  }

  /** What only two persons have: letters over their heads, and the choice whom to follow. */
  showPair() {
    this.labels.show();
    this.get('.kt-whom').hidden = !this.stage.pair.length;
  }

  setGhost(visible) {
    this.stage.setGhost(visible);
    this.get('.kt-ghost').setAttribute('aria-pressed', visible);
  }

  resetView() {
    this.setFollow(true);
    this.stage.resetCamera();
  }

  toggleHelp() {
    const keys = this.get('.kt-keys');
    keys.hidden = !keys.hidden;
    this.get('.kt-help').setAttribute('aria-expanded', !keys.hidden);
  }

  onKey(event) {
    if (!this.root.isConnected || event.defaultPrevented || event.altKey) return;
    const focus = event.target;
    const writes = focus.isContentEditable || ['TEXTAREA', 'SELECT'].includes(focus.tagName)
      || (focus.tagName === 'INPUT' && !['range', 'checkbox', 'radio'].includes(focus.type));
    if (writes) return;
    if (event.ctrlKey || event.metaKey) {
      this.onHistoryKey(event);
    } else if (this.act(event, focus)) {
      event.preventDefault();
    }
  }

  onHistoryKey(event) {
    const key = event.key.toLowerCase();
    const id = key === 'y' || (key === 'z' && event.shiftKey) ? 'redo' : key === 'z' ? 'undo' : null;
    const button = id && document.getElementById(id);
    if (!button) return;
    event.preventDefault();
    button.click();
  }

  /** Carry out a key; false where the focused control wants it for itself. */
  act(event, focus) {
    const control = ['BUTTON', 'SUMMARY', 'INPUT', 'A'].includes(focus.tagName);
    const arrow = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (event.key === ' ') return !control && (this.setPlaying(!this.playing), true);
    if (arrow && event.shiftKey && focus === this.stage.canvas) return this.stage.orbit(arrow[0] * 12, arrow[1] * 12), true;
    if (arrow) return focus.tagName !== 'INPUT' && arrow[0] !== 0 && (this.goTo(this.frame + arrow[0]), true);
    const pans = { w: [0, 24], s: [0, -24], a: [24, 0], d: [-24, 0] };
    const does = {
      r: () => this.resetView(),
      g: () => this.setGhost(!this.stage.ghostVisible),
      f: () => this.setFollow(!this.stage.follow),
      l: () => this.get('.kt-loop').click(),
      '+': () => this.stage.zoom(0.88),
      '=': () => this.stage.zoom(0.88),
      '-': () => this.stage.zoom(1.14),
    }[event.key.toLowerCase()];
    if (does) return does(), true;
    const pan = pans[event.key.toLowerCase()];
    return Boolean(pan) && (this.stage.moveByHand(...pan), true);
  }

  advance(seconds) {
    this.time += seconds * this.speed;
    if (this.time < this.length) return;
    if (this.get('.kt-loop').checked) {
      this.time %= this.length;
    } else {
      this.time = (this.frames - 1) / this.fps;
      this.setPlaying(false);
    }
  }

  refresh() {
    this.stage.setTime(this.time);
    const shown = this.frames ? this.frame + 1 : 0;
    const seconds = `${this.time.toFixed(2)} s`;
    this.get('.kt-scrub').value = this.frame;
    this.get('.kt-scrub').setAttribute('aria-valuetext', `frame ${shown} of ${this.frames}, ${seconds}`);
    this.get('.kt-count').textContent = `${shown} / ${this.frames} · ${seconds}`;
    this.strip.seek(this.frame);
    this.state.frame = shown;
  }

  tick() {
    if (!this.root.isConnected) return;
    requestAnimationFrame(() => this.tick());
    const now = performance.now();
    const elapsed = now - this.last;
    this.last = now;
    if (this.playing) {
      this.advance(Math.min(elapsed, 250) / 1000);
      this.refresh();
      this.spare(elapsed);
    }
    if (this.stage.follow) this.stage.chase(this.playing ? Math.min(1, elapsed / 180) : 0.2);
    if (!this.stage.draw()) return;
    this.labels.place();
    this.state.draws = Number(this.state.draws || 0) + 1;
  }

  /** Machines without a graphics card draw fewer pixels rather than fewer frames, and all of them in a pause. */
  spare(elapsed) {
    this.slow = elapsed > SLOW_FRAME_MS ? this.slow + 1 : Math.max(0, this.slow - 1);
    if (this.slow < 8 || this.playRatio <= 0.6 || !this.playing) return;
    this.slow = 0;
    this.playRatio = this.stage.pixelRatio = Math.max(0.6, this.playRatio * 0.75);
  }
}
