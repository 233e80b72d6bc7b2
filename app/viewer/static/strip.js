/**
 * The timeline strip under the scrubber: what the last edit changed, when two persons touch, when the feet stand, and
 * what happens when.
 * A click on a mark moves the playhead there and writes into the message box how to speak of it.
 * Marks come as [name, number, start, end] in seconds, touches as [part of A, part of B, start, end]; see
 * engine/loop/timeline.py.
 */

const SVG = 'http://www.w3.org/2000/svg';
const MAX_PX = { one: 90, two: 114 };
const ROW = { changed: 14, foot: 7, events: 16, gap: 2 };
const TOUCH = { one: 10, all: 18, least: 5 };
const MARK_PX = 9;
const THUMB_PX = 8; // half of a range input's thumb: where the scrubber's first and last frame are
const CHAR_PX = 5.8;
const SHAPES = {
  step: 'M-2.2 0a2.2 2.2 0 1 0 4.4 0a2.2 2.2 0 1 0-4.4 0',
  high: 'M-4 3L0-4L4 3Z',
  event: 'M-4.5 0L0-4.5L4.5 0L0 4.5Z',
};
const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'];
/** A row's label, its name in full, and the parts that it stands for. */
const GROUPS = [
  ['body', 'whole body', ['left_arm', 'right_arm', 'left_leg', 'right_leg', 'torso', 'head', 'path']],
  ['upper', 'upper body', ['left_arm', 'right_arm', 'torso', 'head']],
  ['legs, path', 'legs and path', ['left_leg', 'right_leg', 'path']],
  ['arms', 'arms', ['left_arm', 'right_arm']],
  ['legs', 'legs', ['left_leg', 'right_leg']],
];

const named = (name) => name.replaceAll('_', ' ');

/** 1.0, 1.05: as people write seconds. */
const seconds = (value) => (Math.abs(value * 10 - Math.round(value * 10)) < 1e-3 ? value.toFixed(1) : value.toFixed(2));

/** Parts that change at the same times share a row, under one name. */
function changedRows(marks) {
  const spans = new Map();
  for (const [part, , start, end] of marks) spans.set(part, [...(spans.get(part) || []), [start, end]]);
  const rows = new Map();
  for (const [part, own] of spans) {
    const key = JSON.stringify(own);
    rows.set(key, { parts: [...(rows.get(key)?.parts || []), part], spans: own });
  }
  return [...rows.values()].map(({ parts, spans: own }) => {
    const group = GROUPS.find(([, , of]) => of.length === parts.length && of.every((part) => parts.includes(part)));
    const many = parts.length > 1;
    const [label, what] = group || [many ? `${parts.length} parts` : named(parts[0]), parts.map(named).join(', ')];
    return { label, what, part: many ? 'many' : parts[0], spans: own };
  });
}

/** How a message speaks of a span of time. */
const spokenSpan = ({ start, end }) => `from ${seconds(start)} s to ${seconds(end)} s`;

/** How a message speaks of an event, by its number where there are several. */
function spokenEvent({ name, number }, count) {
  const high = /^(left|right)_hand_high$/.exec(name);
  if (high) return `when the ${high[1]} hand is highest`;
  if (count === 1) return `during the ${named(name)}`;
  return number <= ORDINALS.length ? `during the ${ORDINALS[number - 1]} ${named(name)}` : `during ${named(name)} ${number}`;
}

function make(tag, attributes = {}, text = '') {
  const node = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (text) node.textContent = text;
  return node;
}

/** Spans [.., .., start, end] in as few rows as they need not to lie over each other. */
function lanes(spans) {
  const rows = [];
  for (const span of [...spans].sort((a, b) => a[2] - b[2])) {
    const free = rows.find((row) => row[row.length - 1][3] <= span[2]);
    if (free) free.push(span); else rows.push([span]);
  }
  return rows;
}

/** Places of marks, in order, that are at least `least` apart and as near as that lets them be to where they belong. */
function spread(wanted, least, low, high) {
  const places = [];
  wanted.forEach((x, i) => places.push(i ? Math.max(x, places[i - 1] + least) : Math.max(x, low)));
  for (let i = places.length - 1; i >= 0; i--) {
    places[i] = Math.min(places[i], i === places.length - 1 ? high : places[i + 1] - least);
  }
  return places;
}

export class Strip {
  /** root: the empty element to fill.  scrub: the range input above it.  onSeek: told the frame to hold at. */
  constructor(root, scrub, onSeek) {
    Object.assign(this, { root, scrub, onSeek, data: null, key: '', width: 0, frame: 0, items: [] });
    const label = 'Timeline of changes, touches, foot contacts and events';
    this.svg = root.appendChild(make('svg', { role: 'toolbar', 'aria-label': label }));
    this.tip = root.appendChild(document.createElement('div'));
    this.tip.className = 'kt-tip';
    this.tip.hidden = true;
    this.svg.addEventListener('keydown', (event) => this.onKey(event));
    this.svg.addEventListener('click', (event) => this.onClick(event));
    new ResizeObserver(() => this.fit()).observe(scrub);
  }

  /** data: {duration, contacts, events, changed}, of two persons also {partner, touches}; nothing hides the strip. */
  show(data, fps, frames) {
    const key = JSON.stringify([data, fps, frames]);
    if (key === this.key) return void this.fit();
    Object.assign(this, { data: frames > 1 ? data : null, fps, frames, key });
    this.root.hidden = !this.data;
    this.draw();
  }

  /** Put the playhead on a frame, counted from 0. */
  seek(frame) {
    this.frame = frame;
    if (this.data && this.head) this.head.setAttribute('transform', `translate(${this.x(frame / this.fps)} 0)`);
  }

  /** Follow the scrubber. The observer misses a change that is taken back before the page is painted. */
  fit() {
    const place = `${this.scrub.offsetLeft} ${this.scrub.offsetWidth} ${this.root.clientWidth}`;
    if (place !== this.place) this.draw();
  }

  /** Where a time is, in pixels; the last frame is where the scrubber ends. */
  x(time) {
    return this.left + this.inner * Math.min(1, (time * this.fps) / (this.frames - 1));
  }

  draw() {
    this.hover(null);
    this.svg.replaceChildren();
    this.items = [];
    if (!this.data) return;
    this.place = `${this.scrub.offsetLeft} ${this.scrub.offsetWidth} ${this.root.clientWidth}`;
    this.left = this.scrub.offsetLeft - this.root.offsetLeft + THUMB_PX;
    this.inner = Math.max(1, this.scrub.offsetWidth - 2 * THUMB_PX);
    const rows = changedRows(this.data.changed);
    const { partner } = this.data;
    const touches = lanes(this.data.touches || []);
    const lane = touches.length === 1 ? TOUCH.one : Math.max(TOUCH.least, Math.floor(TOUCH.all / touches.length));
    const foot = partner ? ROW.foot - 1 : ROW.foot;
    const apart = (touches.length ? touches.length * lane + ROW.gap : 0) + (partner ? 2 * foot + ROW.gap : 0);
    const fixed = apart + 2 * foot + ROW.events + 3 * ROW.gap;
    const room = (partner ? MAX_PX.two : MAX_PX.one) - fixed;
    const high = Math.max(2, Math.min(ROW.changed, Math.floor(room / Math.max(1, rows.length)) - ROW.gap));
    this.height = fixed + rows.length * (high + ROW.gap);
    this.svg.setAttribute('height', this.height);
    this.grid();
    let y = 0;
    for (const row of rows) {
      this.changedRow(row, y, high);
      y += high + ROW.gap;
    }
    if (touches.length) y = this.touchRows(touches, y, lane);
    this.footRows(this.data.contacts, partner ? 'A' : '', y + 1, foot);
    if (partner) this.footRows(partner.contacts, 'B', (y += 2 * foot + ROW.gap) + 1, foot);
    this.eventRow(y + 2 * foot + 2 * ROW.gap);
    this.head = this.svg.appendChild(make('line', { class: 'kt-head', y1: 0, y2: this.height }));
    this.items.forEach(({ node }, i) => node.setAttribute('tabindex', i ? -1 : 0));
    this.seek(this.frame);
  }

  /** A line for every second, or for as many as leave room between them. */
  grid() {
    const step = [1, 2, 5, 10, 20, 60].find((s) => this.x(s) - this.x(0) > 24 || s === 60);
    for (let s = 0; s <= this.data.duration; s += step) {
      this.svg.append(make('line', { class: 'kt-second', x1: this.x(s), x2: this.x(s), y1: 0, y2: this.height }));
    }
    this.band = this.svg.appendChild(make('rect', { class: 'kt-band', y: 0, height: this.height, width: 0 }));
  }

  gutter(text, y, size = 10.5) {
    const at = { class: 'kt-row', x: this.left - THUMB_PX, y, style: `font-size: ${size}px`, 'aria-hidden': true };
    this.svg.append(make('text', at, text));
  }

  changedRow({ label, what, part, spans }, y, high) {
    this.gutter(label, y + high / 2, Math.min(10.5, high));
    for (const [start, end] of spans) {
      const times = `${seconds(start)}–${seconds(end)} s`;
      const item = { start, end, row: y, tip: `${what} changed, ${times}`, phrase: spokenSpan({ start, end }) };
      const node = this.add(item, y, high);
      const [x, width] = this.extent(item);
      node.append(make('rect', { class: 'kt-span', 'data-part': part, x, y, width, height: high, rx: 3 }));
      if (width > times.length * CHAR_PX + 8 && high > 10) {
        node.append(make('text', { class: 'kt-times', x: x + width / 2, y: y + high / 2 }, times));
      }
    }
  }

  /** Gives where the next row begins. */
  touchRows(rows, y, high) {
    this.gutter('touch', y + (rows.length * high) / 2);
    rows.forEach((row, i) => {
      const top = y + i * high;
      for (const [a, b, start, end] of row) {
        const tip = `A's ${a} touches B's ${b}, ${seconds(start)}–${seconds(end)} s`;
        const item = { start, end, row: top, tip, phrase: spokenSpan({ start, end }) };
        const [x, width] = this.extent(item);
        const bar = { class: 'kt-touch', x, width, y: top + 0.5, height: high - 1, rx: 2 };
        this.add(item, top, high).append(make('rect', bar));
      }
    });
    return y + rows.length * high + ROW.gap;
  }

  /** who: the letter of a person of two. */
  footRows(contacts, who, y, high) {
    this.gutter(who ? `${who} feet` : 'feet', y + high);
    for (const [name, , start, end] of contacts) {
      const top = y + (name === 'right' ? high : 0);
      const tip = `${who ? `${who}'s ` : ''}${name} foot on the floor, ${seconds(start)}–${seconds(end)} s`;
      const item = { start, end, row: top, tip, phrase: spokenSpan({ start, end }) };
      const [x, width] = this.extent(item);
      const bar = { class: 'kt-foot', 'data-side': name, 'data-who': who, x, width, y: top + 1, height: high - 2, rx: 2 };
      this.add(item, top, high).append(make('rect', bar));
    }
  }

  eventRow(y) {
    this.gutter('events', y + ROW.events / 2);
    const { partner } = this.data;
    const events = [...this.eventsOf(this.data, partner ? 'A' : ''), ...(partner ? this.eventsOf(partner, 'B') : [])]
      .sort((a, b) => a.start + a.end - b.start - b.end);
    const [low, high] = [this.left, this.left + this.inner];
    const least = Math.min(MARK_PX, this.inner / Math.max(1, events.length));
    const places = spread(events.map(({ start, end }) => this.x((start + end) / 2)), least, low, high);
    events.forEach((event, i) => {
      event.row = y;
      const { label } = event;
      const room = (places[i + 1] ?? high + 2 * THUMB_PX) - places[i] - MARK_PX;
      this.eventMark(event, places[i], y, event.name !== 'step' && room > label.length * CHAR_PX + 4 ? label : '');
    });
  }

  /** What happens to a person; numbers of events in a message mean the first person's, so B's are spoken of in seconds. */
  eventsOf({ events }, who) {
    const count = {};
    for (const [name] of events) count[name] = (count[name] || 0) + 1;
    return events.map(([name, number, start, end]) => {
      const label = (who && `${who}: `) + named(name) + (count[name] > 1 ? ` ${number}` : '');
      const event = { name, number, start, end, who, label, tip: `${label}, ${seconds(start)}–${seconds(end)} s` };
      event.phrase = who === 'B' ? spokenSpan(event) : spokenEvent(event, count[name]);
      return event;
    });
  }

  eventMark(event, x, y, label) {
    const middle = y + ROW.events / 2;
    const node = this.add(event, y, ROW.events, [x - MARK_PX / 2, MARK_PX + label.length * CHAR_PX]);
    const kind = event.name === 'step' ? 'step' : event.name.endsWith('_high') ? 'high' : 'event';
    const d = SHAPES[kind];
    node.append(make('path', { class: 'kt-mark', 'data-kind': kind, 'data-who': event.who, d, transform: `translate(${x} ${middle})` }));
    if (label) node.append(make('text', { class: 'kt-name', x: x + MARK_PX / 2 + 2, y: middle }, label));
  }

  /** Left edge and width of a span, which is never too narrow to be seen. */
  extent({ start, end }) {
    const x = this.x(start);
    return [x, Math.max(2, this.x(end) - x)];
  }

  /** A mark that can be pointed at, focused and pressed; what is drawn of it is appended to the group it returns. */
  add(item, y, height, [x, width] = this.extent(item)) {
    const node = make('g', { class: 'kt-item', role: 'button', 'aria-label': item.tip });
    node.append(make('rect', { class: 'kt-hit', x, y, width: Math.max(width, 4), height }));
    Object.assign(item, { node, middle: x + width / 2 });
    node.onpointerenter = node.onfocus = () => this.hover(item);
    node.onpointerleave = node.onblur = () => this.hover(null);
    node.onclick = (event) => {
      event.stopPropagation();
      this.choose(item);
    };
    this.items.push(item);
    return this.svg.appendChild(node);
  }

  hover(item) {
    this.tip.hidden = !item;
    if (this.band) this.band.setAttribute('width', item ? this.extent(item)[1] : 0);
    if (!item) return;
    this.band.setAttribute('x', this.extent(item)[0]);
    this.tip.textContent = `${item.tip} · click to speak of it`;
    const half = this.tip.offsetWidth / 2;
    const room = this.root.clientWidth - half;
    this.tip.style.left = `${Math.max(half, Math.min(room, item.middle))}px`;
  }

  choose(item) {
    this.onSeek(Math.round(item.start * this.fps));
    this.write(item.phrase);
  }

  /** At the start of an empty message, at the end of one that is begun; in place of what was written so before. */
  write(phrase) {
    const box = document.querySelector('#message textarea');
    if (!box) return;
    const [lead, tail, before] = [`${phrase}, `, ` ${phrase}`, box.value];
    let [text, at] = [before.trim() ? before.trimEnd() + tail : lead, -1];
    if (this.lead && before.startsWith(this.lead)) {
      [text, at] = [lead + before.slice(this.lead.length), before.length > this.lead.length ? -1 : lead.length];
    } else if (this.tail && before.endsWith(this.tail)) {
      text = before.slice(0, -this.tail.length) + tail;
    }
    Object.assign(this, { lead, tail });
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set.call(box, text);
    box.dispatchEvent(new Event('input', { bubbles: true }));
    box.focus();
    box.setSelectionRange(at < 0 ? text.length : at, at < 0 ? text.length : at);
  }

  /** Between the marks, a click moves the playhead only. */
  onClick(event) {
    const share = (event.clientX - this.svg.getBoundingClientRect().left - this.left) / this.inner;
    if (share >= -0.02 && share <= 1.02) this.onSeek(Math.round(Math.min(1, Math.max(0, share)) * (this.frames - 1)));
  }

  /** One mark is in the order of the Tab key; arrows go to the others, along a row and between rows. */
  onKey(event) {
    const at = this.items.findIndex(({ node }) => node === event.target);
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const item = this.items[at];
    if (event.key === 'Enter' || event.key === ' ') {
      this.choose(item);
    } else {
      const next = this.neighbour(item, event.key);
      if (!next) return;
      item.node.setAttribute('tabindex', -1);
      next.node.setAttribute('tabindex', 0);
      next.node.focus();
    }
    event.preventDefault();
  }

  neighbour(item, key) {
    const row = this.items.filter((other) => other.row === item.row);
    const along = { ArrowLeft: -1, ArrowRight: 1 }[key];
    if (along) return row[row.indexOf(item) + along] || item;
    const down = { ArrowUp: -1, ArrowDown: 1 }[key];
    if (!down) return { Home: row[0], End: row[row.length - 1] }[key];
    const rows = [...new Set(this.items.map((other) => other.row))].sort((a, b) => a - b);
    const there = this.items.filter((other) => other.row === rows[rows.indexOf(item.row) + down]);
    const far = (other) => Math.abs(other.middle - item.middle);
    return there.reduce((best, other) => (far(other) < far(best) ? other : best), there[0]) || item;
  }
}
