/**
 * Says in words when something happens: "elke woensdag", "dinsdag en donderdag, tot 1 maart", "zaterdag 5 december".
 * The server says the same words from the same texts; tests/when_texts.json holds both to it. Pure.
 */

/** @typedef {"mo" | "tu" | "we" | "th" | "fr" | "sa" | "su"} Weekday */
/** @typedef {{ kind: "date", date: string }} OnDate */
/** @typedef {{ kind: "rhythm", every: "day" | "week" | "two_weeks" | "month", days?: Weekday[], until?: string }} InRhythm */
/** @typedef {OnDate | InRhythm} When */
/** @typedef {(key: string, values?: Record<string, string | number>) => string} Say a text by its key */

/** @type {Weekday[]} */
export const weekdays = ["mo", "tu", "we", "th", "fr", "sa", "su"];

/** A Monday, from which the names of all days follow. */
const someMonday = Date.UTC(2024, 0, 1);
const day = 86_400_000;

/** @param {string} language @returns {string} the English of Europe: days before months, no comma before "and" */
function locale(language) {
  return language === "en" ? "en-GB" : language;
}

/**
 * @param {Weekday} weekday
 * @param {string} language
 * @param {"long" | "short"} [length]
 * @returns {string} "woensdag", or short "wo"
 */
export function weekdayName(weekday, language, length = "long") {
  const date = new Date(someMonday + weekdays.indexOf(weekday) * day);
  return new Intl.DateTimeFormat(locale(language), { weekday: length, timeZone: "UTC" }).format(date).replace(".", "");
}

/** @param {string[]} words @param {string} language @returns {string} "a, b en c" */
export function listText(words, language) {
  return new Intl.ListFormat(locale(language), { type: "conjunction" }).format(words);
}

/** @param {string} iso "2027-03-01" @returns {Date | null} */
function dateOf(iso) {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(iso)) return null;
  const date = new Date(`${iso}T00:00:00Z`);
  return Number.isNaN(date.getTime()) ? null : date;
}

/**
 * @param {string} iso "2026-12-05"
 * @param {string} language
 * @param {Say} say
 * @returns {string} "zaterdag 5 december"; empty when it is no date
 */
export function dateText(iso, language, say) {
  const date = dateOf(iso);
  if (!date) return "";
  const format = new Intl.DateTimeFormat(locale(language), { weekday: "long", timeZone: "UTC" });
  return say("plan.when_date", { weekday: format.format(date), date: dayAndMonth(date, language) });
}

/** @param {Date} date @param {string} language @returns {string} "5 december" */
function dayAndMonth(date, language) {
  return new Intl.DateTimeFormat(locale(language), { day: "numeric", month: "long", timeZone: "UTC" }).format(date);
}

/**
 * @param {When | null | undefined} when
 * @param {string} language
 * @param {Say} say
 * @returns {string} empty when nothing was agreed about it yet
 */
export function whenText(when, language, say) {
  if (!when) return "";
  if (when.kind === "date") return dateText(when.date, language, say);
  const rhythm = rhythmText(when, language, say);
  const until = when.until ? dateOf(when.until) : null;
  return rhythm && until ? say("plan.when_until", { rhythm, date: dayAndMonth(until, language) }) : rhythm;
}

/** @param {Weekday[]} days in the order of the week @param {string} language @param {Say} say @returns {string} */
function daysText(days, language, say) {
  if (days.join() === weekdays.slice(0, 5).join()) return say("plan.when_monday_to_friday");
  return listText(
    days.map((weekday) => weekdayName(weekday, language)),
    language,
  );
}

/** @param {InRhythm} rhythm @param {string} language @param {Say} say @returns {string} */
function rhythmText({ every, days: chosen = [] }, language, say) {
  const days = weekdays.filter((weekday) => chosen.includes(weekday));
  const names = daysText(days, language, say);
  if (every === "day") return say("plan.when_every_day");
  if (every === "month") return say("plan.when_every_month");
  if (every === "two_weeks") {
    return days.length ? say("plan.when_two_weeks_on", { days: names }) : say("plan.when_two_weeks");
  }
  if (every !== "week") return "";
  if (days.length === 0) return say("plan.when_every_week");
  return days.length === 1 ? say("plan.when_every_weekday", { day: names }) : say("plan.when_weekdays", { days: names });
}
