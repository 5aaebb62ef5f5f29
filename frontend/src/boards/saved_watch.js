/**
 * Knows whether everything done here is stored by the server. It asks with a numbered frame of type 100; the answer
 * says up to which question all is stored. A state vector alone does not show deletions, hence the number.
 */
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import * as Y from "yjs";

/** The frame type of our own: question and answer about what is stored. */
export const savedFrame = 100;

/** Typing fast must not double the number of frames: at most one question in this many milliseconds. */
const pause = 200;
/** Others' words may be known here before they are stored there: ask again after this many milliseconds. */
const again = 400;
const longest = 6000;

export class SavedWatch {
  /**
   * @param {Y.Doc} doc
   * @param {(frame: Uint8Array) => boolean} send gives a frame to the open connection; false when there is none
   * @param {(stateVector: Uint8Array) => void} changed called at each answer
   */
  constructor(doc, send, changed) {
    this.doc = doc;
    this.send = send;
    this.changed = changed;
    /** true when all that was done here is stored there */
    this.saved = false;
    this.asked = 0;
    this.edits = 0;
    /** what stood here when the last question went out @type {{ edits: number, clocks: Map<number, number> } | null} */
    this.question = null;
    /** whether this connection has told the server all we had before it opened */
    this.caughtUp = false;
    /** whether this connection has yet to show that all is stored */
    this.unproven = true;
    this.misses = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /** Something was done here. */
  edited() {
    this.edits += 1;
    this.saved = false;
    this.unproven = true;
    this.#askIn(pause);
  }

  /** A connection opened or went: answers to earlier questions do not count for it. */
  reconnected() {
    this.caughtUp = false;
    this.unproven = true;
    this.question = null;
  }

  /** The server asked what it lacks, and got it. */
  serverCaughtUp() {
    this.caughtUp = true;
    this.ask();
  }

  ask() {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.caughtUp) return;
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, savedFrame);
    encoding.writeVarUint(encoder, this.asked + 1);
    if (!this.send(encoding.toUint8Array(encoder))) return;
    this.asked += 1;
    this.question = { edits: this.edits, clocks: clocksOf(this.doc) };
  }

  /** @param {decoding.Decoder} decoder an answer, after its type */
  read(decoder) {
    const stateVector = decoding.readVarUint8Array(decoder).slice();
    const upTo = decoding.hasContent(decoder) ? decoding.readVarUint(decoder) : 0;
    const { question } = this;
    if (question && this.caughtUp && upTo === this.asked && question.edits === this.edits) {
      const all = covers(Y.decodeStateVector(stateVector), question.clocks);
      // once stored stays stored: what lacks later is only what others typed, save on a new connection
      if (all || this.unproven) this.saved = all;
      if (all) this.unproven = false;
      this.misses = this.saved ? 0 : this.misses + 1;
      if (!this.saved) this.#askIn(Math.min(again * 2 ** (this.misses - 1), longest));
    }
    this.changed(stateVector);
  }

  destroy() {
    clearTimeout(this.timer);
  }

  /** @param {number} milliseconds */
  #askIn(milliseconds) {
    this.timer ??= setTimeout(() => this.ask(), milliseconds);
  }
}

/** @param {Y.Doc} doc @returns {Map<number, number>} */
function clocksOf(doc) {
  return Y.decodeStateVector(Y.encodeStateVector(doc));
}

/** @param {Map<number, number>} stored @param {Map<number, number>} here @returns {boolean} */
function covers(stored, here) {
  return [...here].every(([client, clock]) => (stored.get(client) ?? 0) >= clock);
}
