/** Edits of a text and what others' edits do to them. Run with: node --test frontend/src/boards */
import assert from "node:assert/strict";
import { test } from "node:test";
import { editAfter, editBetween, firstPart, keepable, positionAfter } from "./text_edits.js";

/** @param {string} text @param {import("./text_edits.js").Edit} edit @returns {string} */
function apply(text, { at, removed, inserted }) {
  return text.slice(0, at) + inserted + text.slice(at + removed);
}

test("the caret tells which of equal letters was typed", () => {
  assert.deepEqual(editBetween("aa", "aaa", 1), { at: 0, removed: 0, inserted: "a" });
  assert.deepEqual(editBetween("aa", "aaa", 3), { at: 2, removed: 0, inserted: "a" });
  assert.equal(editBetween("same", "same", 2), null);
});

test("any change, wherever the caret stands, leads to the new text and cuts no sign in two", () => {
  const words = ["", "a", "aa", "oma 👵🏽 eet", "👵👴", "👵👵👴", "oma eet", "eet oma", "👴👵", "a👵"];
  for (const before of words) {
    for (const after of words) {
      for (let caret = 0; caret <= after.length; caret += 1) {
        const edit = editBetween(before, after, caret);
        if (!edit) continue;
        assert.equal(apply(before, edit), after);
        assert.equal(keepable(edit.inserted), edit.inserted);
        assert.equal(keepable(before.slice(0, edit.at)), before.slice(0, edit.at));
      }
    }
  }
});

test("a caret moves with what others type before it, and stays for what they type after it", () => {
  assert.equal(positionAfter(5, [{ insert: "ab" }]), 7);
  assert.equal(positionAfter(5, [{ retain: 5 }, { insert: "ab" }]), 5);
  assert.equal(positionAfter(5, [{ retain: 2 }, { delete: 10 }]), 2);
  assert.equal(positionAfter(5, [{ retain: 1 }, { delete: 2 }, { insert: "x" }]), 4);
});

test("a removal made while others typed takes only what was there", () => {
  // "abcdef": I remove "bcd" while somebody writes "XX" after "b" and removes "c"
  const moved = editAfter({ at: 1, removed: 3, inserted: "q" }, [[{ retain: 2 }, { insert: "XX" }], [{ retain: 4 }, { delete: 1 }]]);
  assert.deepEqual(moved, { at: 1, removals: [4, 1], inserted: "q" });
});

test("signs that cannot be kept are left out, and a cut never halves a sign", () => {
  assert.equal(keepable("a\u0000b\r\nc\ud83d"), "ab\nc");
  assert.equal(firstPart("ab👵", 3), "ab");
  assert.equal(firstPart("ab", 0), "");
});
