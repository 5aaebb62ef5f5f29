"""The tutorial's own text, played: each file it shows is written, and each command prints what it says."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.command_line import main
from tests.protocols.tutorial import TUTORIAL, PutIn, Run, Written, steps, write_last_protocol


def test_each_step_of_the_tutorial_does_what_its_text_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RONDOM_PROTOCOLS", raising=False)
    for number, step in enumerate(steps(), start=1):
        if isinstance(step, Written | PutIn):
            step.write(tmp_path)
        else:
            printed = CliRunner().invoke(main, step.arguments).stdout
            assert printed == step.printed, f"step {number}: rondom {' '.join(step.arguments)}"


def test_the_tutorial_shows_both_what_is_refused_and_what_is_sound():
    checks = [step.printed for step in steps() if isinstance(step, Run) and step.arguments[1] == "check"]
    assert sum("✗" in printed for printed in checks) >= 4
    assert sum("✓" in printed for printed in checks) >= 2


def test_the_last_protocol_of_the_tutorial_is_eight_lines(tmp_path: Path):
    folder = write_last_protocol(tmp_path)
    assert len((folder / "protocol.yaml").read_text().splitlines()) == 8


def test_each_kind_of_part_that_the_tutorial_tells_of_stands_in_what_is_checked():
    shown = "".join(step.text for step in steps() if not isinstance(step, Run))
    told = TUTORIAL.read_text().split("## What else there is")[1]
    for key in ("opens", "hard: false", "frames", "of", "least", "says", "private: true", "confirm", "circle: true"):
        assert f"`{key}`" in told
        assert key in shown
    for key in ("releases", "copies", "scale", "round", "reason: required", "acts", "asks"):
        assert key in told
        assert key in shown
    assert "{id:" not in re.sub(r"```.*?```", "", told, flags=re.DOTALL), "an example that nothing checks"
