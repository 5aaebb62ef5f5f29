/** An instrument that is made of rows: what the plan, lists, columns, pairs, checklists and phone lists share. */
import { nameOf } from "../plan/plan_values.js";
import { Part } from "./part.js";
import { everybody, presentIn } from "./people.js";
import { Rows } from "./rows.js";

/** @typedef {import("./rows.js").Row} Row */
/** @typedef {import("./part.js").Surroundings} Surroundings */
/** @typedef {import("./part.js").Say} Say */
/**
 * @typedef {object} FieldWords what stands around a field that is open for writing
 * @property {string} label
 * @property {string} [hint]
 * @property {string} [example]
 * @property {string} [keys] which keyboard a phone shows
 */

export class RowsPart extends Part {
  /**
   * @param {import("yjs").Doc} doc
   * @param {import("./part.js").Instrument} instrument
   * @param {import("./rows.js").Change} change
   */
  constructor(doc, instrument, change) {
    super(doc, instrument, change);
    this.rows = new Rows(doc, instrument.id, this.shape, change);
  }

  /** @returns {import("./rows.js").Shape} */
  get shape() {
    return { texts: ["text"] };
  }

  get roots() {
    return [this.rows.map];
  }

  /** @param {string} row */
  has(row) {
    return this.rows.has(row);
  }

  /** @param {string} row @param {string} field */
  text(row, field) {
    return this.rows.text(row, field);
  }

  /** @param {string} row @param {string} field */
  textToWrite(row, field) {
    return this.rows.textToWrite(row, field);
  }

  /** @param {Say} say */
  texts(say) {
    return this.rows.shown().flatMap(({ row }, index) =>
      this.shape.texts.flatMap((field) => {
        const text = this.text(row, field);
        return text ? [{ row, field, text, label: this.labelOf(index, field, say) }] : [];
      }),
    );
  }

  /** @param {number} index @param {string} field @param {Say} say @returns {string} where a text stands, in words */
  labelOf(index, field, say) {
    const words = { title: this.instrument.title ?? "", number: index + 1, field: this.fieldWords(field, say).label };
    return say(this.shape.texts.length > 1 ? "instruments.kept_field" : "instruments.kept_line", words);
  }

  /** @param {string} _field @param {Say} say @returns {FieldWords} */
  fieldWords(_field, say) {
    return { label: say("instruments.text") };
  }

  /** @returns {Row[]} */
  values() {
    return this.rows.shown();
  }

  /** @param {Row[]} values */
  become(values) {
    this.rows.become(values);
  }

  /** @returns {boolean} whether no more rows fit */
  get full() {
    return this.rows.shown().length >= (this.instrument.most ?? Infinity);
  }

  /** @param {Record<string, unknown>} [plain] @returns {string | null} the new row */
  add(plain) {
    return this.full ? null : this.rows.add(plain);
  }

  /** @param {string} row */
  remove(row) {
    this.rows.remove(row);
  }

  /** @param {string} row */
  bringBack(row) {
    this.rows.bringBack(row);
  }

  /** @param {Row} _values @returns {(other: Row) => boolean} among which rows a row goes up and down */
  among(_values) {
    return () => true;
  }

  /** @param {string} row @param {number} by -1 is up */
  moveBy(row, by) {
    const values = this.rows.shown().find((one) => one.row === row);
    if (!values) return;
    const among = this.among(values);
    const place = this.rows.shown().filter(among).findIndex((one) => one.row === row);
    if (place + by >= 0) this.rows.move(row, place + by, { among });
  }

  /** @param {string} row @param {string} field @param {unknown} value */
  set(row, field, value) {
    this.rows.set(row, field, value);
  }

  /** @param {Row} values @param {Surroundings} around @returns {string} */
  sentence(values, { people, say }) {
    const words = this.shape.texts.map((field) => (values[field] ?? "").trim()).filter(Boolean).join(" · ");
    return values.person ? `${words} (${nameOf(values.person, people, say)})` : words;
  }

  /** @param {Row[]} values @param {Surroundings} around */
  sentences(values, around) {
    return values.map((row) => this.sentence(row, around)).filter(Boolean);
  }

  /** @param {Surroundings} around */
  removed(around) {
    return this.rows.removed().map((values) => ({ id: values.row, sentence: this.sentence(values, around) }));
  }

  /**
   * A card per row. A card that says the same as before is the same object, so that nothing is drawn anew.
   * @param {Surroundings} around
   * @param {any} [before]
   */
  picture(around, before) {
    const shown = this.rows.shown();
    const known = new Map((before?.rows ?? []).map((/** @type {any} */ card) => [card.id, card]));
    const rows = shown.map((values) => {
      const group = shown.filter(this.among(values));
      const card = this.card(values, group.indexOf(values), group.length, shown.indexOf(values), around);
      const old = known.get(card.id);
      return old && JSON.stringify(old) === JSON.stringify(card) ? old : card;
    });
    const { full } = this;
    return {
      ...this.head(around),
      rows,
      canAdd: around.canWrite && !full,
      empty: rows.length === 0,
      fullText: full && around.canWrite ? this.fullWords(around.say) : "",
      addLabel: around.say("instruments.add"),
    };
  }

  /** @param {Say} say @returns {string} */
  fullWords(say) {
    return say("instruments.no_more", { most: this.instrument.most ?? 0 });
  }

  /**
   * @param {Row} values
   * @param {number} index its place among the rows it goes up and down in
   * @param {number} count of those
   * @param {number} number its place among all rows
   * @param {Surroundings} around
   * @returns {any}
   */
  card(values, index, count, number, around) {
    const { people, openRow, say } = around;
    const { row } = values;
    const open = row === openRow;
    const present = presentIn(row, around);
    const named = this.instrument.person ? (values.person ?? null) : null;
    const someone = people.find(({ id }) => id === named);
    const words = { number: number + 1, words: shortened(values[this.shape.texts[0]]) };
    return {
      id: row,
      ...values,
      open,
      closed: !open,
      look: open ? "is-open" : present.some(({ field }) => field) ? "has-writer" : "",
      blank: this.shape.texts.every((field) => !values[field].trim()),
      person: named ? nameOf(named, people, say) : "",
      personSide: someone?.side ?? "neutral",
      people: open && this.instrument.person ? everybody(people, named ? [named] : [], say) : [],
      fields: open
        ? this.shape.texts.map((field) => ({
            name: field,
            id: `row-${row}-${field}`,
            place: `${row}/${field}`,
            by: present.find((one) => one.field === field)?.side ?? "",
            keys: "text",
            example: "",
            hint: "",
            ...this.fieldWords(field, say),
          }))
        : [],
      present,
      marked: present.length > 0,
      first: index === 0,
      last: index === count - 1,
      moves: [],
      labels: {
        form: say("instruments.line", { number: number + 1 }),
        change: say(words.words ? "instruments.change" : "instruments.change_blank", words),
        more: say(words.words ? "instruments.more" : "instruments.more_blank", words),
      },
      ids: {
        card: `row-${row}`,
        open: `row-${row}-open`,
        menu: `row-${row}-menu`,
        menuButton: `row-${row}-menu-button`,
        person: `row-${row}-person`,
        done: `row-${row}-done`,
      },
    };
  }
}

/** @param {string} text @returns {string} as much of it as names a card */
function shortened(text) {
  const words = text.trim().replace(/\s+/g, " ");
  return words.length > 40 ? `${words.slice(0, 38).trimEnd()}…` : words;
}
