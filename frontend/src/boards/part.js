/**
 * One instrument on an open board: what every kind can do, whatever it is made of. A kind is a class on this one
 * (src/plan, src/instruments), found by the name that the protocol's data gives it.
 */

/**
 * @typedef {object} Instrument as GET /api/m/<pid> gives it; a board kept on this device has no more than id and kind
 * @property {string} id
 * @property {string} kind
 * @property {string} [title]
 * @property {string} [hint]
 * @property {string} [person] the label beside each line; empty: nobody stands beside a line
 * @property {number | null} [most]
 * @property {boolean} [stances]
 * @property {{ id: string, label: string, lists: { id: string, label: string }[] }[]} [parts]
 */
/** @typedef {import("../plan/when_text.js").Say} Say */
/**
 * @typedef {object} Person
 * @property {string} id
 * @property {string} name
 * @property {string} side
 * @property {boolean} [proposes]
 * @property {boolean} [carries] whether they can be named in an agreement
 * @property {boolean} [convenes] whether they can call everybody together to look back
 */
/** @typedef {{ row: string, field: string }} Place a text on a board */
/** @typedef {Place & { label: string, text: import("yjs").Text }} PlacedText */
/** @typedef {{ agree: { id: string, name: string }[], disagree: { id: string, name: string }[], mine: string | null }} Stance */
/**
 * @typedef {object} Surroundings what the screen knows besides the board itself
 * @property {string} board
 * @property {string} boardTitle
 * @property {Person[]} people
 * @property {Record<string, Record<string, "yes" | "asked_again" | "open">>} answers
 * @property {Record<string, Stance>} stances
 * @property {import("./presence.js").Present[]} others
 * @property {string | null} openRow
 * @property {import("../plan/when_editing.js").Kind} draftKind the kind of date that was chosen in the open row before its value is complete
 * @property {boolean} canWrite
 * @property {boolean} maySayStance
 * @property {boolean} mayTakeOver whether I am of the circle, and can make a proposal ours
 * @property {string} drawingIn the house that is drawn in now
 * @property {string} colour
 * @property {Record<string, string>} tabs which column is open on a phone, by instrument
 * @property {string} language
 * @property {Say} say
 */

export class Part {
  /**
   * @param {import("yjs").Doc} doc
   * @param {Instrument} instrument
   * @param {import("./rows.js").Change} change makes one change of this screen, to be undone by itself
   */
  constructor(doc, instrument, change) {
    this.doc = doc;
    this.instrument = instrument;
    this.change = change;
  }

  get id() {
    return this.instrument.id;
  }

  get kind() {
    return this.instrument.kind;
  }

  /** @returns {import("yjs").AbstractType<any>[]} all that stands on the document, to be undone and to be watched */
  get roots() {
    return [];
  }

  /** @param {string} _row @returns {boolean} whether that row, or text, is on this instrument */
  has(_row) {
    return false;
  }

  /** @param {string} _row @param {string} _field @returns {import("yjs").Text | null} */
  text(_row, _field) {
    return null;
  }

  /** @param {string} row @param {string} field @returns {import("yjs").Text | null} made when it is not there yet */
  textToWrite(row, field) {
    return this.text(row, field);
  }

  /** @param {Say} _say @returns {PlacedText[]} every text that people type, each with words that say where it stands */
  texts(_say) {
    return [];
  }

  /** @returns {any} what stands here, as plain values */
  values() {
    return null;
  }

  /** Makes it say what it said earlier; to be called within one change. @param {any} _values */
  become(_values) {}

  /** @param {any} _values @param {Surroundings} _around @returns {string[]} what stood here, in sentences */
  sentences(_values, _around) {
    return [];
  }

  /** @param {Surroundings} _around @returns {{ id: string, sentence: string }[]} what can be brought back */
  removed(_around) {
    return [];
  }

  /** @param {Surroundings} around @returns {any} what the template shows of every kind */
  head({ boardTitle, canWrite, say }) {
    const { id, kind, title: given = "", hint = "", person = "" } = this.instrument;
    // a meeting that was begun before its instruments had words has none
    const title = given.trim() || say("instruments.text");
    return {
      id,
      kind,
      title,
      // the board's own heading says it already
      titleLook: title === boardTitle ? "visually-hidden" : "",
      shows: true,
      // it says how to write here
      hint: canWrite ? hint : "",
      person,
      // a label that asks ends in its own sign
      personLead: person.endsWith("?") ? person : `${person}:`,
      // a template asks by name which kind it is
      is: { [kind]: true },
      look: `part-${kind.replaceAll("_", "-")}`,
      ids: { part: `part-${id}`, title: `part-${id}-title`, hint: `part-${id}-hint`, add: `part-${id}-add` },
    };
  }

  /** @param {Surroundings} around @param {any} [_before] what it showed last @returns {any} what the template shows */
  picture(around, _before) {
    return this.head(around);
  }

  /** @param {string} name @param {number} _index @param {Say} say @returns {string} what somebody else changed */
  changedWords(name, _index, say) {
    return say("instruments.changed", { name, title: this.instrument.title?.trim() || say("instruments.text") });
  }
}
