"""A test that cannot run is said to be so, in one line at the end, and is a failure where CI runs."""

import os
from pathlib import Path

import pytest

from tests.parts import PARTS, MissingPart, find_chromium, need

CONFTEST = """
import pytest
from tests.parts import NotRunReport, Part, need

PARTS = {
    "harp": Part("harp", "music test", lambda: None, "buy one"),
    "drum": Part("drum", "rhythm test", lambda: "/usr/bin/drum", "borrow one"),
}

def pytest_configure(config):
    config.addinivalue_line("markers", "needs(part): for want of it not run")
    config.pluginmanager.register(NotRunReport(PARTS))

@pytest.fixture(scope="session")
def harp():
    return need("harp", PARTS)
"""


@pytest.fixture
def run_tests(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch):
    """Runs the given tests in a folder of their own, as on a developer's machine or as in CI."""

    def run(tests: str, *, in_ci: bool) -> pytest.RunResult:
        if in_ci:
            monkeypatch.setenv("CI", "true")
        else:
            monkeypatch.delenv("CI", raising=False)
        pytester.makeconftest(CONFTEST)
        pytester.makepyfile(tests)
        return pytester.runpytest_inprocess("-p", "no:cacheprovider", "-p", "no:asyncio")

    return run


TWO_WITHOUT_A_HARP = """
import pytest

@pytest.mark.needs("harp")
def test_plays_by_mark(): raise AssertionError("was run")

def test_plays_by_fixture(harp): raise AssertionError("was run")

def test_sings(): pass
"""


def test_tests_without_their_part_are_left_out_and_counted_in_one_line(run_tests):
    result = run_tests(TWO_WITHOUT_A_HARP, in_ci=False)

    result.assert_outcomes(passed=1, skipped=2)
    result.stdout.fnmatch_lines(["Not run: 2 music tests, no harp found: buy one."])
    assert result.ret == pytest.ExitCode.OK


def test_in_ci_a_test_that_could_not_run_is_a_failure(run_tests):
    result = run_tests(TWO_WITHOUT_A_HARP, in_ci=True)

    result.assert_outcomes(passed=1, skipped=2)
    result.stdout.fnmatch_lines(["Not run: 2 music tests, no harp found*CI=true*"])
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_one_test_is_counted_as_one(run_tests):
    result = run_tests("def test_plays(harp): pass", in_ci=False)

    result.stdout.fnmatch_lines(["Not run: 1 music test, no harp found*"])


def test_in_ci_a_run_with_every_part_there_passes_and_says_nothing(run_tests):
    result = run_tests('import pytest\n@pytest.mark.needs("drum")\ndef test_drums(): pass', in_ci=True)

    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("Not run*")
    assert result.ret == pytest.ExitCode.OK


def test_a_part_that_nobody_knows_is_a_mistake_and_not_a_part_that_is_missing(run_tests):
    result = run_tests('import pytest\n@pytest.mark.needs("hrap")\ndef test_plays(): pass', in_ci=False)

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*no such part: 'hrap'; known are drum, harp*"])


@pytest.fixture
def chromium_looked_for_anew():
    find_chromium.cache_clear()
    yield
    find_chromium.cache_clear()


@pytest.mark.usefixtures("chromium_looked_for_anew")
def test_the_chromium_that_is_named_goes_before_every_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    mine = tmp_path / "my-chromium"
    mine.write_text("#!/bin/sh\n")
    mine.chmod(0o755)
    monkeypatch.setenv("RONDOM_CHROMIUM", str(mine))

    assert need("chromium") == str(mine)


@pytest.mark.usefixtures("chromium_looked_for_anew")
def test_an_installed_chromium_is_found_by_each_of_its_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("RONDOM_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    browser = tmp_path / "chromium-browser"
    browser.write_text("#!/bin/sh\n")
    browser.chmod(0o755)

    assert need("chromium") == str(browser)


@pytest.mark.usefixtures("chromium_looked_for_anew")
def test_a_named_chromium_that_is_not_there_counts_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("RONDOM_CHROMIUM", str(tmp_path / "gone"))

    with pytest.raises(MissingPart, match="no Chromium found"):
        need("chromium")


@pytest.mark.usefixtures("chromium_looked_for_anew")
def test_without_any_chromium_none_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("RONDOM_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", os.fspath(tmp_path))

    assert PARTS["chromium"].find() is None
