/** Who else is in which row, and whether they are typing there. Names and sides come from the server, never from peers. */

/** @typedef {{ id: string, name: string, side: string, row: string, field: string | null }} Present */

/** Somebody is "typing" until this many milliseconds after the last key. */
const typingLasts = 4000;

export class Presence {
  /**
   * @param {import("y-protocols/awareness").Awareness} awareness
   * @param {string} me my participant id; my other windows are not somebody else
   * @param {() => void} changed
   */
  constructor(awareness, me, changed) {
    this.awareness = awareness;
    this.me = me;
    this.changed = changed;
    /** @type {string | null} */
    this.row = null;
    /** @type {string | null} */
    this.field = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.awareness.setLocalState({ row: null, field: null });
    this.awareness.on("change", changed);
  }

  /** @returns {Present[]} the others who are in a row, each once per row */
  others() {
    /** @type {Map<string, Present>} */
    const found = new Map();
    for (const [client, state] of this.awareness.getStates()) {
      const { participant, name, side, row, field } = /** @type {Record<string, unknown>} */ (state ?? {});
      if (client === this.awareness.clientID || participant === this.me) continue;
      if (typeof participant !== "string" || typeof name !== "string" || typeof row !== "string") continue;
      const key = `${row} ${participant}`;
      const writing = typeof field === "string" ? field : null;
      if (found.has(key) && writing === null) continue;
      found.set(key, { id: participant, name, side: String(side), row, field: writing });
    }
    return [...found.values()];
  }

  /** @param {string | null} row the row I am in, or none */
  enter(row) {
    if (row !== this.row) this.#tell(row, null);
  }

  /** @param {string} row @param {string} field */
  typing(row, field) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#tell(this.row, null), typingLasts);
    this.#tell(row, field);
  }

  /** @param {string | null} row @param {string | null} field */
  #tell(row, field) {
    if (row === this.row && field === this.field) return;
    this.row = row;
    this.field = field;
    this.awareness.setLocalState({ row, field });
  }

  destroy() {
    clearTimeout(this.timer);
    this.awareness.off("change", this.changed);
  }
}
