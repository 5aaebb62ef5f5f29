"""A process's copy of a board is freed when nobody holds it."""

import gc

from pycrdt import Doc, Map

from meetings.boards.replica import Address, Replica
from meetings.storage.sealing import KeyRing

KEYS = KeyRing(bytes(32))
KEY = KEYS.unwrap("m", KEYS.new_wrapped_key("m"))


def _edited_replica() -> Replica:
    replica = Replica(Address("m", "plan", 1), KEY, frozenset({"agreements"}))
    document: Doc[Map] = Doc()
    document.get("agreements", type=Map)["eten"] = "op woensdag"
    assert replica.take(document.get_update(), "oma")
    return replica


def _alive() -> int:
    gc.collect()
    return sum(isinstance(thing, Replica) for thing in gc.get_objects())


def test_a_copy_that_nobody_holds_is_freed_though_its_document_was_observed():
    before = _alive()
    for _ in range(20):
        _edited_replica()
    assert _alive() == before
