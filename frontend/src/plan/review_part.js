/** The day to look back on the plan, and who calls everybody together. */
import { Part } from "../boards/part.js";
import { conveners } from "../boards/people.js";
import { setOrDelete } from "../boards/rows.js";
import { readReview, reviewSentence } from "./plan_values.js";
import { dateText } from "./when_text.js";

/** @typedef {import("./plan_values.js").Review} Review */
/** @typedef {import("../boards/part.js").Surroundings} Surroundings */

export class ReviewPart extends Part {
  /** @returns {import("yjs").Map<unknown>} */
  get map() {
    return this.doc.getMap(this.id);
  }

  get roots() {
    return [this.map];
  }

  /** @returns {Review} */
  values() {
    return readReview(this.map);
  }

  /** @param {"date" | "convener"} key @param {string} value empty: not yet */
  set(key, value) {
    this.change(() => setOrDelete(this.map, key, value));
  }

  /** @param {Review} review */
  become(review) {
    for (const key of /** @type {const} */ (["date", "convener"])) {
      if (this.values()[key] !== review[key]) setOrDelete(this.map, key, review[key]);
    }
  }

  /** @param {Review} review @param {Surroundings} around */
  sentences(review, { people, language, say }) {
    return [reviewSentence(review, people, language, say)].filter(Boolean);
  }

  /** @param {Surroundings} around */
  picture(around) {
    const { people, language, say } = around;
    const review = this.values();
    return {
      ...this.head(around),
      shows: around.canWrite || Boolean(review.date || review.convener),
      date: review.date ?? "",
      dateText: review.date ? dateText(review.date, language, say) : "",
      sentence: reviewSentence(review, people, language, say),
      choices: conveners(people, review.convener ? [review.convener] : [], say),
    };
  }

  /** @param {string} _name @param {number} _index @param {import("../boards/part.js").Say} say */
  changedWords(_name, _index, say) {
    return say("plan.changed");
  }
}
