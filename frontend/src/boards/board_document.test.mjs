/** Bringing a board back to what it said earlier. Run with: node --test frontend/src/boards */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as Y from "yjs";
import { BoardDocument } from "./board_document.js";

const instruments = [
  { id: "agreements", kind: "plan" },
  { id: "review", kind: "review" },
  { id: "notes", kind: "text" },
];

/** @param {BoardDocument} board @returns {import("./board_document.js").BoardValues} */
const valuesOf = (board) => structuredClone(board.values());

/** @param {BoardDocument} board @param {string} what @param {string[]} [who] @returns {string} */
function add(board, what, who = []) {
  const row = board.plan?.add() ?? "";
  board.plan?.text(row, "what")?.insert(0, what);
  for (const person of who) board.plan?.setDoer(row, person, true);
  return row;
}

function aPlan() {
  const board = new BoardDocument(new Y.Doc(), instruments);
  const eat = add(board, "eet op woensdag met Sami", ["oma"]);
  const call = add(board, "belt met mama", ["linda", "bas"]);
  board.plan?.setWhen(call, { kind: "rhythm", every: "week", days: ["fr"] });
  board.plan?.setChecker(eat, "mama");
  board.review?.set("date", "2026-12-24");
  board.review?.set("convener", "oma");
  board.text({ row: "notes", field: "text" })?.insert(0, "Wat als oma ziek is?");
  return { board, eat, call };
}

/** @param {BoardDocument} board @returns {BoardDocument} the same board on another device */
function elsewhere(board) {
  const other = new Y.Doc();
  Y.applyUpdate(other, Y.encodeStateAsUpdate(board.doc));
  return new BoardDocument(other, instruments);
}

test("whatever happened to it, the board says again what it said, and one undo takes that back", () => {
  const { board, eat, call } = aPlan();
  const earlier = valuesOf(board);
  board.plan?.text(eat, "what")?.delete(0, 12);
  board.plan?.setDoer(eat, "oma", false);
  board.plan?.setDoer(eat, "sami", true);
  board.plan?.setChecker(eat, "");
  board.plan?.remove(call);
  add(board, "vandalisme");
  board.plan?.rows.move(eat, 1);
  board.plan?.rows.map.delete(call);
  board.review?.set("date", "");
  board.review?.set("convener", "bas");
  board.doc.getText("notes").delete(0, 5);
  const broken = valuesOf(board);

  board.become(earlier);
  assert.deepEqual(valuesOf(board), earlier);
  assert.equal(board.plan?.rows.removed().length, 1);

  board.undo();
  assert.deepEqual(valuesOf(board), broken);
});

test("of a board that says the same nothing is touched", () => {
  const { board } = aPlan();
  const before = Y.encodeStateAsUpdate(board.doc);
  board.become(valuesOf(board));
  assert.deepEqual(Y.encodeStateAsUpdate(board.doc), before);
});

// Yjs lets the number of a device decide who comes first: whatever is true must be true for both orders.
for (const [order, mine, theirs] of /** @type {[string, number, number][]} */ ([["before", 1, 2], ["behind", 2, 1]])) {
  for (const [part, at, typed, result] of /** @type {[string, number, string, string][]} */ ([
    ["at the end", 12, " en mama", "eet op woensdag met Sami en mama"],
    ["at the start", 0, "mee: ", "mee: eet op woensdag met Sami"],
    ["behind what is brought back", 8, "Bas en ", "eet op woensdag met Bas en Sami"],
  ])) {
    test(`what somebody whose device comes ${order} types ${part} of the same line is kept whole`, () => {
      const { board, eat } = aPlan();
      const earlier = valuesOf(board);
      board.plan?.text(eat, "what")?.delete(3, 12);
      const other = elsewhere(board);
      board.doc.clientID = mine;
      other.doc.clientID = theirs;
      other.plan?.text(eat, "what")?.insert(at, typed);
      board.become(earlier);
      Y.applyUpdate(board.doc, Y.encodeStateAsUpdate(other.doc));
      assert.equal(board.plan?.text(eat, "what")?.toString(), result);
    });
  }

  test(`two who bring it back at once end with the same board, also when one comes ${order} the other`, () => {
    const { board, call } = aPlan();
    const earlier = valuesOf(board);
    board.plan?.remove(call);
    board.plan?.setDoer(call, "bas", false);
    const other = elsewhere(board);
    board.doc.clientID = mine;
    other.doc.clientID = theirs;
    board.become(earlier);
    other.become(earlier);
    Y.applyUpdate(board.doc, Y.encodeStateAsUpdate(other.doc));
    Y.applyUpdate(other.doc, Y.encodeStateAsUpdate(board.doc));
    assert.deepEqual(valuesOf(board), earlier);
    assert.deepEqual(valuesOf(other), earlier);
  });
}
