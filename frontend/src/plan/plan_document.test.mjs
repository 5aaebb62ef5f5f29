/** Bringing a board back to what it said earlier. Run with: node --test frontend/src/plan */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as Y from "yjs";
import { PlanDocument } from "./plan_document.js";

const instruments = [
  { id: "agreements", kind: "plan" },
  { id: "review", kind: "review" },
  { id: "notes", kind: "text" },
];

/** @param {PlanDocument} plan @returns {import("./plan_document.js").BoardValues} */
const valuesOf = (plan) => structuredClone({ ...plan.values(), notes: plan.notes?.toString() ?? "" });

/** @param {PlanDocument} plan @param {string} what @param {string[]} [who] @returns {string} */
function add(plan, what, who = []) {
  const row = plan.addRow();
  plan.text(row, "what")?.insert(0, what);
  for (const person of who) plan.setDoer(row, person, true);
  return row;
}

function aPlan() {
  const plan = new PlanDocument(new Y.Doc(), instruments);
  const eat = add(plan, "eet op woensdag met Sami", ["oma"]);
  const call = add(plan, "belt met mama", ["linda", "bas"]);
  plan.setWhen(call, { kind: "rhythm", every: "week", days: ["fr"] });
  plan.setChecker(eat, "mama");
  plan.setReview("date", "2026-12-24");
  plan.setReview("convener", "oma");
  plan.notes?.insert(0, "Wat als oma ziek is?");
  return { plan, eat, call };
}

/** @param {PlanDocument} plan @returns {PlanDocument} the same board on another device */
function elsewhere(plan) {
  const other = new Y.Doc();
  Y.applyUpdate(other, Y.encodeStateAsUpdate(plan.doc));
  return new PlanDocument(other, instruments);
}

test("whatever happened to it, the board says again what it said, and one undo takes that back", () => {
  const { plan, eat, call } = aPlan();
  const earlier = valuesOf(plan);
  plan.text(eat, "what")?.delete(0, 12);
  plan.setDoer(eat, "oma", false);
  plan.setDoer(eat, "sami", true);
  plan.setChecker(eat, "");
  plan.remove(call);
  add(plan, "vandalisme");
  plan.move(eat, 1);
  plan.agreements.delete(call);
  plan.setReview("date", "");
  plan.setReview("convener", "bas");
  plan.notes?.delete(0, plan.notes.length);
  const broken = valuesOf(plan);

  plan.become(earlier);
  assert.deepEqual(valuesOf(plan), earlier);
  assert.equal(plan.removedRows().length, 1);

  plan.undo();
  assert.deepEqual(valuesOf(plan), broken);
});

test("of a board that says the same nothing is touched", () => {
  const { plan } = aPlan();
  const before = Y.encodeStateAsUpdate(plan.doc);
  plan.become(valuesOf(plan));
  assert.deepEqual(Y.encodeStateAsUpdate(plan.doc), before);
});

// Yjs lets the number of a device decide who comes first: whatever is true must be true for both orders.
for (const [order, mine, theirs] of /** @type {[string, number, number][]} */ ([["before", 1, 2], ["behind", 2, 1]])) {
  for (const [part, at, typed, result] of /** @type {[string, number, string, string][]} */ ([
    ["at the end", 12, " en mama", "eet op woensdag met Sami en mama"],
    ["at the start", 0, "mee: ", "mee: eet op woensdag met Sami"],
    ["behind what is brought back", 8, "Bas en ", "eet op woensdag met Bas en Sami"],
  ])) {
    test(`what somebody whose device comes ${order} types ${part} of the same line is kept whole`, () => {
      const { plan, eat } = aPlan();
      const earlier = valuesOf(plan);
      plan.text(eat, "what")?.delete(3, 12);
      const other = elsewhere(plan);
      plan.doc.clientID = mine;
      other.doc.clientID = theirs;
      other.text(eat, "what")?.insert(at, typed);
      plan.become(earlier);
      Y.applyUpdate(plan.doc, Y.encodeStateAsUpdate(other.doc));
      assert.equal(plan.text(eat, "what")?.toString(), result);
    });
  }

  test(`two who bring it back at once end with the same board, also when one comes ${order} the other`, () => {
    const { plan, call } = aPlan();
    const earlier = valuesOf(plan);
    plan.remove(call);
    plan.setDoer(call, "bas", false);
    const other = elsewhere(plan);
    plan.doc.clientID = mine;
    other.doc.clientID = theirs;
    plan.become(earlier);
    other.become(earlier);
    Y.applyUpdate(plan.doc, Y.encodeStateAsUpdate(other.doc));
    Y.applyUpdate(other.doc, Y.encodeStateAsUpdate(plan.doc));
    assert.deepEqual(valuesOf(plan), earlier);
    assert.deepEqual(valuesOf(other), earlier);
  });
}
