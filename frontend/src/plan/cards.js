/**
 * What the screen shows of each agreement, worked out from the plan, the people, their answers and who is where.
 * Pure: the template holds names only, every choice of words is made here.
 */
import { carriers, presentIn, proposalText, somebody } from "../boards/people.js";
import { isBlank, nameOf } from "./plan_values.js";
import { hasDays, kindOf } from "./when_editing.js";
import { weekdayName, weekdays, whenText } from "./when_text.js";

/** @typedef {import("./plan_values.js").Agreement} Agreement */
/** @typedef {import("../boards/part.js").Surroundings} Surroundings */
/** @typedef {ReturnType<typeof makeCard>} Card */

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
  const { people, openRow, draftKind, language, say } = around;
  const { row, who, what, when, checker, otherwise } = agreement;
  const present = presentIn(row, around);
  const open = row === openRow;
  const kind = kindOf(when) || (open ? draftKind : "");
  const chosen = when?.kind === "rhythm" ? (when.days ?? []) : [];
  const chips = open ? [] : answerChips(agreement, around);
  return {
    id: row,
    open,
    closed: !open,
    look: open ? "is-open" : present.some(({ field }) => field) ? "has-writer" : "",
    marked: chips.length > 0 || present.length > 0 || Boolean(agreement.proposal),
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
    present,
    proposal: agreement.proposal ? proposalText(people, say) : "",
    canTakeOver: Boolean(agreement.proposal) && around.mayTakeOver && around.canWrite && !open,
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
    doers: carriers(people, who, say),
    checkers: carriers(people, checker ? [checker] : [], say),
    ids: idsFor(row),
  };
}

/** @param {string} row ids that tie labels to fields */
function idsFor(row) {
  return {
    card: `row-${row}`,
    open: `row-${row}-open`,
    menu: `row-${row}-menu`,
    menuButton: `row-${row}-menu-button`,
    what: `row-${row}-what`,
    whatHint: `row-${row}-what-hint`,
    kind: `row-${row}-kind`,
    date: `row-${row}-date`,
    until: `row-${row}-until`,
    checker: `row-${row}-checker`,
    otherwise: `row-${row}-otherwise`,
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
