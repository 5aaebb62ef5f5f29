/**
 * Rows in an order that people choose, on a Yjs document: each a map with texts, ticked people and plain values.
 * A removed row is only marked, so that it can come back and nothing that others typed in it is lost. Every kind of
 * instrument with rows stands on this; what is missing or was written by an unknown program is read as empty.
 */
import { generateKeyBetween, generateNKeysBetween } from "fractional-indexing";
import * as Y from "yjs";
import { replaceText } from "./whole_text.js";

/**
 * @typedef {object} Shape what a row is made of
 * @property {string[]} texts fields that people type in together
 * @property {string[]} [sets] fields that hold ticked ids
 * @property {Record<string, (value: unknown) => unknown>} [plain] fields with one value, each with how it is read
 * @property {string[]} [silent] plain fields that say nothing by themselves: a row with only these is blank
 */
/** @typedef {{ row: string } & Record<string, any>} Row the values of one row */
/** @typedef {{ values: Row, order: string, removed: boolean }} Placed */
/** @typedef {(act: () => void) => void} Change makes one change of this screen, to be undone by itself */

/** @returns {string} an id that nobody else makes; without crypto.randomUUID, which plain http lacks */
export function newRowId() {
  const bytes = crypto.getRandomValues(new Uint8Array(9));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
}

/** @param {unknown} value @returns {string | null} */
export function textOrNull(value) {
  return typeof value === "string" && value !== "" ? value : null;
}

/** @param {unknown} value @returns {true | null} */
export function trueOrNull(value) {
  return value === true ? true : null;
}

/** @param {unknown} text @returns {string} */
function readText(text) {
  return text instanceof Y.Text || typeof text === "string" ? text.toString() : "";
}

/** @param {unknown} set @returns {string[]} ids that are ticked */
function readSet(set) {
  if (!(set instanceof Y.Map)) return [];
  return [...set.entries()].filter(([, named]) => named === true).map(([id]) => id).sort();
}

/** @param {string} row @param {Y.Map<unknown>} values @param {Shape} shape @returns {Row} */
function readRow(row, values, { texts, sets = [], plain = {} }) {
  return {
    row,
    ...Object.fromEntries(sets.map((field) => [field, readSet(values.get(field))])),
    ...Object.fromEntries(texts.map((field) => [field, readText(values.get(field))])),
    ...Object.fromEntries(Object.entries(plain).map(([field, read]) => [field, read(values.get(field))])),
  };
}

/**
 * All rows in their order, removed or not. Rows with the same order key stand in the order of their ids, on every device.
 * @param {Y.Map<any>} map
 * @param {Shape} shape
 * @returns {Placed[]}
 */
export function readRows(map, shape) {
  return [...map.entries()]
    .flatMap(([row, values]) => {
      if (!(values instanceof Y.Map)) return [];
      const order = String(values.get("order") ?? "");
      return [{ values: readRow(row, values, shape), order, removed: Boolean(values.get("removed")) }];
    })
    .sort((one, two) => compare(one.order, two.order) || compare(one.values.row, two.values.row));
}

/** @param {string} one @param {string} two @returns {number} */
function compare(one, two) {
  return one < two ? -1 : Number(one > two);
}

/** @param {Row} values @param {Shape} shape @returns {boolean} whether nobody filled in anything yet */
export function isBlankRow(values, { texts, sets = [], plain = {}, silent = [] }) {
  return (
    texts.every((field) => !values[field].trim()) &&
    sets.every((field) => values[field].length === 0) &&
    Object.keys(plain).every((field) => silent.includes(field) || values[field] === null)
  );
}

export class Rows {
  /**
   * @param {Y.Doc} doc
   * @param {string} id the name of the root
   * @param {Shape} shape
   * @param {Change} change
   */
  constructor(doc, id, shape, change) {
    this.doc = doc;
    this.shape = shape;
    this.change = change;
    /** @type {Y.Map<Y.Map<unknown>>} */
    this.map = doc.getMap(id);
  }

  /** @returns {Placed[]} */
  all() {
    return readRows(this.map, this.shape);
  }

  /** @returns {Row[]} in their order, without removed rows */
  shown() {
    return this.all().filter(({ removed }) => !removed).map(({ values }) => values);
  }

  /** @returns {Row[]} rows that can be brought back; those that never said anything are not worth a line */
  removed() {
    return this.all()
      .filter(({ values, removed }) => removed && !isBlankRow(values, this.shape))
      .map(({ values }) => values);
  }

  /** @param {string} row @returns {boolean} */
  has(row) {
    return this.map.get(row) instanceof Y.Map;
  }

  /** @param {string} row @param {string} field @returns {Y.Text | null} */
  text(row, field) {
    const text = this.map.get(row)?.get(field);
    return text instanceof Y.Text ? text : null;
  }

  /** @param {string} row @param {string} field @returns {Y.Text | null} made when the row lacks it, to be written in */
  textToWrite(row, field) {
    const values = this.map.get(row);
    if (!this.shape.texts.includes(field)) return null;
    if (values && !this.text(row, field)) this.doc.transact(() => values.set(field, new Y.Text()), "new text");
    return this.text(row, field);
  }

  /**
   * Adds an empty row at the end. Undoing it must not take what others typed in it meanwhile: the row is made
   * unseen and then shown, and only the showing can be undone.
   * @param {Record<string, unknown>} [plain] values it has from the start
   * @returns {string} the new row's id
   */
  add(plain = {}) {
    const row = newRowId();
    const last = this.all().at(-1)?.order ?? null;
    this.doc.transact(() => {
      const values = new Y.Map();
      values.set("order", keyAfter(last));
      for (const field of this.shape.sets ?? []) values.set(field, new Y.Map());
      for (const field of this.shape.texts) values.set(field, new Y.Text());
      for (const [field, value] of Object.entries(plain)) setOrDelete(values, field, value);
      values.set("removed", true);
      this.map.set(row, values);
    }, "new row");
    this.bringBack(row);
    return row;
  }

  /** @param {string} row */
  remove(row) {
    this.change(() => this.map.get(row)?.set("removed", true));
  }

  /** @param {string} row */
  bringBack(row) {
    this.change(() => this.map.get(row)?.delete("removed"));
  }

  /** @param {string} row @param {string} field @param {unknown} value nothing takes the field away */
  set(row, field, value) {
    this.change(() => setOrDelete(this.map.get(row), field, value));
  }

  /** @param {string} row @param {string} field @param {string} id @param {boolean} on */
  tick(row, field, id, on) {
    this.change(() => {
      const values = this.map.get(row);
      let set = values?.get(field);
      if (!(set instanceof Y.Map)) values?.set(field, (set = new Y.Map()));
      if (!(set instanceof Y.Map)) return;
      if (on) set.set(id, true);
      else set.delete(id);
    });
  }

  /**
   * @param {string} row
   * @param {number} place where it comes among the rows that are seen, counted without itself
   * @param {{ among?: (values: Row) => boolean, plain?: Record<string, unknown> }} [how] among which rows, and what it
   *   becomes with the move, such as a card of another list
   */
  move(row, place, { among = () => true, plain = {} } = {}) {
    const others = this.all().filter(({ values, removed }) => !removed && values.row !== row && among(values));
    const before = others[place - 1]?.order ?? null;
    const after = others[place]?.order ?? null;
    this.change(() => {
      for (const [field, value] of Object.entries(plain)) setOrDelete(this.map.get(row), field, value);
      if (before === null || after === null || before < after) {
        try {
          this.map.get(row)?.set("order", generateKeyBetween(before, after));
          return;
        } catch {
          // a key that no screen of ours made: all get a new one below
        }
      }
      // two people made rows at the same moment and the same place: there is no room between equal keys
      const ordered = others.map(({ values }) => values.row);
      ordered.splice(place, 0, row);
      const keys = generateNKeysBetween(null, null, ordered.length);
      ordered.forEach((id, index) => this.map.get(id)?.set("order", keys[index]));
    });
  }

  /**
   * Makes the rows say what they said earlier; to be called within one change. Rows of later are marked as removed;
   * what is the same is left alone, so that nobody who types in it loses a letter.
   * @param {Row[]} earlier
   */
  become(earlier) {
    const wanted = new Set(earlier.map(({ row }) => row));
    const now = this.shown().map(({ row }) => row);
    const inOrder = isSame(now.filter((row) => wanted.has(row)), earlier.map(({ row }) => row));
    const orders = generateNKeysBetween(null, null, earlier.length);
    for (const row of now) if (!wanted.has(row)) this.map.get(row)?.set("removed", true);
    earlier.forEach((values, place) => this.#becomeRow(values, inOrder ? null : orders[place]));
  }

  /** @param {Row} earlier @param {string | null} order where it comes; null when it may stay where it is */
  #becomeRow(earlier, order) {
    let values = this.map.get(earlier.row);
    if (!(values instanceof Y.Map)) this.map.set(earlier.row, (values = new Y.Map()));
    const now = this.all().find((one) => one.values.row === earlier.row);
    if (now?.removed) values.delete("removed");
    if (order !== null || !now?.order) values.set("order", order ?? keyAfter(this.all().at(-1)?.order ?? null));
    for (const field of this.shape.sets ?? []) this.#becomeSet(values, field, earlier[field] ?? []);
    for (const field of this.shape.texts) {
      const text = values.get(field);
      if (text instanceof Y.Text) replaceText(text, earlier[field] ?? "");
      else values.set(field, new Y.Text(earlier[field] ?? ""));
    }
    for (const [field, read] of Object.entries(this.shape.plain ?? {})) {
      const value = read(earlier[field]);
      if (!isSame(now?.values[field] ?? null, value)) setOrDelete(values, field, value);
    }
  }

  /** @param {Y.Map<unknown>} values @param {string} field @param {string[]} ids */
  #becomeSet(values, field, ids) {
    const set = values.get(field);
    if (!(set instanceof Y.Map)) {
      values.set(field, new Y.Map(ids.map((id) => [id, true])));
      return;
    }
    const now = readSet(set);
    for (const id of now) if (!ids.includes(id)) set.delete(id);
    for (const id of ids) if (!now.includes(id)) set.set(id, true);
  }
}

/** @param {string | null} last @returns {string} */
export function keyAfter(last) {
  try {
    return generateKeyBetween(last, null);
  } catch {
    return generateKeyBetween(null, null);
  }
}

/** @param {unknown} one @param {unknown} two @returns {boolean} whether two plain values say the same */
function isSame(one, two) {
  return JSON.stringify(one) === JSON.stringify(two);
}

/** @param {Y.Map<unknown> | undefined} map @param {string} key @param {unknown} value nothing takes the key away */
export function setOrDelete(map, key, value) {
  if (value) map?.set(key, value);
  else map?.delete(key);
}
