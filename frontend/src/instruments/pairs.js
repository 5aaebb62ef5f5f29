/** What somebody fears and what must be seen instead, with what 0 and 10 mean on its scale (methods.md §5.3). */
import { RowsPart } from "../boards/rows_part.js";

const FIELDS = ["danger", "goal", "zero", "ten"];

export class PairsPart extends RowsPart {
  get shape() {
    return { texts: FIELDS };
  }

  /** @param {string} field @param {import("../boards/part.js").Say} say @returns {import("../boards/rows_part.js").FieldWords} */
  fieldWords(field, say) {
    return {
      label: say(`instruments.pair_${field}`),
      hint: field === "danger" || field === "goal" ? say(`instruments.pair_${field}_hint`) : "",
      example: say(`instruments.pair_${field}_example`),
    };
  }

  /**
   * @param {import("../boards/rows.js").Row} values
   * @param {number} index
   * @param {number} count
   * @param {number} number
   * @param {import("../boards/part.js").Surroundings} around
   */
  card(values, index, count, number, around) {
    return {
      ...super.card(values, index, count, number, around),
      title: around.say("instruments.pair_number", { number: number + 1 }),
      asks: Object.fromEntries(FIELDS.map((field) => [field, !values[field].trim()])),
    };
  }

  /** @param {import("../boards/part.js").Surroundings} around @param {any} [before] @returns {any} */
  picture(around, before) {
    return { ...super.picture(around, before), addLabel: around.say("instruments.pair_add") };
  }
}
