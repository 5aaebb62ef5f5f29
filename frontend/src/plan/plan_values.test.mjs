/** What the plan says, read from its document and put into words. Run with: node --test frontend/src/plan */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as Y from "yjs";
import { BoardDocument } from "../boards/board_document.js";
import { agreementSentence } from "./plan_values.js";
import { whenText } from "./when_text.js";

const here = new URL(".", import.meta.url);

/** @param {string} language @returns {import("./when_text.js").Say} */
function textsOf(language) {
  const catalogue = readFileSync(new URL(`../../locales/${language}/plan.po`, here), "utf8");
  const found = new Map([...catalogue.matchAll(/msgid "(.+)"\nmsgstr "(.*)"/g)].map(([, key, text]) => [key, text]));
  return (key, values = {}) =>
    Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, String(value)), found.get(key) ?? key);
}

const instruments = [
  { id: "agreements", kind: "plan" },
  { id: "review", kind: "review" },
];

/** @param {BoardDocument} board */
const agreementsOf = (board) => board.planValues().agreements;

test("a time is said the same way here and on the server", () => {
  /** @type {{ when: import("./when_text.js").When | null, nl: string, en: string }[]} */
  const cases = JSON.parse(readFileSync(new URL("../../../tests/when_texts.json", here), "utf8"));
  for (const { when, nl, en } of cases) {
    assert.equal(whenText(when, "nl", textsOf("nl")), nl);
    assert.equal(whenText(when, "en", textsOf("en")), en);
  }
});

test("a board of which parts are missing or strange is still read", () => {
  const doc = new Y.Doc();
  const rows = doc.getMap("agreements");
  rows.set("number", 7);
  rows.set("bare", new Y.Map());
  rows.set("odd", new Y.Map([["order", "a1"], ["what", 5], ["when", { kind: "date", date: "2026-02-30" }], ["who", "wij"]]));
  const { agreements, review } = new BoardDocument(doc, instruments).values();
  assert.deepEqual(agreements.map(({ row }) => row), ["bare", "odd"]);
  assert.deepEqual(agreements[1], { row: "odd", who: [], what: "", when: null, checker: null, otherwise: "" });
  assert.deepEqual(review, { date: null, convener: null });
});

test("rows that two people added at the same moment can be moved between each other", () => {
  const one = new BoardDocument(new Y.Doc(), instruments);
  const two = new BoardDocument(new Y.Doc(), instruments);
  const added = [one.plan?.add(), two.plan?.add(), one.plan?.add()];
  Y.applyUpdate(one.doc, Y.encodeStateAsUpdate(two.doc));
  const last = agreementsOf(one)[2].row;
  one.plan?.rows.move(last, 1);
  assert.equal(agreementsOf(one)[1].row, last);
  assert.deepEqual(agreementsOf(one).map(({ row }) => row).sort(), added.sort());
});

test("undoing a new row keeps what somebody else typed in it", () => {
  const mine = new BoardDocument(new Y.Doc(), instruments);
  const row = mine.plan?.add() ?? "";
  const theirs = new BoardDocument(new Y.Doc(), instruments);
  Y.applyUpdate(theirs.doc, Y.encodeStateAsUpdate(mine.doc));
  theirs.plan?.text(row, "what")?.insert(0, "belt Oma");
  Y.applyUpdate(mine.doc, Y.encodeStateAsUpdate(theirs.doc));
  mine.undo();
  assert.equal(agreementsOf(mine).length, 0);
  assert.deepEqual(mine.plan?.rows.removed().map(({ what }) => what), ["belt Oma"]);
  mine.plan?.bringBack(row);
  assert.equal(agreementsOf(mine)[0].what, "belt Oma");
});

test("an agreement is said in sentences", () => {
  const said = agreementSentence(
    { row: "r", who: ["o", "s"], what: "eten samen", when: { kind: "rhythm", every: "week", days: ["we"] }, checker: "m", otherwise: "Oma belt Mama" },
    [{ id: "o", name: "Oma Fatma" }, { id: "s", name: "Sami" }, { id: "m", name: "Mama" }],
    "nl",
    textsOf("nl"),
  );
  assert.equal(said, "Oma Fatma en Sami: eten samen. Elke woensdag. Mama let mee op. Lukt het niet? Oma belt Mama.");
});
