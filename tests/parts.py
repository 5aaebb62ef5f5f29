"""The parts of a machine that some tests need, such as a browser, and what a run says when one is missing.

A test asks with `@pytest.mark.needs("chromium")` or the fixture `chromium_path`. Without the part it is not
run, and the last lines of the run tell how many tests that were and what to do. With CI=true the run fails.
"""

import functools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field

import pytest
from _pytest.outcomes import Skipped

_MISSING = "missing part"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True)
class Part:
    """Something outside Python that a test needs: its name, what its tests are called, and how to get it."""

    name: str
    tests: str
    find: Callable[[], str | None]
    remedy: str


class MissingPart(Skipped):
    """The test was not run, for want of `part`."""

    def __init__(self, part: Part) -> None:
        super().__init__(f"no {part.name} found", _use_item_location=True)
        self.part = part


@functools.cache
def find_chromium() -> str | None:
    """Path of a Chromium: the one RONDOM_CHROMIUM names, else an installed one, else one of Playwright."""
    if named := os.environ.get("RONDOM_CHROMIUM"):
        return shutil.which(named)
    for name in CHROMIUM_NAMES:
        if installed := shutil.which(name):
            return installed
    return _playwrights_chromium()


def _playwrights_chromium() -> str | None:
    # Asked in a process of its own: Playwright will not start inside a running event loop.
    question = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as playwright: print(playwright.chromium.executable_path)"
    )
    asked = subprocess.run([sys.executable, "-c", question], capture_output=True, text=True, check=False)
    return shutil.which(asked.stdout.strip()) if asked.returncode == 0 else None


def find_small_disks() -> str | None:
    """Path of the command that makes a small disk in memory, where we may use it."""
    mount = shutil.which("mount")
    if mount is None or os.geteuid() != 0:
        return None
    with tempfile.TemporaryDirectory() as folder:
        tried = subprocess.run(
            [mount, "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder], capture_output=True, check=False
        )
        if tried.returncode == 0:
            subprocess.run(["umount", folder], check=True)
    return mount if tried.returncode == 0 else None


PARTS: Mapping[str, Part] = {
    "small-disks": Part(
        name="right to mount",
        tests="full disk test",
        find=find_small_disks,
        remedy="run the tests as root, in a container that may mount",
    ),
    "chromium": Part(
        name="Chromium",
        tests="browser test",
        find=find_chromium,
        remedy="`make test` fetches one where it can; RONDOM_CHROMIUM= names one that you have",
    ),
}


def need(name: str, parts: Mapping[str, Part] = PARTS) -> str:
    """Where the part is. Raises MissingPart, which leaves the test out of the run, when it is nowhere."""
    if name not in parts:
        raise pytest.UsageError(f"no such part: {name!r}; known are {', '.join(sorted(parts))}")
    found = parts[name].find()
    if found is None:
        raise MissingPart(parts[name])
    return found


def _in_ci() -> bool:
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


@dataclass(eq=False)
class NotRunReport:
    """The pytest plugin that leaves out what cannot run, and says so at the end."""

    parts: Mapping[str, Part] = field(default_factory=lambda: PARTS)
    not_run: dict[str, set[str]] = field(default_factory=dict)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        for mark in item.iter_markers("needs"):
            for name in mark.args:
                need(name, self.parts)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if call.excinfo is not None and isinstance(call.excinfo.value, MissingPart):
            # A property travels from the process that ran the test to the one that reports.
            report.user_properties.append((_MISSING, call.excinfo.value.part.name))
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for kind, name in report.user_properties:
            if kind == _MISSING:
                self.not_run.setdefault(str(name), set()).add(report.nodeid)

    # Around every other plugin's ending, so that these lines are the last.
    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> Generator[None]:
        fails = bool(self.not_run) and _in_ci()
        if fails and exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        yield
        terminal: pytest.TerminalReporter | None = session.config.pluginmanager.get_plugin("terminalreporter")
        if terminal is None:
            return
        for part in self.parts.values():
            if tests := self.not_run.get(part.name):
                how_many = f"{len(tests)} {part.tests}{'' if len(tests) == 1 else 's'}"
                verdict = " With CI=true that is a failure." if fails else ""
                line = f"Not run: {how_many}, no {part.name} found: {part.remedy}.{verdict}"
                terminal.ensure_newline()
                terminal.write_line(line, red=fails, yellow=not fails)


def main(arguments: list[str]) -> int:
    """Print where the part named in the first argument is; 1 when it is nowhere. For setup/chromium."""
    found = PARTS[arguments[0]].find()
    if found:
        print(found)
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
