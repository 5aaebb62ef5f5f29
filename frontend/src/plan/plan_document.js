/**
 * Every change that a person can make to the plan, on its Yjs document, and the undoing of it.
 * A removed row is only marked, so that it can come back and nothing that others typed in it is lost.
 */
import { generateKeyBetween, generateNKeysBetween } from "fractional-indexing";
import * as Y from "yjs";
import { editBetween } from "../boards/text_edits.js";
import { isBlank, readPlan, readReview, readRows, readWhen } from "./plan_values.js";

/** @typedef {{ id: string, kind: string }} Instrument */
/** @typedef {import("./plan_values.js").Agreement} Agreement */
/** @typedef {import("./plan_values.js").PlanValues & { notes: string }} BoardValues all that stands on a board */
/** @typedef {"what" | "otherwise"} TextField */

/**
 * All texts that people type on a board of these instruments, each with words that say where it stands.
 * @param {Y.Doc} doc
 * @param {Instrument[]} instruments
 * @param {import("./when_text.js").Say} say
 * @returns {{ label: string, text: Y.Text }[]}
 */
export function listTexts(doc, instruments, say) {
  const found = [];
  const agreements = doc.getMap(idOfKind(instruments, "plan", "agreements"));
  const rows = readRows(agreements).filter(({ removed }) => !removed);
  for (const [index, { agreement }] of rows.entries()) {
    const values = /** @type {Y.Map<unknown>} */ (agreements.get(agreement.row));
    for (const field of /** @type {TextField[]} */ (["what", "otherwise"])) {
      const text = values.get(field);
      if (text instanceof Y.Text) found.push({ label: say(`plan.kept_${field}`, { number: index + 1 }), text });
    }
  }
  const notes = instruments.find((instrument) => instrument.kind === "text");
  if (notes) found.push({ label: say("plan.notes"), text: doc.getText(notes.id) });
  return found;
}

/** @param {Instrument[]} instruments @param {string} kind @param {string} otherwise @returns {string} */
function idOfKind(instruments, kind, otherwise) {
  return instruments.find((instrument) => instrument.kind === kind)?.id ?? otherwise;
}

/** @returns {string} an id that nobody else makes; without crypto.randomUUID, which plain http lacks */
function newRowId() {
  const bytes = crypto.getRandomValues(new Uint8Array(9));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
}

export class PlanDocument {
  /**
   * @param {Y.Doc} doc
   * @param {Instrument[]} instruments
   */
  constructor(doc, instruments) {
    this.doc = doc;
    this.ids = {
      agreements: idOfKind(instruments, "plan", "agreements"),
      review: idOfKind(instruments, "review", "review"),
    };
    /** @type {Y.Map<Y.Map<unknown>>} */
    this.agreements = doc.getMap(this.ids.agreements);
    /** @type {Y.Map<unknown>} */
    this.review = doc.getMap(this.ids.review);
    const notes = instruments.find((instrument) => instrument.kind === "text");
    this.notes = notes ? doc.getText(notes.id) : null;
    /** who makes the changes of this screen; only these are undone */
    this.origin = { name: "this screen" };
    this.undoManager = new Y.UndoManager([this.agreements, this.review, ...(this.notes ? [this.notes] : [])], {
      trackedOrigins: new Set([this.origin]),
    });
  }

  /** @returns {import("./plan_values.js").PlanValues} */
  values() {
    return readPlan(this.doc, this.ids);
  }

  /** @returns {Agreement[]} in their order */
  rows() {
    return this.values().agreements;
  }

  /** @returns {Agreement[]} rows that can be brought back; those that never said anything are not worth a line */
  removedRows() {
    return readRows(this.agreements)
      .filter(({ agreement, removed }) => removed && !isBlank(agreement))
      .map(({ agreement }) => agreement);
  }

  /** @returns {import("./plan_values.js").Review} */
  reviewValues() {
    return readReview(this.review);
  }

  /** @param {string} row @param {TextField} field @returns {Y.Text | null} */
  text(row, field) {
    const text = this.agreements.get(row)?.get(field);
    return text instanceof Y.Text ? text : null;
  }

  /** @param {string} row @param {TextField} field @returns {Y.Text | null} made when the row lacks it, to be written in */
  textToWrite(row, field) {
    const values = this.agreements.get(row);
    if (values && !this.text(row, field)) this.doc.transact(() => values.set(field, new Y.Text()), "new text");
    return this.text(row, field);
  }

  /**
   * Adds an empty row at the end. Undoing it must not take what others typed in it meanwhile: the row is made
   * unseen and then shown, and only the showing can be undone.
   * @returns {string} the new row's id
   */
  addRow() {
    const row = newRowId();
    const last = readRows(this.agreements).at(-1)?.order ?? null;
    this.doc.transact(() => {
      const values = new Y.Map();
      values.set("order", keyAfter(last));
      values.set("who", new Y.Map());
      values.set("what", new Y.Text());
      values.set("otherwise", new Y.Text());
      values.set("removed", true);
      this.agreements.set(row, values);
    }, "new row");
    this.bringBack(row);
    return row;
  }

  /** @param {string} row */
  remove(row) {
    this.#change(() => this.agreements.get(row)?.set("removed", true));
  }

  /** @param {string} row */
  bringBack(row) {
    this.#change(() => this.agreements.get(row)?.delete("removed"));
  }

  /**
   * @param {string} row
   * @param {number} place where it comes among the rows that are seen, counted without itself
   */
  move(row, place) {
    const others = readRows(this.agreements).filter(({ agreement, removed }) => !removed && agreement.row !== row);
    const before = others[place - 1]?.order ?? null;
    const after = others[place]?.order ?? null;
    this.#change(() => {
      if (before === null || after === null || before < after) {
        try {
          this.agreements.get(row)?.set("order", generateKeyBetween(before, after));
          return;
        } catch {
          // a key that no screen of ours made: all get a new one below
        }
      }
      // two people made rows at the same moment and the same place: there is no room between equal keys
      const ordered = others.map(({ agreement }) => agreement.row);
      ordered.splice(place, 0, row);
      const keys = generateNKeysBetween(null, null, ordered.length);
      ordered.forEach((id, index) => this.agreements.get(id)?.set("order", keys[index]));
    });
  }

  /** @param {string} row @param {string} person @param {boolean} named */
  setDoer(row, person, named) {
    this.#change(() => {
      const values = this.agreements.get(row);
      let who = values?.get("who");
      if (!(who instanceof Y.Map)) values?.set("who", (who = new Y.Map()));
      if (!(who instanceof Y.Map)) return;
      if (named) who.set(person, true);
      else who.delete(person);
    });
  }

  /** @param {string} row @param {import("./when_text.js").When | null} when */
  setWhen(row, when) {
    this.#change(() => set(this.agreements.get(row), "when", when));
  }

  /** @param {string} row @param {string} person empty: nobody yet */
  setChecker(row, person) {
    this.#change(() => set(this.agreements.get(row), "checker", person));
  }

  /** @param {"date" | "convener"} key @param {string} value empty: not yet */
  setReview(key, value) {
    this.#change(() => set(this.review, key, value));
  }

  /**
   * Makes the board say what it said earlier, as one change that can be undone. Agreements of later are marked as
   * removed; what is the same is left alone, so that nobody who types in it loses a letter.
   * @param {BoardValues} earlier
   */
  become({ agreements, review, notes }) {
    const wanted = new Set(agreements.map(({ row }) => row));
    const inOrder = isSame(
      this.rows().map(({ row }) => row).filter((row) => wanted.has(row)),
      agreements.map(({ row }) => row),
    );
    const orders = generateNKeysBetween(null, null, agreements.length);
    this.#change(() => {
      for (const { row } of this.rows()) if (!wanted.has(row)) this.agreements.get(row)?.set("removed", true);
      agreements.forEach((agreement, place) => this.#becomeRow(agreement, inOrder ? null : orders[place]));
      for (const key of /** @type {const} */ (["date", "convener"])) {
        if (this.reviewValues()[key] !== review[key]) set(this.review, key, review[key]);
      }
      if (this.notes) replaceText(this.notes, notes);
    });
  }

  /** @param {Agreement} earlier @param {string | null} order where it comes; null when it may stay where it is */
  #becomeRow(earlier, order) {
    let values = this.agreements.get(earlier.row);
    if (!(values instanceof Y.Map)) this.agreements.set(earlier.row, (values = new Y.Map()));
    const now = readRows(this.agreements).find(({ agreement }) => agreement.row === earlier.row);
    if (now?.removed) values.delete("removed");
    if (order !== null || !now?.order) values.set("order", order ?? keyAfter(readRows(this.agreements).at(-1)?.order ?? null));
    const who = values.get("who");
    if (!(who instanceof Y.Map)) values.set("who", new Y.Map(earlier.who.map((person) => [person, true])));
    else {
      for (const person of now?.agreement.who ?? []) if (!earlier.who.includes(person)) who.delete(person);
      for (const person of earlier.who) if (!now?.agreement.who.includes(person)) who.set(person, true);
    }
    for (const field of /** @type {TextField[]} */ (["what", "otherwise"])) {
      const text = values.get(field);
      if (text instanceof Y.Text) replaceText(text, earlier[field]);
      else values.set(field, new Y.Text(earlier[field]));
    }
    const when = readWhen(earlier.when);
    if (!isSame(now?.agreement.when ?? null, when)) set(values, "when", when);
    if ((now?.agreement.checker ?? null) !== earlier.checker) set(values, "checker", earlier.checker);
  }

  undo() {
    this.undoManager.undo();
  }

  redo() {
    this.undoManager.redo();
  }

  destroy() {
    this.undoManager.destroy();
  }

  /** @param {() => void} act one change, to be undone by itself */
  #change(act) {
    this.undoManager.stopCapturing();
    this.doc.transact(act, this.origin);
    this.undoManager.stopCapturing();
  }
}

/** @param {string | null} last @returns {string} */
function keyAfter(last) {
  try {
    return generateKeyBetween(last, null);
  } catch {
    return generateKeyBetween(null, null);
  }
}

/**
 * Changes only the piece that differs.
 * @param {Y.Text} text
 * @param {string} wanted
 */
function replaceText(text, wanted) {
  // nobody typed this: with a caret at the start all that is the same behind the piece stays what it is
  const edit = editBetween(text.toString(), wanted, 0);
  if (!edit) return;
  text.delete(edit.at, edit.removed);
  text.insert(edit.at, edit.inserted);
}

/** @param {unknown} one @param {unknown} two @returns {boolean} whether two plain values say the same */
function isSame(one, two) {
  return JSON.stringify(one) === JSON.stringify(two);
}

/** @param {Y.Map<unknown> | undefined} map @param {string} key @param {unknown} value nothing takes the key away */
function set(map, key, value) {
  if (value) map?.set(key, value);
  else map?.delete(key);
}
