/** What the fields of an open agreement do to the plan: each is one change, of one row. */
import { isWholeDate } from "../boards/screen.js";
import { onDate, withDay, withKind, withUntil } from "./when_editing.js";

/** @typedef {import("./when_text.js").When} When */

/** @param {() => import("../boards/live_board.js").LiveBoard | null} live the board that is open now */
export function fieldActs(live) {
  /** @param {string} row @param {(when: When | null) => When | null} change */
  function changeWhen(row, change) {
    const plan = live()?.document.plan;
    const agreement = plan?.agreements().find((one) => one.row === row);
    if (agreement) plan?.setWhen(row, change(agreement.when));
  }

  return {
    /** @param {string} row @param {string} person @param {boolean} named */
    setDoer(row, person, named) {
      live()?.document.plan?.setDoer(row, person, named);
    },

    /** @param {string} row @param {string} person empty: nobody yet */
    setChecker(row, person) {
      live()?.document.plan?.setChecker(row, person);
    },

    /** @param {string} row @param {import("./when_editing.js").Kind} kind */
    changeKind(row, kind) {
      changeWhen(row, (when) => withKind(when, kind));
    },

    /** @param {string} row @param {import("./when_text.js").Weekday} day @param {boolean} on */
    setDay(row, day, on) {
      changeWhen(row, (when) => withDay(when, day, on));
    },

    /** @param {string} row @param {string} date */
    setDate(row, date) {
      if (isWholeDate(date)) changeWhen(row, () => onDate(date));
    },

    /** @param {string} row @param {string} date */
    setUntil(row, date) {
      if (isWholeDate(date)) changeWhen(row, (when) => withUntil(when, date));
    },

    /** @param {string} row a proposal that becomes the circle's own */
    takeOver(row) {
      live()?.document.plan?.takeOver(row);
    },

    /** @param {"date" | "convener"} key @param {string} value */
    setReview(key, value) {
      if (key === "convener" || isWholeDate(value)) live()?.document.review?.set(key, value);
    },
  };
}
