/** What a scale and a round show. Run with: node --test frontend/src/meeting */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { spreadOf, voicePicture, voicePictures } from "./voice_picture.js";

const catalogue = readFileSync(new URL("../../locales/nl/voices.po", import.meta.url), "utf8");
const texts = new Map([...catalogue.matchAll(/msgid "(.+)"\nmsgstr "(.*)"/g)].map(([, key, text]) => [key, text]));

/** @type {import("./voice_picture.js").Say} */
const say = (key, values = {}) =>
  Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, String(value)), texts.get(key) ?? key);

const PEOPLE = [
  { id: "m", name: "Marieke", side: "facilitator" },
  { id: "s", name: "Sami", side: "circle" },
  { id: "o", name: "Oma", side: "circle" },
  { id: "l", name: "Linda", side: "professional" },
];

/** @param {string} me */
const stateOf = (me) => ({ me: { id: me }, people: PEOPLE, voices: /** @type {any[]} */ ([]) });

/** @param {Record<string, unknown>} [more] */
const scale = (more = {}) => ({
  id: "veiligheid",
  kind: "scale",
  title: "Cijfer",
  question: "Hoe veilig is het?",
  low: "niet veilig",
  high: "veilig",
  status: "asked",
  may_ask: false,
  may_answer: true,
  private_number: false,
  items: [{ id: "", label: "", low: "niet veilig", high: "veilig" }],
  mine: /** @type {any} */ (null),
  waiting: [],
  answered: 0,
  results: [],
  answers: [],
  history: [],
  ...more,
});

const RESULT = {
  id: "",
  label: "",
  low: "niet veilig",
  high: "veilig",
  lowest: 3,
  highest: 7,
  answers: [
    { who: { id: "l", name: "Linda" }, number: 7, why: "Hij is er weer." },
    { who: { id: "o", name: "Oma" }, number: 3, why: "" },
    { who: { id: "s", name: "Sami" }, number: 7, why: "" },
  ],
};

test("the spread has a mark for each person in the shape of their side, and no average", () => {
  const spread = spreadOf(RESULT, scale(), 0, stateOf("o"), say);
  assert.equal(spread.columns.length, 11);
  assert.deepEqual(spread.columns[7].marks.map((mark) => [mark.initial, mark.look]), [["L", "professional"], ["S", "circle"]]);
  assert.deepEqual(spread.columns[3].marks.map((mark) => mark.name), ["Oma"]);
  assert.equal(spread.rangeText, "laagste 3, hoogste 7");
  assert.doesNotMatch(JSON.stringify(spread), /5[.,]6|gemiddeld/);
});

test("the lowest number stands first, with each person's why", () => {
  const { people } = spreadOf(RESULT, scale(), 0, stateOf("o"), say);
  assert.deepEqual(people.map((person) => [person.name, person.number, person.why]), [
    ["Oma", 3, ""],
    ["Linda", 7, "Hij is er weer."],
    ["Sami", 7, ""],
  ]);
});

test("where all gave the same, that is said", () => {
  assert.equal(spreadOf({ ...RESULT, lowest: 7, highest: 7 }, scale(), 0, stateOf("o"), say).rangeText, "laagste en hoogste: 7");
  assert.equal(spreadOf({ ...RESULT, lowest: null, highest: null }, scale(), 0, stateOf("s"), say).rangeText, "");
});

test("where no number is there to see, no line is drawn and nobody is said to have been silent", () => {
  const empty = { ...RESULT, lowest: null, highest: null, answers: [] };
  const picture = voicePicture(scale({ status: "shown", may_ask: true, results: [empty] }), stateOf("m"), say);
  assert.deepEqual(picture.spreads, []);
  assert.equal(picture.nobody, true);
  assert.equal(picture.nobodyText, "Niemand laat een cijfer zien.");
});

test("after answering one reads one's own number and who will show all of them", () => {
  const picture = voicePicture(scale({ mine: { numbers: { "": { number: 6, why: "" } }, share: false, answer: null } }), stateOf("o"), say);
  assert.deepEqual(picture.mineLines.map((/** @type {any} */ line) => line.text), ["Mijn cijfer is een 6."]);
  assert.equal(picture.mineHint, "Pas als iedereen klaar is, laat Marieke alle cijfers samen zien.");
  assert.equal(picture.mayChange, true);
});

test("a child reads that nobody else sees the number, until it shares it", () => {
  const mine = { numbers: { "": { number: 2, why: "" } }, share: false, answer: null };
  const hidden = voicePicture(scale({ private_number: true, mine }), stateOf("s"), say);
  assert.equal(hidden.mineHint, "Niemand anders ziet dit cijfer.");
  const shared = voicePicture(scale({ private_number: true, mine: { ...mine, share: true } }), stateOf("s"), say);
  assert.match(shared.mineHint, /Marieke/);
  const results = [{ ...RESULT, lowest: 7, highest: 7, answers: [RESULT.answers[0], { who: { id: "s", name: "Sami" }, number: 2, why: "" }] }];
  const shown = voicePicture(scale({ private_number: true, mine, status: "shown", results }), stateOf("s"), say);
  assert.deepEqual(shown.spreads[0].people.map((/** @type {any} */ person) => person.onlyYou), ["niemand anders ziet dit", ""]);
  assert.equal(shown.spreads[0].rangeText, "laagste en hoogste: 7");
});

test("who asks sees who has still to answer, and never a number before all are shown", () => {
  const picture = voicePicture(scale({ may_ask: true, waiting: [{ id: "o", name: "Oma" }] }), stateOf("m"), say);
  assert.equal(picture.waitingText, "Nog geen antwoord van: Oma");
  assert.deepEqual([picture.offersAsk, picture.offersShow, picture.offersAgain], [false, true, false]);
  assert.deepEqual(picture.spreads, []);
});

test("what was not asked yet stands only on the screen of who may ask", () => {
  const state = { ...stateOf("o"), voices: [scale({ status: "quiet" }), scale({ id: "a", status: "quiet", may_ask: true })] };
  assert.deepEqual(voicePictures(state, say).map((/** @type {any} */ one) => one.id), ["a"]);
});

test("what is going on stands above what is only possible", () => {
  const more = { may_ask: true };
  const voices = [scale({ ...more, id: "a", status: "quiet" }), scale({ ...more, id: "b", status: "shown" }), scale({ ...more, id: "c" })];
  assert.deepEqual(voicePictures({ ...stateOf("m"), voices }, say).map((/** @type {any} */ one) => one.id), ["c", "b", "a"]);
});

test("a round is shown in heaps of those who answered so, and who passed is not asked why", () => {
  const answers = [
    { who: { id: "o", name: "Oma" }, answer: "yes" },
    { who: { id: "s", name: "Sami" }, answer: "pass" },
  ];
  const picture = voicePicture(scale({ kind: "round", status: "shown", answers }), stateOf("l"), say);
  assert.deepEqual(picture.heaps.map((/** @type {any} */ heap) => [heap.text, heap.people.map((/** @type {any} */ one) => one.name)]), [
    ["Ja: 1", ["Oma"]],
    ["Slaat over: 1", ["Sami"]],
  ]);
});

test("earlier times stand beneath it, the newest first, so that movement can be seen", () => {
  const history = [
    { at_text: "maandag 2 november", items: [{ id: "", label: "", lowest: 1, highest: 4 }] },
    { at_text: "maandag 16 november", items: [{ id: "", label: "", lowest: 2, highest: 6 }] },
  ];
  const picture = voicePicture(scale({ status: "shown", results: [RESULT], history }), stateOf("o"), say);
  assert.deepEqual(picture.history.map((/** @type {any} */ line) => line.text), [
    "maandag 16 november: laagste 2, hoogste 6",
    "maandag 2 november: laagste 1, hoogste 4",
  ]);
  assert.equal(picture.history[0].cells.filter((/** @type {any} */ cell) => cell.look === "within").length, 5);
  assert.deepEqual(voicePicture(scale({ history }), stateOf("o"), say).history, []);
});
