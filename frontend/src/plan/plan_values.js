/**
 * Reads the plan out of its document as typed values, the one shape that screens, server and signing share.
 * What is missing or was written by an unknown program is read as empty. Pure: changes nothing.
 */
import * as Y from "yjs";
import { dateText, listText, weekdays, whenText } from "./when_text.js";

/** @typedef {import("./when_text.js").When} When */
/** @typedef {import("./when_text.js").Say} Say */
/** @typedef {{ row: string, who: string[], what: string, when: When | null, checker: string | null, otherwise: string }} Agreement */
/** @typedef {{ date: string | null, convener: string | null }} Review */
/** @typedef {{ agreements: Agreement[], review: Review }} PlanValues */
/** @typedef {{ id: string, name: string }} Named somebody with a name */

/** @param {unknown} value @returns {string | null} */
function textOrNull(value) {
  return typeof value === "string" && value !== "" ? value : null;
}

/** @param {unknown} value @returns {string | null} a date that exists, as "2026-12-01" */
function dateOrNull(value) {
  if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return null;
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value) ? value : null;
}

/** @param {unknown} value @returns {When | null} */
export function readWhen(value) {
  if (typeof value !== "object" || value === null) return null;
  const { kind, date, every, days, until } = /** @type {Record<string, unknown>} */ (value);
  if (kind === "date") {
    const on = dateOrNull(date);
    return on ? { kind, date: on } : null;
  }
  if (kind !== "rhythm" || !["day", "week", "two_weeks", "month"].includes(String(every))) return null;
  /** @type {import("./when_text.js").InRhythm} */
  const rhythm = { kind, every: /** @type {"day" | "week" | "two_weeks" | "month"} */ (every) };
  if (Array.isArray(days) && (every === "week" || every === "two_weeks")) {
    rhythm.days = weekdays.filter((weekday) => days.includes(weekday));
  }
  const last = dateOrNull(until);
  if (last) rhythm.until = last;
  return rhythm;
}

/** @param {unknown} who @returns {string[]} ids of the people who are ticked */
function readWho(who) {
  if (!(who instanceof Y.Map)) return [];
  return [...who.entries()].filter(([, named]) => named === true).map(([id]) => id).sort();
}

/** @param {unknown} text @returns {string} */
function readText(text) {
  return text instanceof Y.Text || typeof text === "string" ? text.toString() : "";
}

/**
 * @param {string} row
 * @param {Y.Map<unknown>} values
 * @returns {Agreement}
 */
function readAgreement(row, values) {
  return {
    row,
    who: readWho(values.get("who")),
    what: readText(values.get("what")),
    when: readWhen(values.get("when")),
    checker: textOrNull(values.get("checker")),
    otherwise: readText(values.get("otherwise")),
  };
}

/**
 * All rows in their order, removed or not. Rows with the same order key stand in the order of their ids, on every device.
 * @param {Y.Map<any>} agreements
 * @returns {{ agreement: Agreement, order: string, removed: boolean }[]}
 */
export function readRows(agreements) {
  return [...agreements.entries()]
    .flatMap(([row, values]) => {
      if (!(values instanceof Y.Map)) return [];
      const order = String(values.get("order") ?? "");
      return [{ agreement: readAgreement(row, values), order, removed: Boolean(values.get("removed")) }];
    })
    .sort((one, two) => compare(one.order, two.order) || compare(one.agreement.row, two.agreement.row));
}

/** @param {string} one @param {string} two @returns {number} */
function compare(one, two) {
  return one < two ? -1 : Number(one > two);
}

/** @param {Y.Map<unknown>} review @returns {Review} */
export function readReview(review) {
  return { date: dateOrNull(review.get("date")), convener: textOrNull(review.get("convener")) };
}

/**
 * @param {Y.Doc} doc
 * @param {{ agreements: string, review: string }} instruments the ids of the board's parts
 * @returns {PlanValues} ordered, without removed rows
 */
export function readPlan(doc, instruments) {
  return {
    agreements: readRows(doc.getMap(instruments.agreements))
      .filter(({ removed }) => !removed)
      .map(({ agreement }) => agreement),
    review: readReview(doc.getMap(instruments.review)),
  };
}

/** @param {Agreement} agreement @returns {boolean} whether nobody filled in anything yet */
export function isBlank({ who, what, when, checker, otherwise }) {
  return who.length === 0 && !what.trim() && when === null && checker === null && !otherwise.trim();
}

/**
 * The whole agreement in sentences: "Oma Fatma en Sami: eten op woensdag samen. Elke woensdag. Mama let mee op. …"
 * @param {Agreement} agreement
 * @param {Named[]} people
 * @param {string} language
 * @param {Say} say
 * @returns {string}
 */
export function agreementSentence(agreement, people, language, say) {
  const names = agreement.who.map((id) => nameOf(id, people, say));
  const who = names.length ? listText(names, language) : say("plan.nobody_yet");
  const what = agreement.what.trim() || say("plan.nothing_yet");
  const sentences = [say("plan.sentence_what", { who, what })];
  const when = whenText(agreement.when, language, say);
  if (when) sentences.push(when);
  if (agreement.checker) sentences.push(say("plan.sentence_checker", { name: nameOf(agreement.checker, people, say) }));
  if (agreement.otherwise.trim()) sentences.push(`${say("plan.otherwise_lead")} ${agreement.otherwise.trim()}`);
  return sentences.map(asSentence).join(" ");
}

/**
 * @param {Review} review
 * @param {Named[]} people
 * @param {string} language
 * @param {Say} say
 * @returns {string} "We kijken terug op maandag 18 januari. Oma Fatma roept iedereen bij elkaar."
 */
export function reviewSentence({ date, convener }, people, language, say) {
  const sentences = [];
  if (date) sentences.push(say("plan.review_on", { date: dateText(date, language, say) }));
  if (convener) sentences.push(say("plan.review_by", { name: nameOf(convener, people, say) }));
  return sentences.join(" ");
}

/** @param {string} id @param {Named[]} people @param {Say} say @returns {string} */
export function nameOf(id, people, say) {
  return people.find((person) => person.id === id)?.name ?? say("plan.somebody");
}

/** @param {string} text @returns {string} with a capital in front and a full stop behind */
function asSentence(text) {
  const begun = text.charAt(0).toLocaleUpperCase() + text.slice(1);
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
}
