from __future__ import annotations

from pathlib import Path

import pytest

NEEDY = """
    import pytest

    @pytest.mark.needs_tool("no-such-program", "apt-get install no-such-program", "NO_SUCH_PROGRAM")
    def test_needy():
        pass
"""


@pytest.fixture
def suite(pytester, monkeypatch):
    """A test project of its own with this project's conftest."""
    for name in ("CI", "NO_SUCH_PROGRAM"):
        monkeypatch.delenv(name, raising=False)
    pytester.makeconftest((Path(__file__).parent / "conftest.py").read_text(encoding="utf-8"))
    pytester.makeini("[pytest]\naddopts = -p no:playwright\nmarkers =\n    needs_tool\n    e2e\n    benchmark\n")
    return pytester


def test_a_missing_program_skips_and_says_how_to_get_it(suite):
    suite.makepyfile(NEEDY)
    result = suite.runpytest("-rs")
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines("*no-such-program is not installed; get it with: apt-get install no-such-program*")


def test_a_missing_program_fails_on_ci(suite, monkeypatch):
    monkeypatch.setenv("CI", "true")
    suite.makepyfile(NEEDY)
    result = suite.runpytest()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines("*no-such-program is not installed*")


@pytest.mark.parametrize("ci", ["", "true"])
def test_a_program_named_by_its_variable_is_used(suite, monkeypatch, ci):
    monkeypatch.setenv("CI", ci)
    monkeypatch.setenv("NO_SUCH_PROGRAM", "/opt/there")
    suite.makepyfile(NEEDY)
    suite.runpytest().assert_outcomes(passed=1)


def test_folders_mark_their_tests_and_the_browser_comes_last(suite):
    for folder in ("e2e", "pages", "benchmarks"):
        suite.mkdir(folder).joinpath(f"test_{folder}.py").write_text("def test_it(): pass\n", encoding="utf-8")
    listed = suite.runpytest("--collect-only", "-q").outlines
    assert [line.partition("/")[0] for line in listed if "::" in line] == ["benchmarks", "pages", "e2e"]
    suite.runpytest("--collect-only", "-q", "-m", "e2e").stdout.fnmatch_lines("e2e/*::test_it")
    suite.runpytest("--collect-only", "-q", "-m", "benchmark").stdout.fnmatch_lines("benchmarks/*::test_it")
