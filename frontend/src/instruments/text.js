/** One text that everybody writes together, under a question. */
import { Part } from "../boards/part.js";
import { presentIn } from "../boards/people.js";
import { replaceText } from "../boards/whole_text.js";

/** @typedef {import("../boards/part.js").Surroundings} Surroundings */

export class TextPart extends Part {
  get shared() {
    return this.doc.getText(this.id);
  }

  get roots() {
    return [this.shared];
  }

  /** @param {string} row */
  has(row) {
    return row === this.id;
  }

  /** @param {string} row */
  text(row) {
    return this.has(row) ? this.shared : null;
  }

  /** @param {import("../boards/part.js").Say} say */
  texts(say) {
    return [{ row: this.id, field: "text", label: this.instrument.title?.trim() || say("instruments.text"), text: this.shared }];
  }

  values() {
    return this.shared.toString();
  }

  /** @param {string} values */
  become(values) {
    replaceText(this.shared, values);
  }

  /** @param {string} values */
  sentences(values) {
    return [values.trim()].filter(Boolean);
  }

  /** @param {Surroundings} around */
  picture(around) {
    const present = presentIn(this.id, around);
    return {
      ...this.head(around),
      text: this.values().trim(),
      present,
      marked: present.length > 0,
      by: present.find(({ field }) => field)?.side ?? "",
      place: `${this.id}/text`,
    };
  }
}
