/** Who to call, and when, also at night. */
import { RowsPart } from "../boards/rows_part.js";

/** @param {string} number as somebody wrote it @returns {string} what a phone can call; empty when it is no number */
export function callable(number) {
  const digits = number.replace(/\(0\)/g, "").replace(/[^\d+]/g, "");
  return /^\+?\d{3,15}$/.test(digits) ? `tel:${digits}` : "";
}

export class PhoneListPart extends RowsPart {
  get shape() {
    return { texts: ["name", "number", "when"] };
  }

  /** @param {string} field @param {import("../boards/part.js").Say} say @returns {import("../boards/rows_part.js").FieldWords} */
  fieldWords(field, say) {
    if (field === "name") return { label: say("instruments.phone_name"), example: say("instruments.phone_name_example") };
    if (field === "number") return { label: say("instruments.phone_number"), keys: "tel" };
    return { label: say("instruments.phone_when"), example: say("instruments.phone_when_example") };
  }

  /**
   * @param {import("../boards/rows.js").Row} values
   * @param {number} index
   * @param {number} count
   * @param {number} number
   * @param {import("../boards/part.js").Surroundings} around
   */
  card(values, index, count, number, around) {
    const link = callable(values.number);
    return {
      ...super.card(values, index, count, number, around),
      link,
      plainNumber: link ? "" : values.number.trim(),
      callLabel: around.say("instruments.call", { name: values.name.trim(), number: values.number.trim() }),
    };
  }
}
