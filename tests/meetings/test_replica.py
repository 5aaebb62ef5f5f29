"""A process's copy of a board is freed when nobody holds it, is read again whole, and stays small enough."""

import gc
import time
from collections.abc import Iterator
from typing import Any

import pytest
from pycrdt import Doc, Map, Text

from meetings.boards import replica as limits
from meetings.boards.ledger import MOST_CLIENTS_OF_ONE, MOST_NEW_CLIENTS, Full
from meetings.boards.replica import Address, Replica
from meetings.boards.scanner import MOST_GONE, MOST_SIGNS, MOST_VALUES, Refused
from meetings.storage.sealing import KeyRing
from tests.hostile_updates import MAP, after, in_root, number, text, update

KEYS = KeyRing(bytes(32))
KEY = KEYS.unwrap("m", KEYS.new_wrapped_key("m"))
ADDRESS = Address("m", "plan", 1)
ROOTS = frozenset({"agreements", "notes"})


def _edited_replica() -> Replica:
    replica = _replica()
    document: Doc[Map] = Doc()
    document.get("agreements", type=Map)["eten"] = "op woensdag"
    assert replica.take(document.get_update(), "oma")
    return replica


def _replica() -> Replica:
    return Replica(ADDRESS, KEY, ROOTS)


def _alive() -> int:
    gc.collect()
    return sum(isinstance(thing, Replica) for thing in gc.get_objects())


def test_a_copy_that_nobody_holds_is_freed_though_its_document_was_observed():
    before = _alive()
    for _ in range(20):
        _edited_replica()
    assert _alive() == before


def _typed(replica: Replica, pieces: Iterator[str]) -> tuple["Doc[Any]", Text]:
    """Somebody types these, one edit each."""
    document: Doc[Any] = Doc()
    notes: Text = document.get("notes", type=Text)
    for piece in pieces:
        before = document.get_state()
        notes += piece
        replica.take(document.get_update(before), "mama")
    return document, notes


def _read_again(replica: Replica) -> Replica:
    again = _replica()
    again.load_snapshot(replica.snapshot())
    return again


def test_what_was_typed_in_pieces_is_read_again_though_it_was_joined_into_a_longer_text_than_one_edit_may_hold():
    replica = _replica()
    _document, notes = _typed(replica, iter("x" * 9_000 for _ in range(3)))
    assert len(str(notes)) > MOST_SIGNS
    assert str(_read_again(replica).document.get("notes", type=Text)) == str(notes)


def test_what_was_taken_away_in_pieces_is_read_again_though_it_was_joined_into_a_longer_gap_than_one_edit_may_hold():
    replica = _replica()
    document, notes = _typed(replica, iter("x" * 9_000 for _ in range(9)))
    assert len(str(notes)) > MOST_GONE
    before = document.get_state()
    del notes[0 : len(str(notes))]
    replica.take(document.get_update(before), "mama")
    assert str(_read_again(replica).document.get("notes", type=Text)) == ""


def test_values_that_came_in_pieces_are_read_again_though_they_were_joined():
    replica = _replica()
    values = number(MOST_VALUES) + b"\x7e" * MOST_VALUES
    replica.take(update((9, 0, [in_root(8, values, key=None)])), "mama")
    replica.take(update((9, MOST_VALUES, [after(8, values, (9, MOST_VALUES - 1))])), "mama")
    assert _read_again(replica).ledger.clocks == replica.ledger.clocks


def test_who_comes_back_is_let_in_with_all_that_was_ever_deleted():
    replica = _replica()
    document, notes = _typed(replica, iter("ab" * 4_500 for _ in range(2)))
    for first in range(0, 9_000, 3_000):
        before = document.get_state()
        with document.transaction():
            for at in range(first // 2 + 1, first // 2 + 1_501):
                del notes[at]
        replica.take(document.get_update(before), "mama")
    assert replica.take(document.get_update(replica.document.get_state()), "oma") is None


def test_one_edit_brings_no_crowd_of_clients_and_is_refused_at_once():
    chain = [(client, 0, [after(4, text("x"), (client + 1, 0))]) for client in range(1, 2_001)]
    crowd = update(*chain, (2_001, 0, [in_root(4, text("x"), root="notes", key=None)]))
    began = time.process_time()
    with pytest.raises(Refused):
        _replica().take(crowd, "mama")
    assert time.process_time() - began < 0.5


def test_one_person_does_not_use_up_the_clients_of_a_board():
    replica = _replica()

    def crowd(first: int) -> bytes:
        return update(
            *((client, 0, [in_root(7, MAP, key=str(client))]) for client in range(first, first + MOST_NEW_CLIENTS))
        )

    for first in range(1, MOST_CLIENTS_OF_ONE, MOST_NEW_CLIENTS):
        replica.take(crowd(first), "mama")
    with pytest.raises(Full):
        replica.take(crowd(9_000), "mama")
    assert replica.take(crowd(9_000), "oma")


def test_a_client_that_somebody_is_here_with_is_theirs_before_they_wrote():
    holder = {77: "oma"}.get
    stolen = update((77, 0, [in_root(7, MAP)]))
    replica = _replica()
    with pytest.raises(Refused):
        replica.take(stolen, "mama", holder)
    assert replica.take(stolen, "oma", holder)


def test_a_board_of_too_many_pieces_is_full_and_not_any_more_once_they_were_joined(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "MOST_PIECES", 100)
    replica = _replica()
    document, notes = _typed(replica, iter("x" for _ in range(150)))
    assert str(replica.document.get("notes", type=Text)) == str(notes)
    for at in range(0, 140, 2):
        before = document.get_state()
        notes.insert(at, "y")
        try:
            replica.take(document.get_update(before), "mama")
        except Full:
            break
    else:
        pytest.fail("it was never full")
    before = document.get_state()
    del notes[0]
    assert replica.take(document.get_update(before), "mama")


def test_measuring_a_big_board_again_and_again_stops_nobody(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "MOST_STATE_BYTES", 300)
    replica = _replica()
    _typed(replica, iter("x" * 100 for _ in range(3)))
    measured = []
    whole = replica._without_what_was_deleted

    def measure() -> bytes:
        measured.append(True)
        return whole()

    clock = iter(range(0, 10_000, 1))
    monkeypatch.setattr(limits, "monotonic", lambda: float(next(clock)))
    monkeypatch.setattr(replica, "_without_what_was_deleted", measure)
    for _ in range(40):
        assert replica.full
        replica._added += 1
    assert len(measured) < 5
