"""The mark by which the house knows whether the machine stopped under it."""

from pathlib import Path

import pytest

from meetings.storage import open_mark
from meetings.storage.open_mark import OpenMark


@pytest.fixture
def mark(tmp_path: Path) -> OpenMark:
    return OpenMark(tmp_path / "rondom.sqlite")


def start_the_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    boot = tmp_path / "boot_id"
    boot.write_text(f"{name}\n")
    monkeypatch.setattr(open_mark, "_THIS_START_OF_THE_MACHINE", boot)


def test_a_house_that_was_never_open_or_was_closed_well_lost_nothing(
    mark: OpenMark, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert not mark.outlived_the_machine
    start_the_machine(monkeypatch, tmp_path, "monday")
    mark.put()
    mark.take_away()
    start_the_machine(monkeypatch, tmp_path, "tuesday")
    assert not mark.outlived_the_machine


def test_a_process_that_was_killed_lost_nothing_while_the_machine_went_on(
    mark: OpenMark, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    start_the_machine(monkeypatch, tmp_path, "monday")
    mark.put()
    assert not mark.outlived_the_machine


def test_a_house_that_was_open_when_the_machine_stopped_is_found(
    mark: OpenMark, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    start_the_machine(monkeypatch, tmp_path, "monday")
    mark.put()
    start_the_machine(monkeypatch, tmp_path, "tuesday")
    assert mark.outlived_the_machine
    mark.put()
    assert not mark.outlived_the_machine


def test_where_starts_of_the_machine_cannot_be_told_apart_a_house_that_was_open_may_have_lost_something(
    mark: OpenMark, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(open_mark, "_THIS_START_OF_THE_MACHINE", tmp_path / "no such file")
    mark.put()
    assert mark.outlived_the_machine
