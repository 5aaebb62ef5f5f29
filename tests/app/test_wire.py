"""Edits that were merged are the same edits."""

from random import Random

import pytest
from pycrdt import Doc, Text

from app.live import wire


@pytest.mark.parametrize("amount", [1, 2, 64, 65, 300, 4_200])
def test_merged_edits_say_what_each_of_them_said(amount: int):
    dice = Random(amount)
    typed = [Doc[Text]() for _ in range(5)]
    edits = []
    for _ in range(amount):
        document = dice.choice(typed)
        text = document.get("notes", type=Text)
        before = document.get_state()
        if len(text) > 3 and dice.random() < 0.2:
            del text[dice.randrange(len(text))]
        else:
            text.insert(dice.randint(0, len(text)), dice.choice("abc "))
        edits.append(document.get_update(before))
    one_by_one, at_once = Doc[Text](), Doc[Text]()
    for edit in edits:
        one_by_one.apply_update(edit)
    at_once.apply_update(wire.merged(edits))
    assert str(at_once.get("notes", type=Text)) == str(one_by_one.get("notes", type=Text)) != ""
