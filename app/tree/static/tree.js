/**
 * The tree of versions: a line for each, to go there, to name it, or to show it over or beside the current one.
 * `mount(element, props, trigger, watch)` is called once by gr.HTML; the events select, edit and input tell the server.
 */

import { address } from '../viewer/viewer.js';

const PEN = '<svg viewBox="0 0 20 20" aria-hidden="true"><path d="M3.5 16.5l.9-3.6 9-9 2.7 2.7-9 9z"/></svg>';
const WAYS = { over: 'Over', beside: 'Beside' };
const NOTE_MS = 5000;

export function mount(element, props, trigger, watch) {
  const tree = new Tree(element.querySelector('.kt-tree'), trigger);
  tree.show(props.value);
  watch('value', () => tree.show(props.value));
  return tree;
}

/** An element with properties; `key` names a control across repaints. */
function make(tag, className, properties = {}, key = '') {
  const made = Object.assign(document.createElement(tag), { className, ...properties });
  if (tag === 'button') made.type = 'button';
  if (key) made.dataset.key = key;
  return made;
}

class Tree {
  constructor(root, trigger) {
    this.root = root;
    this.trigger = trigger;
    this.list = root.querySelector('.kt-rows');
    this.status = root.querySelector('.kt-status');
    this.off = root.querySelector('.kt-off');
    this.off.onclick = () => this.compare(null, '');
    this.list.addEventListener('keydown', (event) => this.onKey(event));
    root.save = () => this.save();
  }

  /** Show what the server names: {rows, current, compare, note, longest, save}; null is an empty tree. */
  show(value) {
    this.value = value;
    if (this.editing) return; // what was written so far stays; the end of the editing paints
    this.root.hidden = !value || !value.rows;
    if (this.root.hidden) return this.list.replaceChildren();
    const held = this.root.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    this.list.replaceChildren(...value.rows.map((row) => this.row(row)));
    this.say(value.note);
    this.off.hidden = !value.note;
    this.root.querySelector('.kt-heading').hidden = value.rows.length < 2 || Boolean(value.note);
    if (held) this.focus(held);
    if (this.shown !== value.current) this.reveal(this.list.querySelector('.kt-current'));
    this.shown = value.current;
  }

  row(row) {
    const { current, compare } = this.value;
    const line = make('li', `kt-row${row.id === current ? ' kt-current' : ''}${row.branch_of ? ' kt-branch' : ''}`);
    line.style.setProperty('--depth', row.depth);
    line.dataset.version = row.id;
    const go = make('button', 'kt-go', { title: row.title, onclick: () => this.go(row.id) }, `go-${row.id}`);
    if (row.id === current) go.setAttribute('aria-current', 'true');
    go.append(
      make('span', 'kt-number', { textContent: row.id }),
      make('span', 'kt-label', { textContent: row.label }),
      make('span', 'kt-from', { textContent: row.branch_of ? `from ${row.branch_of}` : '' }),
      make('span', 'kt-seconds', { textContent: `${row.seconds.toFixed(1)} s` }),
    );
    go.ondblclick = () => this.edit(row);
    const pen = make('button', 'kt-rename', { innerHTML: PEN, title: 'Rename (F2)', onclick: () => this.edit(row) }, `pen-${row.id}`);
    pen.ariaLabel = `Rename version ${row.id}`;
    line.append(go, pen);
    if (this.value.rows.length < 2) return line;
    if (row.id === current) line.append(make('span', 'kt-here', { textContent: 'shown' }));
    else line.append(...Object.keys(WAYS).map((way) => this.way(row, way, compare)));
    return line;
  }

  /** A switch that shows the row's version over or beside the current one. */
  way(row, way, compare) {
    const on = Boolean(compare) && compare.version === row.id && compare.way === way;
    const button = make('button', 'kt-way', { textContent: WAYS[way] }, `${way}-${row.id}`);
    button.title = button.ariaLabel = `Compare: show version ${row.id} ${way} the current one`;
    button.setAttribute('aria-pressed', on);
    button.onclick = () => this.compare(row.id, on ? '' : way);
    return button;
  }

  go(version) {
    if (version !== this.value.current) this.trigger('select', { version });
  }

  compare(version, way) {
    this.trigger('input', { version, way });
  }

  /** A field in place of the line: Enter or leaving it renames, Escape leaves the name as it is. */
  edit(row) {
    const go = this.control(`go-${row.id}`);
    if (this.editing || !go) return;
    const { longest } = this.value;
    const before = row.label.slice(0, longest);
    const field = make('input', 'kt-name', { type: 'text', value: before, maxLength: longest });
    field.ariaLabel = `Name of version ${row.id}`;
    const end = (keeps) => {
      if (this.editing !== field) return;
      const focused = document.activeElement === field;
      const name = field.value.trim();
      this.editing = null;
      this.show(this.value);
      if (focused) this.focus(`go-${row.id}`);
      if (keeps && name && name !== before) this.trigger('edit', { version: row.id, name });
    };
    field.onkeydown = (event) => {
      event.stopPropagation();
      if (event.key === 'Enter') end(true);
      if (event.key === 'Escape') end(false);
    };
    field.onblur = () => end(true);
    this.editing = field;
    go.replaceWith(field);
    field.focus();
    field.select();
  }

  /** Up, Down, Home and End go through the lines; F2 renames. */
  onKey(event) {
    const line = event.target.closest('.kt-row');
    const lines = [...this.list.children];
    const at = lines.indexOf(line);
    if (event.key === 'F2') {
      event.preventDefault();
      this.edit(this.value.rows[at]);
      return;
    }
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: lines.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = lines[Math.min(lines.length - 1, Math.max(0, to))];
    next.querySelector('.kt-go').focus();
  }

  control(key) { return this.root.querySelector(`[data-key="${key}"]`); }

  focus(key) {
    const control = this.control(key) || this.control(`go-${this.value.current}`);
    if (control) control.focus({ preventScroll: true });
  }

  /** Scroll the list, and only the list, until the line is seen. */
  reveal(line) {
    if (!line) return;
    const [outer, inner] = [this.list.getBoundingClientRect(), line.getBoundingClientRect()];
    if (inner.top < outer.top) this.list.scrollTop += inner.top - outer.top;
    if (inner.bottom > outer.bottom) this.list.scrollTop += inner.bottom - outer.bottom;
  }

  say(text, ms = 0) {
    this.status.textContent = text;
    clearTimeout(this.timer);
    if (ms) this.timer = setTimeout(() => this.say(this.value ? this.value.note : ''), ms);
  }

  /** Download the whole session as a file. */
  async save() {
    if (!this.value) return;
    try {
      const answer = await fetch(address(this.value.save));
      if (!answer.ok) throw new Error(await answer.text());
      const link = make('a', '', { href: URL.createObjectURL(await answer.blob()), download: this.value.save.split('/').pop() });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60000);
      this.say(`${link.download} was saved.`, NOTE_MS);
    } catch (error) {
      this.say(error instanceof TypeError ? 'The server does not answer. Is it still running?' : error.message, NOTE_MS);
    }
  }
}
