"""Orders as lines of JSON on standard input, answers as lines of JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core.composer.__main__ import answer, answers, config_of
from core.composer.offline import OfflineComposer
from core.composer.parsers import make_parser
from core.errors import SettingsRefused
from core.models import OrderRequest

ROOT = Path(__file__).parents[3]


COMMAND = [sys.executable, "-m", "core.composer"]
PLAIN = {name: value for name, value in os.environ.items() if not name.startswith(("SAGALAB_", "GROQ_"))}


def run(lines: str, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        input=lines,
        capture_output=True,
        text=True,
        cwd=ROOT,
        encoding="utf-8",
        env=PLAIN | environ,
        check=False,
    )


def test_each_line_is_answered_in_its_turn() -> None:
    lines = '{"id": "a", "text": "Order 2 kettles at €5.50 each"}\n\n{"id": 7, "text": "hello"}\nno json\n'
    done = run(lines)
    first, second, third = (json.loads(line) for line in done.stdout.splitlines())
    assert first["id"] == "a" and first["config"]["currency"] == "EUR"
    assert first["config"]["items"] == [{"name": "kettle", "quantity": 2, "unit_price": 5.5}]
    assert (second["id"], second["error"]) == (7, "not_an_order") and "Write" in second["message"]
    assert (third["id"], third["error"]) == (None, "bad_line")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("line", ["[1]", '"text"', '{"id": 1}', '{"id": 1, "text": 5}', "{", "[" * 5000, "null"])
def test_a_bad_line_is_named_and_the_next_is_read(line: str) -> None:
    first, second = (json.loads(one) for one in answers(OfflineComposer(), [line, '{"id": 2, "text": "Order 2 mugs"}']))
    assert first["error"] == "bad_line" and "text" in first["message"]
    assert second["config"]["items"][0]["quantity"] == 2


def test_a_bad_line_keeps_its_id() -> None:
    assert answer(OfflineComposer(), '{"id": "x"}')["id"] == "x"


def test_any_character_may_stand_in_a_line() -> None:
    printed = list(answers(OfflineComposer(), [json.dumps({"id": "ü\ud800", "text": "Order 2 mugs \ud800 ☕"})]))
    assert printed[0].isascii() and json.loads(printed[0])["config"]["items"][0]["quantity"] == 2


def test_a_config_names_what_a_default_filled() -> None:
    config: dict[str, Any] = config_of(OfflineComposer().read("Order 2 mugs, no sms").request)
    assert "currency" in config["defaulted"] and "items.0.quantity" not in config["defaulted"]
    assert config["notifications"] == {"sms": False}
    assert "budget" not in config and "conditions" not in config
    assert OrderRequest.model_validate(config).items[0].name == "mug"


def test_conditions_are_printed_in_the_words_of_the_vocabulary() -> None:
    config = config_of(OfflineComposer().read("Order 2 mugs, if payment fails cancel").request)
    assert config["conditions"] == [{"if": "payment_failed", "then": "cancel"}]


def test_a_parser_that_is_not_there_ends_with_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.composer.parsers.GROQ", "core.composer.no_such_module")
    with pytest.raises(SettingsRefused, match="no_such_module is not installed") as caught:
        make_parser("groq", {})
    assert caught.value.key == "parser"
    with pytest.raises(SettingsRefused, match="no parser 'telepathy'"):
        make_parser("telepathy", {})


def test_the_exit_code_says_that_a_parser_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("core.composer.parsers.GROQ", "core.composer.no_such_module")
    from core.composer.__main__ import main

    assert main(["--parser", "groq"]) == 2
    assert "Use the parser 'offline'" in capsys.readouterr().err


def test_an_unknown_parser_is_a_wrong_argument() -> None:
    assert run("", "--parser", "telepathy").returncode == 2


def test_wishes_and_answers_stand_beside_the_config() -> None:
    text = "Order 2 mugs, try shipping five times, book before you charge, cancel if the email fails"
    found = answer(OfflineComposer(), json.dumps({"id": 1, "text": text}))
    assert found["wishes"] == [{"step": "shipping", "attempts": 5}]
    assert found["plan"] == "sequence"
    [said] = found["answers"]
    assert "confirmation" in said["text"] and "before" in said["offer"]
    assert not {"wishes", "plan", "answers"} & found["config"].keys()
    assert answer(OfflineComposer(), '{"id": 1, "text": "Order 2 mugs"}').keys() == {"id", "config"}


def test_the_parser_of_the_settings_is_the_default() -> None:
    line = '{"id": 1, "text": "Order 2 mugs"}\n'
    nowhere = {"GROQ_BASE_URL": "http://127.0.0.1:9/v1"}
    assert "The language model could not be used" in json.loads(run(line, **nowhere).stdout)["note"]
    assert "note" not in json.loads(run(line, **nowhere, SAGALAB_PARSER="offline").stdout)
    assert "note" not in json.loads(run(line, "--parser", "offline", **nowhere).stdout)
    refused = run(line, SAGALAB_PARSER="telepathy")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("SAGALAB_PARSER must be offline or groq.")


def test_a_reader_that_goes_away_ends_it_quietly() -> None:
    pipe = subprocess.PIPE
    with subprocess.Popen(COMMAND, stdin=pipe, stdout=pipe, stderr=pipe, cwd=ROOT, env=PLAIN) as command:
        assert command.stdin and command.stdout and command.stderr
        command.stdin.write(b'{"id": 1, "text": "Order 2 mugs"}\n')
        command.stdin.flush()
        assert json.loads(command.stdout.readline())["id"] == 1
        command.stdout.close()
        command.stdin.write(b'{"id": 2, "text": "Order 3 mugs"}\n')
        command.stdin.close()
        assert command.stderr.read() == b""
        assert command.wait(30) == 0
