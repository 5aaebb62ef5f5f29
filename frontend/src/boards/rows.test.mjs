/** Rows of any kind on a Yjs document. Run with: node --test frontend/src/boards */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as Y from "yjs";
import { Rows, textOrNull } from "./rows.js";

const shape = { texts: ["text"], plain: { part: textOrNull, person: textOrNull }, silent: ["part"] };

/** @param {Y.Doc} [doc] */
function rowsOn(doc = new Y.Doc()) {
  return new Rows(doc, "things", shape, (act) => doc.transact(act));
}

/** @param {Rows} rows @param {string} text @param {string} [part] */
function add(rows, text, part = "a") {
  const row = rows.add({ part });
  rows.textToWrite(row, "text")?.insert(0, text);
  return row;
}

/** @param {Rows} rows */
const texts = (rows) => rows.shown().map(({ text }) => text);

test("rows stand in the order that people gave them, and a removed one comes back where it was", () => {
  const rows = rowsOn();
  const [one, , three] = ["een", "twee", "drie"].map((text) => add(rows, text));
  rows.move(three, 0);
  assert.deepEqual(texts(rows), ["drie", "een", "twee"]);
  rows.remove(one);
  assert.deepEqual(texts(rows), ["drie", "twee"]);
  assert.deepEqual(rows.removed().map(({ text }) => text), ["een"]);
  rows.bringBack(one);
  assert.deepEqual(texts(rows), ["drie", "een", "twee"]);
});

test("a row is moved among those of its list, and past no other", () => {
  const rows = rowsOn();
  const first = add(rows, "a1");
  add(rows, "b1", "b");
  const last = add(rows, "a2");
  const among = (/** @type {import("./rows.js").Row} */ values) => values.part === "a";
  rows.move(last, 0, { among });
  assert.deepEqual(rows.shown().filter(among).map(({ text }) => text), ["a2", "a1"]);
  rows.move(first, 1, { among: ({ part }) => part === "b", plain: { part: "b" } });
  assert.deepEqual(rows.shown().filter(({ part }) => part === "b").map(({ text }) => text), ["b1", "a1"]);
});

test("two who move rows at once end with the same order, and nothing twice", () => {
  const here = rowsOn();
  const [one, two] = ["een", "twee", "drie"].map((text) => add(here, text));
  const there = rowsOn();
  Y.applyUpdate(there.doc, Y.encodeStateAsUpdate(here.doc));
  here.move(one, 2);
  there.move(two, 0);
  Y.applyUpdate(here.doc, Y.encodeStateAsUpdate(there.doc));
  Y.applyUpdate(there.doc, Y.encodeStateAsUpdate(here.doc));
  assert.deepEqual(texts(here), texts(there));
  assert.equal(texts(here).length, 3);
});

test("a row that only says in which list it stands is not worth bringing back", () => {
  const rows = rowsOn();
  rows.remove(rows.add({ part: "a" }));
  assert.deepEqual(rows.removed(), []);
});

test("what no screen of ours writes is read as empty", () => {
  const rows = rowsOn();
  rows.doc.getMap("things").set("number", 7);
  rows.doc.getMap("things").set("odd", new Y.Map([["part", 3], ["person", ["x"]], ["text", 5]]));
  assert.deepEqual(rows.shown(), [{ row: "odd", text: "", part: null, person: null }]);
});
