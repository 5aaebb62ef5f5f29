/**
 * A whole board on its Yjs document: its instruments, every change that a person can make to them, and the undoing
 * of those. What it is made of comes from the protocol's data.
 */
import * as Y from "yjs";
import { partOf } from "../instruments/kinds.js";
import { PlanPart } from "../plan/plan_part.js";
import { ReviewPart } from "../plan/review_part.js";
import { RowsPart } from "./rows_part.js";

/** @typedef {import("./part.js").Instrument} Instrument */
/** @typedef {import("./part.js").Part} Part */
/** @typedef {import("../plan/plan_values.js").PlanValues} PlanValues */
/** @typedef {PlanValues & { instruments?: Record<string, any> }} BoardValues all that stands on a board */

/**
 * All texts that people type on a board of these instruments, each with words that say where it stands.
 * @param {Y.Doc} doc
 * @param {Instrument[]} instruments
 * @param {import("./part.js").Say} say
 * @returns {import("./part.js").PlacedText[]}
 */
export function listTexts(doc, instruments, say) {
  return instruments.flatMap((instrument) => partOf(doc, instrument, (act) => act())?.texts(say) ?? []);
}

export class BoardDocument {
  /**
   * @param {Y.Doc} doc
   * @param {Instrument[]} instruments
   */
  constructor(doc, instruments) {
    this.doc = doc;
    /** who makes the changes of this screen; only these are undone */
    this.origin = { name: "this screen" };
    /** @type {Part[]} */
    this.parts = instruments.flatMap((instrument) => partOf(doc, instrument, (act) => this.change(act)) ?? []);
    this.undoManager = new Y.UndoManager(
      this.parts.flatMap(({ roots }) => roots),
      { trackedOrigins: new Set([this.origin]), doc },
    );
  }

  /** @returns {PlanPart | null} */
  get plan() {
    return this.parts.find((part) => part instanceof PlanPart) ?? null;
  }

  /** @returns {ReviewPart | null} */
  get review() {
    return this.parts.find((part) => part instanceof ReviewPart) ?? null;
  }

  /** @returns {boolean} whether nothing stands on it, as far as this device knows */
  get isEmpty() {
    return this.parts.every(({ roots }) => roots.every((root) => root._map.size === 0 && root._length === 0));
  }

  /** @param {string} id @returns {any} the instrument of this name, of whatever kind */
  part(id) {
    return this.parts.find((part) => part.id === id) ?? null;
  }

  /** @param {string} row @returns {Part | null} the instrument that this row, or text, is on */
  partWith(row) {
    return this.parts.find((part) => part.has(row)) ?? null;
  }

  /** @param {string} row @returns {RowsPart | null} */
  rowsWith(row) {
    const part = this.partWith(row);
    return part instanceof RowsPart ? part : null;
  }

  /** @param {import("./part.js").Place} place @returns {Y.Text | null} */
  text({ row, field }) {
    return this.partWith(row)?.text(row, field) ?? null;
  }

  /** @param {import("./part.js").Place} place @returns {Y.Text | null} made when it is not there yet, to be written in */
  textToWrite({ row, field }) {
    return this.partWith(row)?.textToWrite(row, field) ?? null;
  }

  /** @param {import("./part.js").Say} say */
  texts(say) {
    return this.parts.flatMap((part) => part.texts(say));
  }

  /** @returns {BoardValues} */
  values() {
    const rest = this.parts.filter((part) => part !== this.plan && part !== this.review);
    return {
      ...this.planValues(),
      instruments: Object.fromEntries(rest.map((part) => [part.id, part.values()])),
    };
  }

  /** @returns {PlanValues} */
  planValues() {
    return {
      agreements: this.plan?.values() ?? [],
      review: this.review?.values() ?? { date: null, convener: null },
    };
  }

  /** @param {Part} part @param {BoardValues} values @returns {any} what these values say of an instrument; undefined: nothing */
  valuesOf(part, values) {
    if (part === this.plan) return values.agreements;
    if (part === this.review) return values.review;
    return values.instruments?.[part.id];
  }

  /**
   * Makes the board say what it said earlier, as one change that can be undone.
   * @param {BoardValues} earlier
   */
  become(earlier) {
    this.change(() => {
      for (const part of this.parts) {
        const values = this.valuesOf(part, earlier);
        if (values !== undefined) part.become(values);
      }
    });
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
  change(act) {
    this.undoManager.stopCapturing();
    this.doc.transact(act, this.origin);
    this.undoManager.stopCapturing();
  }
}
