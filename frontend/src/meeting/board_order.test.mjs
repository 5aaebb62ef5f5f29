/** Which board is open first. Run with: node --test frontend/src/meeting */
import assert from "node:assert/strict";
import { test } from "node:test";
import { boardToShow, boardsOf } from "./board_order.js";

/** @param {string} id @param {string} access @param {string} kind @param {boolean} [live] */
const board = (id, access, kind, live = true) => ({ id, access, live, title: id, instruments: [{ id: "x", kind }] });
const plan = board("one", "write", "plan");

/** @param {any[]} boards @param {any} [more] */
const ids = (boards, more = {}) => boardsOf({ boards, plan: null, acts: [], ...more }).map(({ id }) => id);

test("what I may write comes before what I read, and of those the plan first", () => {
  const boards = [board("read", "read", "text"), board("map", "write", "columns"), plan, board("other", "read", "plan")];
  assert.deepEqual(ids(boards), ["one", "map", "other", "read"]);
});

test("the board that a phase is about comes before all others, also to read", () => {
  const story = { ...board("story", "read", "list"), opens: true };
  assert.deepEqual(ids([plan, board("map", "write", "columns"), story]), ["story", "one", "map"]);
  assert.deepEqual(ids([plan, { ...board("map", "write", "columns"), opens: true }]), ["map", "one"]);
});

test("the board that was chosen stays, until it is no longer mine to read", () => {
  const state = { boards: [plan, board("map", "write", "columns")], plan: null, acts: [] };
  assert.equal(boardToShow(state, "map").id, "map");
  assert.equal(boardToShow({ ...state, boards: [plan] }, "map").id, "one");
  assert.equal(boardToShow({ ...state, boards: [] }, "map"), null);
});

test("a frozen plan is not read on its board, unless it is written on again; other boards stay", () => {
  const boards = [board("one", "read", "plan", false), board("map", "read", "columns")];
  assert.deepEqual(ids(boards, { plan: {} }), ["map"]);
  assert.deepEqual(ids(boards), ["one", "map"]);
  assert.deepEqual(ids([board("one", "read", "plan"), boards[1]], { plan: {} }), ["one", "map"]);
});
