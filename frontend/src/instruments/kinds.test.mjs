/** Every kind of instrument: what it holds, shows, hands back and becomes. Run with: node --test frontend/src/instruments */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as Y from "yjs";
import { BoardDocument, listTexts } from "../boards/board_document.js";
import { callable } from "./phone_list.js";
import { Stroke, readStroke, strokePath } from "./strokes.js";

const columns = [
  { id: "worries", label: "Zorgen", lists: [{ id: "harm", label: "Gebeurd" }, { id: "danger", label: "Kan gebeuren" }] },
  { id: "next", label: "Wat nu", lists: [] },
];
const houses = ["worries", "good", "dreams"].map((id) => ({ id, label: `Huis ${id}`, lists: [] }));
const instruments = [
  { id: "agreements", kind: "plan", title: "" },
  { id: "review", kind: "review", title: "" },
  { id: "story", kind: "text", title: "Het verhaal" },
  { id: "help", kind: "list", title: "Hulp", person: "Van wie?" },
  { id: "three", kind: "columns", title: "Kaart", stances: true, parts: columns },
  { id: "goals", kind: "pairs", title: "Zorg en doel", most: 3 },
  { id: "child", kind: "houses", title: "Huizen", parts: houses },
  { id: "before", kind: "checklist", title: "Vooraf" },
  { id: "calls", kind: "phone_list", title: "Bellen" },
  { id: "later", kind: "not_known_yet", title: "" },
];

/** @param {string} key @param {Record<string, string | number>} [values] */
const say = (key, values = {}) => [key, ...Object.values(values)].join(" ");

/** @param {Partial<import("../boards/part.js").Surroundings>} [more] @returns {import("../boards/part.js").Surroundings} */
const around = (more = {}) => ({
  board: "map",
  boardTitle: "De kaart",
  people: [{ id: "oma", name: "Oma", side: "circle" }],
  answers: {},
  stances: {},
  others: [],
  openRow: null,
  draftKind: "",
  canWrite: true,
  maySayStance: true,
  mayTakeOver: true,
  drawingIn: "",
  colour: "ink",
  tabs: {},
  language: "nl",
  say,
  ...more,
});

/** @param {BoardDocument} board @param {string} part @param {Record<string, string>} texts @param {Record<string, unknown>} [plain] */
function write(board, part, texts, plain) {
  const row = board.part(part).add(plain);
  for (const [field, text] of Object.entries(texts)) board.textToWrite({ row, field })?.insert(0, text);
  return row;
}

function everything() {
  const board = new BoardDocument(new Y.Doc(), instruments);
  const rows = {
    plan: write(board, "agreements", { what: "belt" }, { proposal: true }),
    help: write(board, "help", { text: "Jeugdhulp" }),
    harm: write(board, "three", { text: "Liep weg" }, { part: "harm" }),
    danger: write(board, "three", { text: "Komt niet terug" }, { part: "danger" }),
    pair: write(board, "goals", { danger: "Weg", goal: "Thuis", zero: "elke week", ten: "nooit" }),
    check: write(board, "before", { text: "Zaal" }),
    call: write(board, "calls", { name: "Ria", number: "06-1", when: "altijd" }),
  };
  board.textToWrite({ row: "story", field: "text" })?.insert(0, "Er was ruzie.");
  board.textToWrite({ row: "child.good", field: "text" })?.insert(0, "Voetbal");
  board.part("child").draw("good", "red 10,10 20,20");
  board.part("help").set(rows.help, "person", "oma");
  return { board, rows };
}

test("the values of a board have the shape that the server reads", () => {
  const { board, rows } = everything();
  const { agreements, instruments: values = {} } = board.values();
  assert.equal(agreements[0].proposed, true);
  assert.equal("proposal" in agreements[0], false);
  assert.equal(values.story, "Er was ruzie.");
  assert.deepEqual(values.help, [{ row: rows.help, text: "Jeugdhulp", person: "oma" }]);
  assert.deepEqual(values.three[0], { row: rows.harm, text: "Liep weg", part: "harm", person: null });
  assert.deepEqual(values.goals, [{ row: rows.pair, danger: "Weg", goal: "Thuis", zero: "elke week", ten: "nooit" }]);
  assert.equal(values.child.good.text, "Voetbal");
  assert.deepEqual(Object.values(values.child.good.ink), ["red 10,10 20,20"]);
  assert.deepEqual(Object.keys(values.child), ["worries", "good", "dreams"]);
});

test("every kind becomes what it was, and one undo takes that back", () => {
  const { board, rows } = everything();
  const earlier = structuredClone(board.values());
  board.text({ row: "story", field: "text" })?.delete(0, 3);
  board.part("help").set(rows.help, "person", null);
  board.part("three").moveTo(rows.harm, "next");
  board.part("goals").remove(rows.pair);
  board.part("before").set(rows.check, "done", true);
  board.text({ row: "child.good", field: "text" })?.insert(0, "Nooit ");
  board.part("child").eraseLast("good");
  board.part("child").draw("good", "blue 1,1 9,9");
  write(board, "calls", { name: "Iemand" });
  board.plan?.takeOver(rows.plan);
  const later = structuredClone(board.values());
  assert.notDeepEqual(later, earlier);
  board.become(earlier);
  assert.deepEqual(board.values(), earlier);
  board.undo();
  assert.deepEqual(board.values(), later);
});

test("what a moment says nothing of is left as it is", () => {
  const { board } = everything();
  const before = structuredClone(board.values());
  board.become({ agreements: before.agreements, review: before.review });
  assert.deepEqual(board.values(), before);
});

test("every text of every kind is handed back, with words that say where it stood", () => {
  const { board } = everything();
  const found = listTexts(board.doc, instruments, say);
  const texts = found.map(({ text }) => text.toString()).filter(Boolean);
  for (const typed of ["belt", "Er was ruzie.", "Jeugdhulp", "Liep weg", "Weg", "Thuis", "elke week", "nooit", "Voetbal", "Zaal", "Ria", "06-1", "altijd"]) {
    assert.ok(texts.includes(typed), typed);
  }
  assert.ok(found.every(({ label }) => label.trim() !== ""));
  const labels = found.map(({ label }) => label);
  assert.equal(new Set(labels).size, labels.length);
});

test("every instrument is looked back at in sentences", () => {
  const { board } = everything();
  const values = board.values();
  const said = board.parts.flatMap((part) => part.sentences(board.valuesOf(part, values), around()));
  for (const words of ["Er was ruzie.", "Jeugdhulp (Oma)", "Gebeurd: Liep weg", "Ria · 06-1 · altijd"]) assert.ok(said.includes(words), words);
});

test("a card of the columns stands under its list, goes to another, and shows who sees it how", () => {
  const { board, rows } = everything();
  const part = board.part("three");
  const stances = { [`map.${rows.harm}`]: { agree: [{ id: "oma", name: "Oma" }], disagree: [{ id: "s", name: "Sami" }], mine: "agree" } };
  const [worries, next] = part.picture(around({ stances })).columns;
  assert.deepEqual(worries.lists.map((/** @type {any} */ list) => list.rows.map((/** @type {any} */ { text }) => text)), [["Liep weg"], ["Komt niet terug"]]);
  const card = worries.lists[0].rows[0];
  assert.deepEqual([card.agrees, card.disagrees, card.disagreeText], [true, false, "instruments.disagree_names Sami"]);
  assert.deepEqual(card.moves.map((/** @type {any} */ { id }) => id), ["danger", "next"]);
  assert.equal(next.lists[0].title, "");
  part.moveTo(rows.harm, "next");
  assert.deepEqual(part.picture(around()).columns[1].lists[0].rows.map((/** @type {any} */ { id }) => id), [rows.harm]);
});

test("up and down go no further than the own list", () => {
  const { board, rows } = everything();
  const part = board.part("three");
  const second = write(board, "three", { text: "Nog iets" }, { part: "harm" });
  part.moveBy(second, -1);
  part.moveBy(second, -1);
  const [harm] = part.picture(around()).columns[0].lists;
  assert.deepEqual(harm.rows.map((/** @type {any} */ { id }) => id), [second, rows.harm]);
  assert.deepEqual([harm.rows[0].first, harm.rows[0].last, harm.rows[1].last], [true, false, true]);
});

test("there are no more pairs than the protocol says, and who only reads adds none", () => {
  const { board } = everything();
  const part = board.part("goals");
  assert.equal(part.picture(around()).canAdd, true);
  part.add();
  part.add();
  assert.equal(part.add(), null);
  assert.equal(part.picture(around()).canAdd, false);
  assert.equal(part.picture(around()).fullText, "instruments.no_more 3");
  assert.equal(part.picture(around({ canWrite: false })).fullText, "");
});

test("a card that says the same as before is the same object", () => {
  const { board } = everything();
  const part = board.part("before");
  const first = part.picture(around());
  assert.equal(part.picture(around(), first).rows[0], first.rows[0]);
});

test("two who draw at once keep both lines, and each takes back only an own one", () => {
  const { board } = everything();
  const other = new BoardDocument(new Y.Doc(), instruments);
  Y.applyUpdate(other.doc, Y.encodeStateAsUpdate(board.doc));
  board.part("child").draw("good", "blue 1,1 2,2");
  other.part("child").draw("good", "green 3,3 4,4");
  Y.applyUpdate(board.doc, Y.encodeStateAsUpdate(other.doc));
  Y.applyUpdate(other.doc, Y.encodeStateAsUpdate(board.doc));
  const ink = () => Object.values(board.values().instruments?.child.good.ink);
  assert.equal(ink().length, 3);
  assert.deepEqual(board.values(), other.values());
  board.part("child").eraseLast("good");
  board.part("child").eraseLast("good");
  board.part("child").eraseLast("good");
  assert.deepEqual(ink(), ["green 3,3 4,4"]);
});

test("what is no line of ours is not drawn", () => {
  for (const odd of [7, null, "purple 1,1 2,2", "red 1,1001", "red", "red 1,2\"/><script>", `red${" 1,1".repeat(1001)}`]) {
    assert.equal(readStroke(odd), null);
  }
  assert.deepEqual(strokePath("red 1,2 3,4"), { look: "stroke-red", d: "M1 2 L3 4" });
  assert.equal(strokePath("blue 5,5").d, "M5 5 L5 5");
});

test("a long line goes on as the next one, and each fits", () => {
  let stroke = new Stroke("yellow");
  const kept = [];
  for (let step = 0; step < 4000; step += 1) {
    stroke.add(Math.abs(Math.sin(step / 7)), Math.abs(Math.cos(step / 11)));
    if (stroke.full) {
      kept.push(String(stroke));
      stroke = stroke.next();
    }
  }
  assert.ok(kept.length > 2);
  for (const one of kept) assert.notEqual(readStroke(one), null);
  const last = kept[0].split(" ").at(-1);
  assert.equal(kept[1].split(" ")[1], last);
});

test("a phone calls what is a number, and no other text", () => {
  assert.equal(callable("06-12 34 56 78"), "tel:0612345678");
  assert.equal(callable("+31 (0)6 12345678"), "tel:+31612345678");
  assert.equal(callable("112"), "tel:112");
  assert.equal(callable("nul negen honderd"), "");
  assert.equal(callable("javascript:alert(1)"), "");
});

test("a proposal is labelled with whose it is, if only one proposes, and the circle alone takes it over", () => {
  const { board, rows } = everything();
  const card = (/** @type {any} */ more = {}) => board.plan?.picture(around(more)).rows[0];
  const marieke = { id: "marieke", name: "Marieke", side: "facilitator", proposes: true };
  const proposal = (/** @type {any[]} */ ...people) => card({ people }).proposal;
  assert.equal(proposal(marieke), "plan.proposal Marieke");
  assert.equal(proposal(marieke, { ...marieke, id: "anja", name: "Anja" }), "plan.proposal_open");
  assert.equal(card().canTakeOver, true);
  assert.equal(card({ mayTakeOver: false }).canTakeOver, false);
  board.plan?.takeOver(rows.plan);
  assert.equal(card().proposal, "");
});
