"""Pictures as responsive SVG for st.image: px heights, % widths, dark by media query. Pure functions."""
from __future__ import annotations

from html import escape

from pages.shared.palette import STATES, color

FONT = "font-family=\"'Source Sans 3','Source Sans Pro','Segoe UI','Helvetica Neue',Arial,sans-serif\""


def _css(mode: str, line: str) -> str:
    states = "".join(f".{k}{{--c:{color(mode, s.color + 'Color')};--t:{color(mode, s.color + 'BackgroundColor')}}}" for k, s in STATES.items())
    return f"{states}:root{{--ink:{color(mode, 'textColor')};--soft:{color(mode, 'grayTextColor')};--line:{line}}}"


def _svg(height: int, body: str) -> str:
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="{height}" {FONT} font-size="13"><style>'
            f"{_css('light', '#C9CDD6')}@media (prefers-color-scheme:dark){{{_css('dark', '#434753')}}}"
            ".box{fill:var(--t);stroke:var(--c);stroke-width:1.3}.waiting .box{fill:none;stroke:var(--line)}.bar{fill:var(--c)}"
            ".g{fill:none;stroke:var(--c);stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}"
            "text{fill:var(--ink)}.soft{fill:var(--soft);font-size:12px}"
            ".line{stroke:var(--line);stroke-width:1.3}.dash{stroke-dasharray:3 3}"
            f"</style>{body}</svg>")


def _line(x1: float, x2: float, y1: int, y2: int, cls: str = "") -> str:
    return f'<line class="line {cls}" x1="{x1}%" x2="{x2}%" y1="{y1}" y2="{y2}"/>'


def _node(x: float, y: int, w: float, state: str, label: str, word: str, cls: str = "") -> str:
    return (f'<svg class="{state}" x="{x}%" y="{y}" width="{w}%" height="34" overflow="visible">'
            f'<rect class="box {cls}" width="100%" height="34" rx="7"/>'
            f'<svg x="10" y="11" width="12" height="12" overflow="visible"><path class="g" d="{STATES[state].glyph}"/></svg>'
            f'<text x="30" y="22">{escape(label)}</text>'
            f'<text class="soft" x="100%" dx="-10" y="22" text-anchor="end">{escape(word)}</text></svg>')


def plan(rows: list[list[tuple[str, str, str]]], undo: dict[int, tuple[str, str]]) -> str:
    """Vertical flow. rows: per row its (state, label, word) nodes, side by side; undo: row -> (state, label)."""
    out, gap, wide = [], 46, 62
    for i in range(1, len(rows)):   # short trunk, a cross bar where a row forks or joins, then down to each node
        y, ends = i * gap - 5, [(j + .5) * wide / n for n in (len(rows[i - 1]), len(rows[i])) for j in range(n)]
        out.append(_line(min(ends), max(ends), y, y))
        for n, top in ((len(rows[i - 1]), y - 6), (len(rows[i]), y)):
            out += [_line((j + .5) * wide / n, (j + .5) * wide / n, top, top + 6) for j in range(n)]
    for i, row in enumerate(rows):
        y, w = i * gap + 1, (wide - 2 * (len(row) - 1)) / len(row)
        if i in undo:
            state, label = undo[i]
            out += [_line(wide, 68, y + 17, y + 17, "dash"), _node(68, y, 31.7, state, label, "", "dash" if state == "waiting" else "")]
        out += [_node(j * (w + 2) + .2, y, w - .2, *node) for j, node in enumerate(row)]
    return _svg(len(rows) * gap - 10, "".join(out))


def timeline(rows: list[tuple[str, list[tuple[float, float, str]]]], end_s: float) -> str:
    """One row per step: label above its attempts [(start_s, end_s, state)], gaps dashed."""
    out, gap = [], 34
    height = len(rows) * gap + 20
    for x, anchor in ((0, "start"), (25, "middle"), (50, "middle"), (75, "middle"), (100, "end")):
        out.append(_line(x, x, 0, height - 20, "dash")
                   + f'<text class="soft" x="{x}%" y="{height - 5}" text-anchor="{anchor}">{end_s * x / 100:.1f} s</text>')
    for i, (label, attempts) in enumerate(rows):
        if not attempts:
            continue
        y, first, last = i * gap, 100 * attempts[0][0] / end_s, 100 * attempts[-1][1] / end_s
        anchor, at = ("start", first) if first < 60 else ("end", last)
        out.append(f'<text x="{at}%" y="{y + 12}" text-anchor="{anchor}" font-size="12">{escape(label)}</text>'
                   + _line(first, last, y + 23, y + 23, "dash"))
        for a, b, s in attempts:
            kind, left, width = "box" if s == "failed" else "bar", 100 * a / end_s, max(.6, 100 * (b - a) / end_s)
            out.append(f'<g class="{s}"><rect class="{kind}" x="{left}%" width="{width}%" y="{y + 18}" height="10" rx="3"/></g>')
    return _svg(height, "".join(out))


def share(parts: list[tuple[str, float]]) -> str:
    """One stacked bar of (state, share); shares add to 1."""
    out, x = [], 0.0
    shown = [max(.012, p) for _, p in parts]   # a share too small to see still gets a mark
    for (state, _), p in zip(parts, shown, strict=True):
        width = p / sum(shown)
        out.append(f'<rect class="bar {state}" x="{100 * x}%" width="{100 * width - .25}%" height="12" rx="2"/>')
        x += width
    return _svg(12, "".join(out))
