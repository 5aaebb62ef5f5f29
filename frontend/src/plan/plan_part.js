/** The plan on a board: every change that a person can make to it, and what the screen shows of it. */
import { RowsPart } from "../boards/rows_part.js";
import { makeCards } from "./cards.js";
import { agreementSentence, planShape } from "./plan_values.js";

/** @typedef {import("./plan_values.js").Agreement} Agreement */
/** @typedef {import("../boards/part.js").Surroundings} Surroundings */

export class PlanPart extends RowsPart {
  get shape() {
    return planShape;
  }

  /** @returns {Agreement[]} in their order */
  agreements() {
    return /** @type {Agreement[]} */ (this.rows.shown());
  }

  /** @returns {Agreement[]} as server and signing know them */
  values() {
    return this.agreements().map(({ proposal, ...rest }) => (proposal ? { ...rest, proposed: true } : rest));
  }

  /** @param {Agreement[]} earlier */
  become(earlier) {
    this.rows.become(earlier.map(({ proposed, ...rest }) => ({ ...rest, proposal: proposed || null })));
  }

  /** @param {string} row @param {string} person @param {boolean} named */
  setDoer(row, person, named) {
    this.rows.tick(row, "who", person, named);
  }

  /** @param {string} row @param {import("./when_text.js").When | null} when */
  setWhen(row, when) {
    this.rows.set(row, "when", when);
  }

  /** @param {string} row @param {string} person empty: nobody yet */
  setChecker(row, person) {
    this.rows.set(row, "checker", person);
  }

  /** The circle makes somebody's proposal its own. @param {string} row */
  takeOver(row) {
    this.rows.set(row, "proposal", null);
  }

  /** @param {number} index @param {string} field @param {import("./when_text.js").Say} say @returns {string} */
  labelOf(index, field, say) {
    return say(`plan.kept_${field}`, { number: index + 1 });
  }

  /** @param {import("../boards/rows.js").Row} agreement @param {Surroundings} around @returns {string} */
  sentence(agreement, { people, language, say }) {
    return agreementSentence(/** @type {Agreement} */ (agreement), people, language, say);
  }

  /** @param {string} name @param {number} index @param {import("./when_text.js").Say} say @returns {string} */
  changedWords(name, index, say) {
    return say("plan.changed_row", { name, number: index + 1 });
  }

  /** @param {Surroundings} around @param {any} [before] what it showed last */
  picture(around, before) {
    const rows = makeCards(this.agreements(), around, before?.rows ?? []);
    return {
      ...this.head(around),
      title: around.say("plan.title"),
      rows,
      empty: rows.length === 0,
      canAdd: around.canWrite,
      addLabel: around.say("plan.add"),
      fullText: "",
    };
  }
}
