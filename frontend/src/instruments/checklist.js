/** Things to tick off, each with who does it where the protocol asks for that. */
import { textOrNull, trueOrNull } from "../boards/rows.js";
import { RowsPart } from "../boards/rows_part.js";

/** @typedef {import("../boards/part.js").Surroundings} Surroundings */

export class ChecklistPart extends RowsPart {
  get shape() {
    return { texts: ["text"], plain: { done: trueOrNull, person: textOrNull }, silent: ["done"] };
  }

  /** @param {import("../boards/rows.js").Row} values @param {Surroundings} around @returns {string} */
  sentence(values, around) {
    const words = super.sentence(values, around);
    return values.done ? around.say("instruments.ticked", { words }) : words;
  }

  /** @param {Surroundings} around @param {any} [before] @returns {any} */
  picture(around, before) {
    const picture = super.picture(around, before);
    const done = picture.rows.filter((/** @type {any} */ row) => row.done).length;
    return { ...picture, countText: picture.rows.length ? around.say("instruments.done_count", { done, count: picture.rows.length }) : "" };
  }
}
