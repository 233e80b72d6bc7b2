"""Look of the page: system fonts (nothing is fetched from elsewhere), calm light colours, layout for desk and phone."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

SANS = ("ui-sans-serif", "system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif")
MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")

STYLESHEET = Path(__file__).with_name("page.css")

ON_LOAD = """() => {
  document.body.classList.remove('dark');
  const offer = ({ target }) => { [target.placeholder, target.value] = [target.value, '']; };
  const keep = ({ target }) => { target.value ||= target.placeholder; };
  const label = () => {
    const box = document.querySelector('#message textarea');
    if (box && !box.ariaLabel) box.ariaLabel = 'Message';
    const line = document.querySelector('#instruction input');
    if (line && !line.hasAttribute('list')) {
      Object.assign(line, { ariaLabel: 'Refinement', onfocus: offer, onblur: keep });
      line.setAttribute('list', 'choices-list');
    }
    for (const arrow of document.querySelectorAll('#chat .thought-group .arrow button')) {
      if (!arrow.ariaLabel) Object.assign(arrow, { ariaLabel: 'Fold or unfold', tabIndex: -1 });
    }
  };
  new MutationObserver(label).observe(document.body, { childList: true, subtree: true });
  label();
}"""
"""Keeps the page as light as the viewer, whatever the system prefers, and names the box and the arrows of
sections for those who hear the page. The field for a refinement offers all of its choices: a browser shows only those
that go with what is written, so it is empty, with its line as the placeholder, while it has the focus."""


def theme() -> gr.themes.Base:
    """Gradio's theme in our colours and the system's fonts."""
    look = gr.themes.Base(
        primary_hue="blue", secondary_hue="slate", neutral_hue="slate", radius_size="lg", font=SANS, font_mono=MONO
    )
    return look.set(
        body_background_fill="#f6f8fb",
        body_text_color="#1f2a37",
        body_text_color_subdued="#56657a",
        block_background_fill="#ffffff",
        block_border_color="#dfe5ec",
        button_primary_background_fill="#2f6fde",
        button_primary_background_fill_hover="#245fc4",
        button_primary_text_color="#ffffff",
        button_secondary_background_fill="#ffffff",
        button_secondary_border_color="#cfd7e1",
        button_secondary_text_color="#334155",
        button_border_width="1px",
    )
