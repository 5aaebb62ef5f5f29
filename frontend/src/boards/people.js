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

/**
 * The people who can be named: the circle first, then professionals. Who leads or interprets does not carry
 * agreements, but stays in the list where somebody named them; with `everybody` they can be named as well.
 * @param {Person[]} people
 * @param {string[]} named
 * @param {Say} say
 * @param {{ everybody?: boolean }} [how]
 * @returns {Choice[]}
 */
export function choices(people, named, say, { everybody = false } = {}) {
  const fit = [...of(people, "circle"), ...of(people, "professional")].map(({ id }) => id);
  const others = everybody ? people.map(({ id }) => id) : named;
  return [...new Set([...fit, ...others, ...named])].map((id) => ({ ...somebody(id, people, say), on: named.includes(id) }));
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
