/** The fields on the screen that are tied to shared texts, and what this person is typing in them. */
import { bindText } from "./text_binding.js";

/** @typedef {import("./part.js").Place} Place */
/** @typedef {import("./board_document.js").BoardDocument} BoardDocument */
/** @typedef {HTMLTextAreaElement | HTMLInputElement} Field */

export class SharedFields {
  constructor() {
    /** @type {Map<import("./text_binding.js").TextBinding, Place>} */
    this.ties = new Map();
  }

  /**
   * @param {Field} element
   * @param {Place} place
   * @param {BoardDocument} board
   * @param {{ onTyping: () => void, onFull: (full: boolean) => void }} hooks
   * @returns {{ destroy(): void }}
   */
  tie(element, place, board, hooks) {
    const text = board.textToWrite(place);
    if (!text) return { destroy() {} };
    const tie = bindText({ element, text, origin: board.origin, ...hooks });
    this.ties.set(tie, place);
    return {
      destroy: () => {
        if (this.ties.delete(tie)) tie.destroy();
      },
    };
  }

  /**
   * A row whose text was replaced as a whole, by the server, gets its field tied to the new text.
   * @param {BoardDocument} board
   */
  follow(board) {
    for (const [tie, place] of this.ties) {
      const text = board.text(place);
      if (text && text !== tie.text) tie.moveTo(text);
    }
  }

  /** @returns {{ place: Place, text: string } | null} the field this person is in, and what stands in it */
  typing() {
    for (const [{ element }, place] of this.ties) {
      if (element === document.activeElement) return { place, text: element.value };
    }
    return null;
  }

  /** @returns {boolean} whether a field holds more than its text, as in the middle of a composed word */
  get ahead() {
    return [...this.ties.keys()].some(({ element, text }) => element.value !== text.toString());
  }

  destroy() {
    for (const tie of this.ties.keys()) tie.destroy();
    this.ties.clear();
  }
}
