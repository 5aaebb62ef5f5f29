"""Personal content is sealed with one key per meeting, bound to its place."""

from pathlib import Path

import pytest

from meetings.storage.sealing import ContentKey, KeyRing, SealBroken


def test_what_is_sealed_opens_again_in_its_own_place():
    key = ContentKey(bytes(32))
    assert key.open_values(key.seal_values({"name": "Oma Fatma ☕"}, "participant/1"), "participant/1") == {
        "name": "Oma Fatma ☕"
    }


def test_sealed_bytes_do_not_hold_the_words():
    assert b"Fatma" not in ContentKey(bytes(32)).seal(b"Oma Fatma", "participant/1")


def test_a_sealed_field_does_not_open_in_another_row():
    key = ContentKey(bytes(32))
    with pytest.raises(SealBroken):
        key.open(key.seal(b"Oma Fatma", "participant/1"), "participant/2")


def test_one_changed_bit_is_seen():
    key = ContentKey(bytes(32))
    sealed = bytearray(key.seal(b"Oma Fatma", "participant/1"))
    sealed[-1] ^= 1
    with pytest.raises(SealBroken):
        key.open(bytes(sealed), "participant/1")


def test_the_master_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path):
    file = tmp_path / "keys" / "master.key"
    wrapped = KeyRing.from_file(file).new_wrapped_key("meeting")
    assert KeyRing.from_file(file).unwrap("meeting", wrapped).secret
    assert file.stat().st_mode & 0o077 == 0


def test_a_meetings_key_does_not_open_with_another_master_key(tmp_path: Path):
    wrapped = KeyRing.from_file(tmp_path / "one").new_wrapped_key("meeting")
    with pytest.raises(SealBroken):
        KeyRing.from_file(tmp_path / "two").unwrap("meeting", wrapped)
