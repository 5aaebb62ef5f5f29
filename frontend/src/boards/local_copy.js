/**
 * A board's copy on this device, so that what was typed without a network outlives a closed tab. It also remembers
 * what the server said it had stored, and so can tell which words only this device has.
 */
import { IndexeddbPersistence, clearDocument } from "y-indexeddb";
import * as Y from "yjs";

/** @typedef {import("./part.js").Instrument} Instrument */
/** @typedef {{ label: string, text: string }} KeptText words that must be handed back to who typed them */
/** @typedef {(doc: Y.Doc, instruments: Instrument[]) => { label: string, text: Y.Text }[]} ListTexts */

/** How long a board waits for its copy; a browser that refuses to keep anything must not keep people waiting. */
const patience = 2000;

/** @param {string} pid @param {string} board @param {number | string} epoch @returns {string} */
export function copyName(pid, board, epoch) {
  return `rondom/${pid}/${board}/${epoch}`;
}

export class LocalCopy {
  /**
   * @param {string} name
   * @param {Y.Doc} doc
   * @param {Instrument[]} [instruments] what the board is made of, remembered for when the board is gone
   */
  constructor(name, doc, instruments) {
    this.name = name;
    this.doc = doc;
    /** true when this device really keeps the board */
    this.kept = false;
    /** what the server has stored, as far as this device knows: clock by client @type {Map<number, number>} */
    this.saved = new Map();
    /** the clients under which this device wrote @type {Set<number>} */
    this.mine = new Set([doc.clientID]);
    /** @type {Instrument[]} */
    this.instruments = instruments ?? [];
    this.store = new IndexeddbPersistence(name, doc);
    /** resolves when the copy has been read, or cannot be @type {Promise<void>} */
    this.ready = this.#read(instruments);
  }

  /** @param {Instrument[] | undefined} instruments */
  async #read(instruments) {
    const late = new Promise((_resolve, reject) => setTimeout(reject, patience, new Error("no local copy")));
    try {
      await Promise.race([Promise.all([this.store.whenSynced, this.store._db]), late]);
      const [saved, mine, known] = await Promise.all(["saved", "mine", "instruments"].map((key) => this.store.get(key)));
      if (saved instanceof Uint8Array && this.saved.size === 0) this.saved = Y.decodeStateVector(saved);
      for (const client of Array.isArray(mine) ? mine : []) this.mine.add(client);
      if (instruments) {
        await this.store.set("mine", /** @type {any} */ ([...this.mine]));
        await this.store.set("instruments", /** @type {any} */ (instruments.map(remembered)));
      } else if (Array.isArray(known)) this.instruments = known;
      this.kept = true;
    } catch {
      // private windows, full disks and old browsers keep nothing; the board works without
      this.kept = false;
    }
  }

  /** @param {Uint8Array} stateVector what the server says it has stored */
  recordSaved(stateVector) {
    this.saved = Y.decodeStateVector(stateVector);
    if (this.kept) this.store.set("saved", /** @type {any} */ (stateVector)).catch(() => {});
  }

  /** @returns {boolean} whether this device wrote something that the server has not said to have stored */
  get hasUnsaved() {
    const clocks = Y.decodeStateVector(Y.encodeStateVector(this.doc));
    return [...this.mine].some((client) => (clocks.get(client) ?? 0) > (this.saved.get(client) ?? 0));
  }

  /** @param {Y.Text} text @returns {boolean} whether `text` holds words of this device that are not stored yet */
  holdsUnsaved(text) {
    for (let item = text._start; item !== null; item = item.right) {
      const { client, clock } = item.id;
      if (!item.deleted && this.mine.has(client) && clock + item.length > (this.saved.get(client) ?? 0)) return true;
    }
    return false;
  }

  /** @param {ListTexts} listTexts @returns {KeptText[]} */
  unsavedTexts(listTexts) {
    return listTexts(this.doc, this.instruments)
      .filter(({ text }) => this.holdsUnsaved(text))
      .map(({ label, text }) => ({ label, text: text.toString() }));
  }

  /** Stops keeping; what is kept stays. */
  close() {
    this.store.destroy().catch(() => {});
  }

  /** Stops keeping and takes away what was kept. */
  forget() {
    this.kept = false;
    this.store.clearData().catch(() => {});
  }
}

/** @param {Instrument} instrument @returns {Instrument} as much of it as finds its texts, and says where they stood */
function remembered({ id, kind, title = "", parts = [] }) {
  return { id, kind, title, parts: parts.map(({ id: part, label, lists }) => ({ id: part, label, lists: lists.map((list) => ({ id: list.id, label: list.label })) })) };
}

/** @param {string} pid @returns {Promise<string[]>} names of all copies on this device that are this participant's */
async function copiesOf(pid) {
  try {
    const found = await indexedDB.databases();
    return found.map(({ name }) => name ?? "").filter((name) => name.startsWith(`rondom/${pid}/`));
  } catch {
    return [];
  }
}

/**
 * Takes away the copies of one board, whatever its epoch.
 * @param {string} pid
 * @param {string} board
 */
export async function forgetBoard(pid, board) {
  const start = copyName(pid, board, "");
  const names = (await copiesOf(pid)).filter((name) => name.startsWith(start));
  await Promise.allSettled(names.map((name) => clearDocument(name)));
}

/**
 * Takes away the copies of boards that this participant cannot write any more: closed boards and earlier epochs.
 * Words in them that never reached the server are handed back, so that nothing typed is lost.
 * @param {string} pid
 * @param {{ id: string, epoch: number }[]} open the boards that may stay
 * @param {ListTexts} listTexts
 * @returns {Promise<KeptText[]>}
 */
export async function sweepCopies(pid, open, listTexts) {
  const stay = new Set(open.map(({ id, epoch }) => copyName(pid, id, epoch)));
  const names = (await copiesOf(pid)).filter((name) => !stay.has(name));
  const found = await Promise.all(
    names.map(async (name) => {
      const copy = new LocalCopy(name, new Y.Doc());
      await copy.ready;
      const texts = copy.kept ? copy.unsavedTexts(listTexts) : [];
      copy.forget();
      copy.doc.destroy();
      return texts;
    }),
  );
  return found.flat();
}
