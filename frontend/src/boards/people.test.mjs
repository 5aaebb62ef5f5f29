/** Who can be named where. Run with: node --test frontend/src/boards */
import assert from "node:assert/strict";
import { test } from "node:test";
import { carriers, conveners, everybody } from "./people.js";

/** @param {string} key */
const say = (key) => key;
const people = [
  { id: "coach", name: "Marieke", side: "facilitator", carries: true, convenes: false },
  { id: "linda", name: "Linda", side: "professional", carries: true, convenes: false },
  { id: "tolk", name: "Nour", side: "neutral", carries: false, convenes: false },
  { id: "sami", name: "Sami", side: "circle", carries: true, convenes: false },
  { id: "karim", name: "Karim", side: "circle", carries: true, convenes: true },
];

/** @param {import("./people.js").Choice[]} choices */
const ids = (choices) => choices.map(({ id }) => id);

test("who carries agreements is the protocol's to say, and the circle stands first", () => {
  assert.deepEqual(ids(carriers(people, [], say)), ["sami", "karim", "coach", "linda"]);
  const withoutCoach = people.map((person) => (person.id === "coach" ? { ...person, carries: false } : person));
  assert.deepEqual(ids(carriers(withoutCoach, [], say)), ["sami", "karim", "linda"]);
});

test("who calls everybody together is the protocol's to say too", () => {
  assert.deepEqual(ids(conveners(people, [], say)), ["karim"]);
});

test("who was named stays in the list, to be unnamed", () => {
  const choices = carriers(people, ["tolk", "sami"], say);
  assert.deepEqual(ids(choices), ["sami", "karim", "coach", "linda", "tolk"]);
  assert.deepEqual(ids(choices.filter(({ on }) => on)), ["sami", "tolk"]);
  assert.deepEqual(ids(conveners(people, ["linda"], say)), ["karim", "linda"]);
});

test("everybody can stand beside a line, the circle first", () => {
  assert.deepEqual(ids(everybody(people, [], say)), ["sami", "karim", "coach", "linda", "tolk"]);
});
