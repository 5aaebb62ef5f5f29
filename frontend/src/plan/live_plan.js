/** One open board with all that belongs to it: connection, plan, presence and the fields tied to its texts. */
import { openBoard } from "../boards/connection.js";
import { t } from "../texts.js";
import { PlanDocument, listTexts } from "./plan_document.js";
import { Presence } from "./presence.js";
import { SharedFields } from "./shared_fields.js";

/** @typedef {import("../boards/connection.js").Board} Board */
/** @typedef {import("../boards/connection.js").BoardStatus} BoardStatus */
/** @typedef {import("../boards/connection.js").KeptText} KeptText */

/** @type {import("../boards/local_copy.js").ListTexts} */
export const labelledTexts = (doc, instruments) => listTexts(doc, instruments, t);

export class LivePlan {
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
    this.plan = new PlanDocument(doc, board.instruments);
    this.presence = new Presence(awareness, me.id, onChange);
    doc.on("update", onChange);
    provider.on("sync", onChange);
    copy?.ready.then(onChange);
    this.plan.agreements.observeDeep((events, transaction) => {
      if (!transaction.local && provider.synced) onOthers(this.#inWords(events));
    });
    for (const event of /** @type {const} */ (["stack-item-added", "stack-item-popped", "stack-cleared"])) {
      this.plan.undoManager.on(event, onChange);
    }
  }

  /** @returns {boolean} whether the server ended it for good */
  get closed() {
    return this.connection.code !== null;
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
    const number = this.plan.rows().findIndex(({ row }) => row === place?.row) + 1;
    return { label: place ? t(`plan.kept_${place.field}`, { number }) : t("plan.notes"), text };
  }

  /** @param {import("yjs").YEvent<any>[]} events @returns {string} */
  #inWords(events) {
    const touched = new Set(
      events.flatMap(({ path, keys }) => (path.length ? [String(path[0])] : [...keys.keys()])),
    );
    const index = this.plan.rows().findIndex(({ row }) => touched.has(row));
    if (touched.size !== 1 || index < 0) return t("plan.changed");
    const there = this.presence.others().filter(({ row }) => touched.has(row));
    const name = there.length === 1 ? there[0].name : t("plan.somebody");
    return t("plan.changed_row", { name, number: index + 1 });
  }

  /** @param {{ forget?: boolean }} [how] */
  destroy({ forget = false } = {}) {
    this.fields.destroy();
    this.presence.destroy();
    this.plan.destroy();
    this.connection.destroy({ forget });
  }
}
