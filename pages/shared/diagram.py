"""Pictures as responsive SVG for st.image: px heights, % widths, dark by media query. Pure functions."""

from __future__ import annotations

from html import escape

from pages.shared.palette import STATES, color

FONT = "font-family=\"'Source Sans 3','Source Sans Pro','Segoe UI','Helvetica Neue',Arial,sans-serif\""
STYLE = (
    ".box{fill:var(--t);stroke:var(--c);stroke-width:1.3}.waiting .box,.skipped .box{fill:none;stroke:var(--line)}"
    ".bar{fill:var(--c)}.g{fill:none;stroke:var(--c);stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}"
    "text{fill:var(--ink)}.soft{fill:var(--soft);font-size:12px}"
    ".line{stroke:var(--line);stroke-width:1.3}.dash{stroke-dasharray:3 3}"
)
ROW, NODE, LANE = 46, 34, 34  # px: row and node of the plan, row of the timeline
WIDE, UNDO_LEFT, UNDO_WIDE = 60, 64, 35.7  # %: a row of nodes, and the undo beside it
LABEL, UNDO_LABEL = 24, 14  # characters that fit at phone width

Node = tuple[str, str, str]  # state, label, word
Bar = tuple[float, float, str]  # start_s, end_s, state


def _css(mode: str, line: str) -> str:
    states = "".join(
        f".{name}{{--c:{color(mode, s.color + 'Color')};--t:{color(mode, s.color + 'BackgroundColor')}}}"
        for name, s in STATES.items()
    )
    ink, soft = color(mode, "textColor"), color(mode, "grayTextColor")
    return f"{states}:root{{--ink:{ink};--soft:{soft};--line:{line}}}"


def _svg(height: int, body: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="{height}" {FONT} font-size="13"><style>'
        f"{_css('light', '#C9CDD6')}@media (prefers-color-scheme:dark){{{_css('dark', '#434753')}}}"
        f"{STYLE}</style>{body}</svg>"
    )


def _line(x1: float, x2: float, y1: int, y2: int, cls: str = "") -> str:
    return f'<line class="line {cls}" x1="{x1}%" x2="{x2}%" y1="{y1}" y2="{y2}"/>'


def _cut(label: str, room: int) -> str:
    return escape(label if len(label) <= room else label[: room - 1] + "…")


def _node(x: float, y: int, w: float, node: Node, room: int, cls: str = "") -> str:
    state, label, word = node
    glyph = f'<path class="g" d="{STATES[state].glyph}"/>'
    return (
        f'<svg class="{state}" x="{x}%" y="{y}" width="{w}%" height="{NODE}" overflow="visible">'
        f'<rect class="box {cls}" width="100%" height="{NODE}" rx="7"/>'
        f'<svg x="10" y="11" width="12" height="12" overflow="visible">{glyph}</svg>'
        f'<text x="30" y="22">{_cut(label, room)}</text>'
        f'<text class="soft" x="100%" dx="-10" y="22" text-anchor="end">{escape(word)}</text></svg>'
    )


def _links(above: int, below: int, y: int) -> list[str]:
    """From the nodes of one row to those of the next: a short trunk, a bar where it forks or joins, then down."""
    middles = {n: [(j + 0.5) * WIDE / n for j in range(n)] for n in (above, below)}
    ends = [*middles[above], *middles[below]]
    drops = [(x, top) for n, top in ((above, y - 6), (below, y)) for x in middles[n]]
    return [_line(min(ends), max(ends), y, y)] + [_line(x, x, top, top + 6) for x, top in drops]


def plan(rows: list[list[Node]], undo: dict[int, tuple[str, str]]) -> str:
    """Vertical flow. rows: per row its nodes, side by side; undo: row -> (state, label)."""
    out = []
    for i in range(1, len(rows)):
        out += _links(len(rows[i - 1]), len(rows[i]), i * ROW - 5)
    for i, row in enumerate(rows):
        y, w = i * ROW + 1, (WIDE - 2 * (len(row) - 1)) / len(row)
        if i in undo:
            state, label = undo[i]
            out.append(_line(WIDE, UNDO_LEFT, y + 17, y + 17, "dash"))
            cls = "dash" if state == "waiting" else ""
            out.append(_node(UNDO_LEFT, y, UNDO_WIDE, (state, label, ""), UNDO_LABEL, cls))
        room = LABEL // len(row) - (len(row) > 1) * 2
        out += [_node(j * (w + 2) + 0.2, y, w - 0.2, node, room) for j, node in enumerate(row)]
    return _svg(max(1, len(rows)) * ROW - 10, "".join(out))


def timeline(rows: list[tuple[str, list[Bar]]], length_s: float, ticks: list[tuple[float, str]]) -> str:
    """One row per step: label above its attempts, gaps dashed. ticks: (share of the width, words)."""
    out = []
    height = max(1, len(rows)) * LANE + 20
    for part, words in ticks:
        anchor = "start" if part == 0 else "end" if part == 1 else "middle"
        x = 100 * part
        out.append(_line(x, x, 0, height - 20, "dash"))
        out.append(f'<text class="soft" x="{x}%" y="{height - 5}" text-anchor="{anchor}">{escape(words)}</text>')
    for i, (label, attempts) in enumerate(rows):
        if attempts:
            out += _lane(i * LANE, label, [(100 * a / length_s, 100 * b / length_s, s) for a, b, s in attempts])
    return _svg(height, "".join(out))


def _lane(y: int, label: str, attempts: list[Bar]) -> list[str]:
    first, last = attempts[0][0], max(end for _, end, _ in attempts)
    anchor, at = ("start", first) if first < 60 else ("end", last)
    out = [
        f'<text x="{at}%" y="{y + 12}" text-anchor="{anchor}" font-size="12">{_cut(label, 40)}</text>',
        _line(first, last, y + 23, y + 23, "dash"),
    ]
    for start, end, state in attempts:
        kind, width = "box" if state == "failed" else "bar", max(0.6, end - start)
        left = min(start, 100 - width)
        bar = f'<rect class="{kind}" x="{left}%" width="{width}%" y="{y + 18}" height="10" rx="3"/>'
        out.append(f'<g class="{state}">{bar}</g>')
    return out
