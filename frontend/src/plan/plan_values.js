/**
 * Reads the plan out of its document as typed values, the one shape that screens, server and signing share.
 * What is missing or was written by an unknown program is read as empty. Pure: changes nothing.
 */
import { isBlankRow, textOrNull, trueOrNull } from "../boards/rows.js";
import { dateText, listText, weekdays, whenText } from "./when_text.js";

/** @typedef {import("./when_text.js").When} When */
/** @typedef {import("./when_text.js").Say} Say */
/** @typedef {{ row: string, who: string[], what: string, when: When | null, checker: string | null, otherwise: string, proposal?: true | null, proposed?: boolean }} Agreement */
/** @typedef {{ date: string | null, convener: string | null }} Review */
/** @typedef {{ agreements: Agreement[], review: Review }} PlanValues */
/** @typedef {{ id: string, name: string }} Named somebody with a name */

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

/** What a row of the plan is made of. @type {import("../boards/rows.js").Shape} */
export const planShape = {
  sets: ["who"],
  texts: ["what", "otherwise"],
  plain: { when: readWhen, checker: textOrNull, proposal: trueOrNull },
  silent: ["proposal"],
};

/** @param {import("yjs").Map<unknown>} review @returns {Review} */
export function readReview(review) {
  return { date: dateOrNull(review.get("date")), convener: textOrNull(review.get("convener")) };
}

/** @param {Agreement} agreement @returns {boolean} whether nobody filled in anything yet */
export function isBlank(agreement) {
  return isBlankRow(agreement, planShape);
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
