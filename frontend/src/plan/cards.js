/**
 * What the screen shows of each agreement, worked out from the plan, the people, their answers and who is where.
 * Pure: the template holds names only, every choice of words is made here.
 */
import { isBlank, nameOf } from "./plan_values.js";
import { hasDays, kindOf } from "./when_editing.js";
import { weekdayName, weekdays, whenText } from "./when_text.js";

/** @typedef {import("./plan_values.js").Agreement} Agreement */
/** @typedef {import("./when_text.js").Say} Say */
/** @typedef {import("./when_editing.js").Kind} Kind */
/** @typedef {{ id: string, name: string, side: string }} Person */
/** @typedef {{ id: string, name: string, side: string, initial: string, on: boolean }} Choice */
/** @typedef {"yes" | "asked_again" | "open"} Answer */
/**
 * @typedef {object} Surroundings
 * @property {Person[]} people
 * @property {Record<string, Record<string, Answer>>} answers
 * @property {import("./presence.js").Present[]} others
 * @property {string | null} openRow
 * @property {Kind} draftKind the kind that was chosen in the open row before its value is complete
 * @property {string} language
 * @property {Say} say
 */
/** @typedef {ReturnType<typeof makeCard>} Card */

/** @param {string} name @returns {string} */
export function initial(name) {
  return [...name.trim()][0]?.toLocaleUpperCase() ?? "?";
}

/** @param {string} id @param {Person[]} people @param {Say} say @returns {Person & { initial: string }} */
function somebody(id, people, say) {
  const name = nameOf(id, people, say);
  return { id, name, side: people.find((person) => person.id === id)?.side ?? "neutral", initial: initial(name) };
}

/**
 * The people who can be named: the circle first, then professionals. Who leads or interprets does not carry
 * agreements, but stays in the list where somebody named them.
 * @param {Person[]} people
 * @param {string[]} named
 * @param {Say} say
 * @returns {Choice[]}
 */
export function choices(people, named, say) {
  const fit = [...of(people, "circle"), ...of(people, "professional")].map(({ id }) => id);
  return [...fit, ...named.filter((id) => !fit.includes(id))].map((id) => ({
    ...somebody(id, people, say),
    on: named.includes(id),
  }));
}

/** @param {Person[]} people @param {string} side @returns {Person[]} */
export function of(people, side) {
  return people.filter((person) => person.side === side);
}

/** @param {Agreement} agreement @param {Surroundings} around */
function answerChips({ row, who }, { answers, people, say }) {
  const given = answers[row];
  if (!given) return [];
  return who
    .filter((id) => given[id])
    .map((id) => ({ id, kind: given[id], text: say(`plan.answer_${given[id]}`, { name: nameOf(id, people, say) }) }));
}

/**
 * @param {Agreement} agreement
 * @param {number} index
 * @param {number} count
 * @param {Surroundings} around
 */
function makeCard(agreement, index, count, around) {
  const { people, others, openRow, draftKind, language, say } = around;
  const { row, who, what, when, checker, otherwise } = agreement;
  const present = others.filter((other) => other.row === row);
  const open = row === openRow;
  const kind = kindOf(when) || (open ? draftKind : "");
  const chosen = when?.kind === "rhythm" ? (when.days ?? []) : [];
  const chips = open ? [] : answerChips(agreement, around);
  return {
    id: row,
    open,
    closed: !open,
    look: open ? "is-open" : present.some(({ field }) => field) ? "has-writer" : "",
    marked: chips.length > 0 || present.length > 0,
    // what is still to be filled in, asked where it will stand
    asks: {
      who: who.length === 0,
      what: !what.trim(),
      when: when === null,
      checker: checker === null,
      otherwise: !otherwise.trim() && !isBlank(agreement),
    },
    labels: {
      number: say("plan.number", { number: index + 1 }),
      change: say("plan.change", { number: index + 1 }),
      more: say("plan.more", { number: index + 1 }),
    },
    who: who.map((id) => somebody(id, people, say)),
    what: what.trim(),
    when: whenText(when, language, say),
    checker: checker ? nameOf(checker, people, say) : "",
    otherwise: otherwise.trim(),
    chips,
    present: present.map((other) => ({
      id: other.id,
      side: other.side,
      initial: initial(other.name),
      text: say(other.field ? "plan.typing" : "plan.here", { name: other.name }),
    })),
    // the side of who types in a field colours the line under it
    whatBy: present.find(({ field }) => field === "what")?.side ?? "",
    otherwiseBy: present.find(({ field }) => field === "otherwise")?.side ?? "",
    first: index === 0,
    last: index === count - 1,
    kind,
    dated: kind === "date",
    rhythmic: kind !== "" && kind !== "date",
    weekly: hasDays(kind),
    days: weekdays.map((weekday) => ({
      id: weekday,
      name: weekdayName(weekday, language),
      short: weekdayName(weekday, language, "short"),
      on: chosen.includes(weekday),
    })),
    date: when?.kind === "date" ? when.date : "",
    until: when?.kind === "rhythm" ? (when.until ?? "") : "",
    doers: choices(people, who, say),
    checkers: choices(people, checker ? [checker] : [], say),
    ids: idsFor(row),
  };
}

/** @param {string} row ids that tie labels to fields */
function idsFor(row) {
  return {
    card: `plan-${row}`,
    open: `plan-${row}-open`,
    menu: `plan-${row}-menu`,
    menuButton: `plan-${row}-menu-button`,
    what: `plan-${row}-what`,
    whatHint: `plan-${row}-what-hint`,
    kind: `plan-${row}-kind`,
    date: `plan-${row}-date`,
    until: `plan-${row}-until`,
    checker: `plan-${row}-checker`,
    otherwise: `plan-${row}-otherwise`,
    whatField: `${row}/what`,
    otherwiseField: `${row}/otherwise`,
  };
}

/**
 * A card per agreement. A card that says the same as before is the same object, so that nothing is drawn anew.
 * @param {Agreement[]} agreements
 * @param {Surroundings} around
 * @param {Card[]} before
 * @returns {Card[]}
 */
export function makeCards(agreements, around, before) {
  const known = new Map(before.map((card) => [card.id, card]));
  return agreements.map((agreement, index) => {
    const card = makeCard(agreement, index, agreements.length, around);
    const old = known.get(card.id);
    return old && JSON.stringify(old) === JSON.stringify(card) ? old : card;
  });
}
