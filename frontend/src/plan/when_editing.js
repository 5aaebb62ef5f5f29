/** Changes to the "when" of an agreement, each from one value to the next, as the fields of the screen ask them. Pure. */
import { weekdays } from "./when_text.js";

/** @typedef {import("./when_text.js").When} When */
/** @typedef {import("./when_text.js").Weekday} Weekday */
/** @typedef {"" | "date" | "day" | "week" | "two_weeks" | "month"} Kind what the first field offers; empty is "not yet" */

/** @type {Kind[]} */
export const kinds = ["date", "day", "week", "two_weeks", "month"];

/** @param {When | null} when @returns {Kind} */
export function kindOf(when) {
  if (!when) return "";
  return when.kind === "date" ? "date" : when.every;
}

/** @param {Kind} kind @returns {boolean} whether days of the week belong to it */
export function hasDays(kind) {
  return kind === "week" || kind === "two_weeks";
}

/**
 * @param {When | null} when
 * @param {Kind} kind
 * @returns {When | null} null too for a date that is still to be chosen
 */
export function withKind(when, kind) {
  if (kind === "" || kind === "date") return when?.kind === "date" && kind === "date" ? when : null;
  const before = when?.kind === "rhythm" ? when : null;
  return {
    kind: "rhythm",
    every: kind,
    ...(hasDays(kind) ? { days: before?.days ?? [] } : {}),
    ...(before?.until ? { until: before.until } : {}),
  };
}

/** @param {When | null} when @param {Weekday} weekday @param {boolean} on @returns {When | null} */
export function withDay(when, weekday, on) {
  if (when?.kind !== "rhythm") return when;
  const chosen = new Set(when.days ?? []);
  if (on) chosen.add(weekday);
  else chosen.delete(weekday);
  return { ...when, days: weekdays.filter((day) => chosen.has(day)) };
}

/** @param {When | null} when @param {string} date empty takes it away @returns {When | null} */
export function withUntil(when, date) {
  if (when?.kind !== "rhythm") return when;
  const { until: _before, ...rest } = when;
  return date ? { ...rest, until: date } : rest;
}

/** @param {string} date @returns {When | null} */
export function onDate(date) {
  return date ? { kind: "date", date } : null;
}
