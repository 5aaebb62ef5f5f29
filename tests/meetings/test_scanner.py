"""The scanner lets pass all that real Yjs clients send, and nothing that could hurt a board or a person on it."""

import base64
import contextlib
import json
import os
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycrdt import Doc, Map, Text

from meetings.boards.ledger import Lacking, Ledger
from meetings.boards.scanner import Refused, scan
from tests.hostile_updates import LACKING, MAP, REFUSED, WORD, after, in_root, in_type, nest, number, update
from tests.seeds import seeded

ROOTS = frozenset({"agreements", "review", "notes"})
HISTORIES = int(os.environ.get("RONDOM_HISTORIES", "300"))


def histories(first: int, count: int) -> Iterator[dict[str, Any]]:
    node = Path(sys.executable).parent / "node"
    script = Path(__file__).with_name("yjs_histories.mjs")
    with subprocess.Popen([node, script, str(first), str(count)], stdout=subprocess.PIPE) as playing:
        assert playing.stdout is not None
        for line in playing.stdout:
            yield json.loads(line)
    assert playing.returncode == 0


def take(ledger: Ledger, document: "Doc[Any]", participant: str, update: bytes) -> None:
    """What a room does with an update."""
    scanned = scan(update)
    hung = ledger.judge(scanned, participant)
    document.apply_update(update)
    ledger.take_up(hung, participant)


@pytest.mark.slow
def test_nothing_that_real_clients_send_is_refused():
    played = 0
    first = seeded("histories").randrange(1, 2**31)
    for history in histories(first, HISTORIES):
        ledger, document = Ledger(ROOTS), Doc[Any]()
        for sent in history["sent"]:
            try:
                take(ledger, document, sent["participant"], base64.b64decode(sent["update"]))
            except (Refused, Lacking) as error:
                pytest.fail(f"history {history['seed']}: {type(error).__name__} {error}")
        assert str(document.get("notes", type=Text)) == history["notes"]
        assert without_nothing(document.get("agreements", type=Map).to_py()) == without_nothing(history["agreements"])
        assert ledger.clocks == clocks_of(document)
        scan(base64.b64decode(history["everything"]))
        scan(document.get_update())
        played += 1
    assert played == HISTORIES


def without_nothing(value: Any) -> Any:
    """JSON has no undefined; Python has one word for it and null."""
    if isinstance(value, dict):
        return {key: without_nothing(part) for key, part in value.items() if part is not None}
    return value


def clocks_of(document: "Doc[Any]") -> dict[int, int]:
    state, at, numbers = document.get_state(), 0, []
    while at < len(state):
        value = shift = 0
        while True:
            byte = state[at]
            at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        numbers.append(value)
    pairs = iter(numbers[1:])
    return dict(zip(pairs, pairs, strict=True))


@pytest.fixture
def board() -> Ledger:
    """A board on which somebody else (client 5) and the house (client 7) wrote."""
    ledger = Ledger(ROOTS)
    ledger.take_up(ledger.expect(scan(update((5, 0, [in_root(4, WORD, key="b")])))), "other")
    ledger.take_up(ledger.expect(scan(update((7, 0, [in_root(4, WORD, key="c")])))), None)
    return ledger


@pytest.mark.parametrize("name", REFUSED)
def test_what_could_hurt_is_refused(board: Ledger, name: str):
    with pytest.raises(Refused):
        board.judge(scan(REFUSED[name]), "me")


@pytest.mark.parametrize("name", LACKING)
def test_what_hangs_on_nothing_is_sent_back_and_never_waits_inside(board: Ledger, name: str):
    with pytest.raises(Lacking):
        board.judge(scan(LACKING[name]), "me")


def test_anothers_words_that_the_board_already_has_are_no_offence(board: Ledger):
    known = update((5, 0, [in_root(4, WORD, key="b")]), (9, 0, [after(4, WORD, (5, 0))]))
    board.judge(scan(known), "me")


def test_a_client_id_belongs_to_the_first_who_writes_with_it(board: Ledger):
    mine = scan(update((9, 0, [in_root(4, WORD)])))
    board.take_up(board.judge(mine, "me"), "me")
    assert board.owner(9) == "me"
    with pytest.raises(Refused):
        board.judge(scan(update((9, 1, [after(4, WORD, (9, 0))]))), "other")


def test_judging_changes_nothing(board: Ledger):
    before = dict(board.clocks), board.owners
    board.judge(scan(update((9, 0, [in_root(4, WORD)]))), "me")
    assert (dict(board.clocks), board.owners) == before


def test_six_types_in_each_other_are_as_deep_as_it_goes(board: Ledger):
    board.judge(scan(nest(7)), "me")
    with pytest.raises(Refused):
        board.judge(scan(nest(8)), "me")


def test_depth_is_counted_across_updates_and_along_neighbours(board: Ledger):
    deepest = scan(nest(7))
    board.take_up(board.judge(deepest, "me"), "me")
    with pytest.raises(Refused, match="deep"):
        board.judge(scan(update((9, 7, [in_type(7, MAP, (9, 6))]))), "me")
    neighbour = scan(update((9, 7, [in_type(4, WORD, (9, 6), key="b")])))
    with pytest.raises(Refused, match="deep"):
        board.judge(neighbour, "me")


@given(st.binary(max_size=400))
@settings(max_examples=3000, deadline=None)
def test_whatever_the_bytes_the_scanner_answers_or_refuses(content: bytes):
    with contextlib.suppress(Refused):
        scan(content)


def a_row() -> bytes:
    document = Doc[Any]()
    document.get("agreements", type=Map)["a"] = Map({"what": Text("brengt Sami 👵🏽"), "who": Map({"oma": True})})
    return bytes(document.get_update())


A_ROW = a_row()


@given(st.data())
@settings(max_examples=400, deadline=None)
def test_a_real_update_with_some_bytes_changed_never_breaks_scanner_ledger_or_document(data: st.DataObject):
    content = bytearray(A_ROW)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    ledger, other = Ledger(ROOTS), Doc[Any]()
    try:
        take(ledger, other, "me", bytes(content))
    except (Refused, Lacking, ValueError, RuntimeError):
        return
    assert ledger.clocks == clocks_of(other)


def test_numbers_of_every_kind_pass():
    for value in (b"\x7d\x05", b"\x7c" + struct.pack(">f", 1.5), b"\x7b" + struct.pack(">d", 0.1), b"\x7a" + bytes(8)):
        scan(update((9, 0, [in_root(8, number(1) + value)])))
