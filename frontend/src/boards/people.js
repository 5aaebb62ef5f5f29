/** People as a board shows them: a dot with an initial, the colour of a side, and who is where. Pure. */
import { nameOf } from "../plan/plan_values.js";

/** @typedef {import("./part.js").Person} Person */
/** @typedef {import("./part.js").Say} Say */
/** @typedef {{ id: string, name: string, side: string, initial: string, on: boolean }} Choice */

/** @param {string} name @returns {string} */
export function initial(name) {
  return [...name.trim()][0]?.toLocaleUpperCase() ?? "?";
}

/** @param {string} id @param {Person[]} people @param {Say} say @returns {Person & { initial: string }} */
export function somebody(id, people, say) {
  const name = nameOf(id, people, say);
  return { id, name, side: people.find((person) => person.id === id)?.side ?? "neutral", initial: initial(name) };
}

/** @param {Person[]} people @param {string} side @returns {Person[]} */
export function of(people, side) {
  return people.filter((person) => person.side === side);
}

/** A line that is a proposal does not say whose it is. @param {Person[]} people @param {Say} say @returns {string} */
export function proposalText(people, say) {
  const proposers = people.filter(({ proposes }) => proposes);
  return proposers.length === 1 ? say("plan.proposal", { name: proposers[0].name }) : say("plan.proposal_open");
}

/** @param {Person[]} people @returns {Person[]} the circle first, then the others */
function circleFirst(people) {
  return [...of(people, "circle"), ...people.filter(({ side }) => side !== "circle")];
}

/**
 * @param {Person[]} fit who can be named
 * @param {Person[]} people
 * @param {string[]} named stay in the list where somebody named them
 * @param {Say} say
 * @returns {Choice[]}
 */
function choicesAmong(fit, people, named, say) {
  const ids = new Set([...circleFirst(fit).map(({ id }) => id), ...named]);
  return [...ids].map((id) => ({ ...somebody(id, people, say), on: named.includes(id) }));
}

/** Everybody, to stand beside a line. @param {Person[]} people @param {string[]} named @param {Say} say */
export function everybody(people, named, say) {
  return choicesAmong(people, people, named, say);
}

/**
 * Who can be named in an agreement: that is the protocol's to say.
 * @param {Person[]} people
 * @param {string[]} named
 * @param {Say} say
 */
export function carriers(people, named, say) {
  return choicesAmong(people.filter(({ carries }) => carries), people, named, say);
}

/**
 * Who can call everybody together to look back: the protocol's to say as well.
 * @param {Person[]} people
 * @param {string[]} named
 * @param {Say} say
 */
export function conveners(people, named, say) {
  return choicesAmong(people.filter(({ convenes }) => convenes), people, named, say);
}

/** @param {import("./presence.js").Present} other @param {Say} say @returns {string} */
function presenceWords({ field, name }, say) {
  if (field === "ink") return say("board.drawing", { name });
  return say(field ? "board.typing" : "board.here", { name });
}

/**
 * @param {string} row
 * @param {{ others: import("./presence.js").Present[], say: Say }} around
 */
export function presentIn(row, { others, say }) {
  return others
    .filter((other) => other.row === row)
    .map((other) => ({
      id: other.id,
      side: other.side,
      field: other.field,
      initial: initial(other.name),
      text: presenceWords(other, say),
    }));
}
