/** One open board with all that belongs to it: connection, document, presence and the fields tied to its texts. */
import { t } from "../texts.js";
import { BoardDocument, listTexts } from "./board_document.js";
import { openBoard } from "./connection.js";
import { Presence } from "./presence.js";
import { SharedFields } from "./shared_fields.js";

/** @typedef {import("./connection.js").Board} Board */
/** @typedef {import("./connection.js").BoardStatus} BoardStatus */
/** @typedef {import("./connection.js").KeptText} KeptText */

/** @type {import("./local_copy.js").ListTexts} */
export const labelledTexts = (doc, instruments) => listTexts(doc, instruments, t);

export class LiveBoard {
  /**
   * @param {Board} board
   * @param {{ id: string }} me
   * @param {object} hooks
   * @param {() => void} hooks.onChange something on the board, or who is there, changed
   * @param {(status: BoardStatus) => void} hooks.onStatus
   * @param {(kept: KeptText[]) => void} hooks.onClosed the server ended it for good
   * @param {() => void} hooks.onDenied the server takes no edits of this person any more
   * @param {(sentence: string) => void} hooks.onOthers what others changed, in words
   */
  constructor(board, me, { onChange, onStatus, onClosed, onDenied, onOthers }) {
    this.board = board;
    this.fields = new SharedFields();
    this.connection = openBoard({
      board,
      me,
      listTexts: labelledTexts,
      typing: () => this.typing(),
      onStatus,
      onDenied,
      onClosed: ({ kept }) => onClosed(kept),
    });
    const { doc, provider, awareness, copy } = this.connection;
    this.document = new BoardDocument(doc, board.instruments);
    this.presence = new Presence(awareness, me.id, onChange);
    doc.on("update", onChange);
    provider.on("sync", onChange);
    copy?.ready.then(onChange);
    for (const part of this.document.parts) {
      for (const root of part.roots) {
        root.observeDeep((events, transaction) => {
          if (!transaction.local && provider.synced) onOthers(this.#inWords(part, events));
        });
      }
    }
    for (const event of /** @type {const} */ (["stack-item-added", "stack-item-popped", "stack-cleared"])) {
      this.document.undoManager.on(event, onChange);
    }
  }

  /** @returns {boolean} whether the server ended it for good */
  get closed() {
    return this.connection.code !== null;
  }

  /** @returns {boolean} whether it ended because the server does not take what this device sends */
  get refused() {
    return this.connection.status === "refused";
  }

  /** @param {Board | null | undefined} board @returns {boolean} whether this is that board, in the same epoch */
  shows(board) {
    return board?.id === this.board.id && board.epoch === this.board.epoch;
  }

  /** @returns {boolean} whether there is something here that the server does not have */
  get hasMore() {
    return this.connection.hasUnsaved || this.fields.ahead;
  }

  /** @returns {KeptText | null} the field this person is in */
  typing() {
    const found = this.fields.typing();
    if (!found) return null;
    const { place, text } = found;
    const known = this.document.texts(t).find(({ row, field }) => row === place.row && field === place.field);
    return { label: known?.label ?? t("instruments.text"), text };
  }

  /**
   * @param {import("./part.js").Part} part
   * @param {import("yjs").YEvent<any>[]} events
   * @returns {string}
   */
  #inWords(part, events) {
    const touched = new Set(
      events.flatMap(({ path, keys }) => (path.length ? [String(path[0])] : [...keys.keys()])),
    );
    const rows = /** @type {any} */ (part).rows?.shown() ?? [];
    const index = rows.findIndex((/** @type {{ row: string }} */ { row }) => touched.has(row));
    const there = this.presence.others().filter(({ row }) => touched.has(row) || (rows.length === 0 && part.has(row)));
    const name = there.length === 1 ? there[0].name : t("plan.somebody");
    if (touched.size > 1 || (index < 0 && rows.length)) return t("board.changed");
    return part.changedWords(name, index, t);
  }

  /** @param {{ forget?: boolean }} [how] */
  destroy({ forget = false } = {}) {
    this.fields.destroy();
    this.presence.destroy();
    this.document.destroy();
    this.connection.destroy({ forget });
  }
}
