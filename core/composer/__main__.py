"""Reads orders from standard input, one JSON object a line, and prints one JSON object for each.

    python -m core.composer [--parser offline|groq]

The parser is by default the one of the settings: SAGALAB_PARSER, or groq where GROQ_API_KEY or GROQ_BASE_URL is set,
or else offline.

In:  {"id": ..., "text": "Order 2 laptops"}; empty lines are skipped.
Out: {"id": ..., "config": {...}} with the fields of the request, those filled by a default named in `defaulted`;
     beside them, where there is any: "wishes", what the sentence wants of the plan, each {"step": ...} with one of
     "attempts", "policy" and "tell_before"; "plan", where another than saga is wished for; "answers", what no plan can
     do, each {"text": ...} and, where something comes near, {"offer": what to write instead}; and a "note", where the
     parser could not be used and the sentence was read by rules;
     {"id": ..., "error": code, "message": what to write instead} for a refusal;
     {"id": ..., "error": "bad_line", "message": ...} for a line that is no such object; then it goes on.
Each line is flushed at once; a reader that goes away ends it. Exit code 2: the parser can't be used, or a setting is
wrong; the reason is on standard error.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from decimal import Decimal
from typing import Any, get_args

from core.composer.base import Composer, ParserName, Reading
from core.composer.parsers import make_parser
from core.errors import ReadingRefused, SettingsRefused
from core.models import OrderRequest
from core.settings import read_settings

WRONG = 'Write one JSON object a line, with an id and a text, like {"id": 1, "text": "Order 2 laptops"}.'


def config_of(request: OrderRequest) -> dict[str, Any]:
    """A request as plain JSON: what is unset is left out, amounts are numbers."""
    fields = request.model_dump(exclude_none=True)
    return {name: _plain(value) for name, value in fields.items() if value not in ((), {})}


def beside(reading: Reading) -> dict[str, Any]:
    """What a reading holds besides the request, as plain JSON; what there is nothing of is left out."""
    found = {
        "wishes": [wish.model_dump(exclude_none=True) for wish in reading.wishes],
        "plan": "" if reading.plan == "saga" else reading.plan,
        "answers": [
            {name: said for name, said in asdict(answer).items() if said}  # an offer is not always there
            for answer in reading.answers
        ],
        "note": reading.note,
    }
    return {name: value for name, value in found.items() if value}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, tuple | list) else value


def answer(parser: Composer, line: str) -> dict[str, Any]:
    """What one line gives: its id, and a config or an error."""
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError):
        return {"id": None, "error": "bad_line", "message": f"This line is not JSON. {WRONG}"}
    if not isinstance(asked, dict) or not isinstance(asked.get("text"), str):
        id = asked.get("id") if isinstance(asked, dict) else None
        return {"id": id, "error": "bad_line", "message": f"This line has no text. {WRONG}"}
    try:
        reading = parser.read(asked["text"])
        return {"id": asked.get("id"), "config": config_of(reading.request)} | beside(reading)
    except ReadingRefused as refused:
        return {"id": asked.get("id"), "error": refused.code, "message": str(refused)}


def answers(parser: Composer, lines: Iterable[str]) -> Iterator[str]:
    """One line of JSON for each line that is not empty."""
    for line in lines:
        if line.strip():
            yield json.dumps(answer(parser, line))


def main(arguments: list[str] | None = None) -> int:
    """Answer standard input line by line; returns the exit code."""
    options = argparse.ArgumentParser(
        prog="python -m core.composer", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--parser", choices=get_args(ParserName), help="default: the one of the settings")
    chosen = options.parse_args(arguments)
    try:
        parser = make_parser(chosen.parser or read_settings(os.environ).parser, os.environ)
    except SettingsRefused as refused:
        print(refused, file=sys.stderr)
        return 2
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    try:
        for line in answers(parser, sys.stdin):
            print(line, flush=True)
    except BrokenPipeError:  # whoever reads has enough; nothing may be left for Python to flush at its end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


if __name__ == "__main__":
    sys.exit(main())
