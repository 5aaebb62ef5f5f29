/** What the meeting screen shows, in the Dutch that people read. Run with: node --test frontend/src/meeting */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const locale = new URL("../../locales/nl/", import.meta.url);
const catalogues = readdirSync(locale).map((file) => readFileSync(new URL(file, locale), "utf8")).join("\n");
const texts = Object.fromEntries([...catalogues.matchAll(/^msgid "(.+)"\nmsgstr "(.+)"$/gm)].map(([, key, text]) => [key, text]));
Object.assign(globalThis, { document: { getElementById: () => ({ textContent: JSON.stringify(texts) }) } });
const { pictureOf } = await import("./picture.js");

/** @param {string} id @param {string} side @param {any} [more] */
const person = (id, side, more = {}) => ({ id, name: id, side, relation: "", role_title: side, central: false, here: true, ready: false, ...more });
const sami = person("Sami", "circle", { central: true });
const oma = person("Oma", "circle");
const linda = person("Linda", "professional");
const marieke = person("Marieke", "facilitator");

/** @param {any} me @param {any} [more] */
const seenBy = (me, more = {}) =>
  pictureOf({
    me,
    language: "nl",
    phase: "one",
    meeting: { title: "Rond Sami", central_person: { id: "Sami", name: "Sami" } },
    road: [],
    private: null,
    boards: [],
    people: [sami, oma, linda, marieke],
    agreements: [],
    moves: [],
    acts: [],
    to_do: [],
    mine: { consents: [] },
    plan: null,
    preparation: null,
    ...more,
  });

test("behind the closed door only who is inside is here", () => {
  const inside = seenBy(sami, { private: { inside: true, call: null } });
  assert.equal(inside.hereText, "2 mensen hier");
  assert.deepEqual(
    inside.people.map(({ id, here, isOut }) => [id, here, isOut]),
    [["Sami", true, false], ["Oma", true, false], ["Linda", false, true], ["Marieke", false, true]],
  );
  const open = seenBy(sami);
  assert.equal(open.hereText, "4 mensen hier");
  assert.ok(open.people.every(({ here, isOut }) => here && !isOut));
});

/** @param {string} mine */
const agreement = (mine) => ({ row: `row-${mine}`, who: ["Oma"], what: "kookt", when_text: "", checker: null, otherwise: "", hash: "x", mine });

test("an open agreement of mine may be answered both ways, and a given answer may be changed", () => {
  const offers = ["open", "asked_again", "yes", "no"].map((mine) => {
    const [one] = seenBy(oma, { agreements: [agreement(mine)] }).agreements;
    return [one.canSayYes, one.noLabel];
  });
  assert.deepEqual(offers, [[true, "Liever niet"], [true, "Liever niet"], [false, "Toch liever niet"], [true, ""]]);
});

test("who is called from private time reads to go to the door, and has nothing else to press", () => {
  /** @param {any} me @param {any} who */
  const door = (me, who) => seenBy(me, { acts: ["look_ahead"], private: { inside: false, call: who && { by: null, for: who } } });
  assert.equal(door(marieke, marieke).lamp.forWhom, "De kring roept u. Ga naar de deur.");
  assert.equal(door(marieke, marieke).doorLooksAhead, false);
  assert.equal(door(marieke, linda).lamp.forWhom, "De kring roept Linda.");
  assert.equal(door(marieke, linda).doorLooksAhead, true);
  assert.equal(door(marieke, null).doorLooksAhead, true);
});

test("nobody is counted as long as nobody is known to be here", () => {
  assert.equal(seenBy(sami, { people: [{ ...sami, here: false }] }).hereText, "");
  assert.equal(seenBy(sami, { people: [{ ...sami, here: false, ready: true }] }).hereText, "1 klaar");
  assert.equal(seenBy(sami, { people: [{ ...sami, ready: true }] }).hereText, "1 persoon hier · 1 klaar");
});

test("nobody is asked to say ready where they end private time or sign, and who leads never", () => {
  const acts = ["say_ready", "sign"];
  /** @param {{ id: string, name: string }[]} waiting */
  const plan = (waiting) => ({ signed: [], waiting });
  assert.equal(seenBy(oma, { acts }).offersReady, true);
  assert.equal(seenBy(marieke, { acts }).offersReady, false);
  assert.equal(seenBy(oma).offersReady, false);
  assert.equal(seenBy(oma, { acts, private: { inside: true, call: null } }).offersReady, false);
  assert.equal(seenBy(oma, { acts, plan: plan([sami]) }).offersReady, false);
  assert.equal(seenBy(oma, { acts: ["say_ready"], plan: plan([sami]) }).offersReady, true);
  assert.equal(seenBy(oma, { acts, plan: plan([]) }).offersReady, true);
});

test("who leads sees the preparation as long as a meeting is ahead, and after that the people", () => {
  const oneToPrepare = { ...oma, taking_part: "present", age_band: null, consent: "yes", prepared: true, safety: { safe: true, measure: "" }, link: "used" };
  /** @param {boolean} ahead */
  const seen = (ahead) => seenBy(marieke, { acts: ["add_person", "manage_people"], preparation: { ahead, people: [oneToPrepare] } });
  assert.equal(seen(true).preparation.length, 1);
  assert.equal(seen(true).peopleAside, false);
  assert.equal(seen(false).preparation.length, 0);
  assert.equal(seen(false).peopleAside, true);
  assert.equal(seen(false).offersCircle, true);
});

/** @param {any} [more] */
const move = (more = {}) => ({ id: "look_back", label: "Begin met terugkijken", direction: "forward", may: true, missing: [], pending: null, who: [], ...more });

test("the step to look back is no call for now until its day has come, and says which day that is", () => {
  /** @param {any} me @param {string} rests */
  const main = (me, rests) => seenBy(me, { moves: [move()], plan: { signed: [], waiting: [], rests_until_text: rests } }).moves.main;
  assert.equal(main(marieke, "zaterdag 9 januari").look, "btn-now is-waiting");
  assert.equal(main(marieke, "zaterdag 9 januari").restsText, "Terugkijken is op zaterdag 9 januari.");
  assert.equal(main(oma, "zaterdag 9 januari").restsText, "Terugkijken is op zaterdag 9 januari.");
  assert.equal(main(marieke, "").look, "btn-now");
  assert.equal(main(marieke, "").restsText, "");
});

test("who waits for a step of others reads the names of all who may make it", () => {
  /** @param {any[]} who */
  const theirs = (who) => seenBy(marieke, { moves: [move({ may: false, label: "Ja, met deze coach", who })] }).moves.theirs.waitsFor;
  const karim = { id: "Karim", name: "Karim" };
  assert.equal(theirs([sami]), "Sami is aan zet: ‘Ja, met deze coach’.");
  assert.equal(theirs([sami, karim]), "Sami of Karim is aan zet: ‘Ja, met deze coach’.");
  assert.equal(theirs([sami, karim, oma]), "Sami, Karim of Oma is aan zet: ‘Ja, met deze coach’.");
});

test("how much is still needed stands in one piece behind the step", () => {
  const { main } = seenBy(marieke, { moves: [move({ label: "Naar tekenen", missing: [{ text: "x", hard: true }] })] }).moves;
  assert.equal(main.button, "Naar tekenen (nog\u00a01)");
});
