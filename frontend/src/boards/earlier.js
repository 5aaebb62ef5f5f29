/** Looking at how the board was earlier, and bringing that back. The server keeps it; this device brings it back. */
import { get, post, sentenceOf } from "../api.js";
import { t } from "../texts.js";
import { surroundingsOf } from "./picture.js";

/** @typedef {{ id: number, at_text: string, why_text: string }} RestorePoint */
/** @typedef {import("./board_document.js").BoardValues} BoardValues */
/**
 * @typedef {ReturnType<typeof import("./screen.js").emptyScreen> & { draw(): void, focus(selector: string): void,
 *   announce(sentence: string): void }} Screen the component these acts are part of
 */

/**
 * @param {() => import("./live_board.js").LiveBoard | null} live the board that is open now
 * @param {() => import("./picture.js").MeetingStore} store
 */
export function earlierActs(live, store) {
  /** @type {{ point: RestorePoint, values: BoardValues } | null} what is being looked at */
  let looked = null;

  /** @param {string} [rest] */
  const at = (rest = "") => `/api/m/${store().me?.id}/boards/${live()?.board.id}/restore-points${rest}`;

  /** @param {Screen} screen @param {() => Promise<void>} act */
  async function trying(screen, act) {
    screen.earlier.problem = "";
    try {
      await act();
    } catch (error) {
      screen.earlier.problem = sentenceOf(error);
    }
  }

  /** @param {BoardValues} values @param {any} screen @returns {string[]} */
  function inSentences(values, screen) {
    const open = live();
    if (!open) return [];
    const around = surroundingsOf(open, store(), screen);
    return open.document.parts.flatMap((part) => {
      const said = open.document.valuesOf(part, values);
      return said === undefined ? [] : part.sentences(said, around);
    });
  }

  return /** @type {Record<string, any> & ThisType<Screen & Record<string, any>>} */ ({
    async toggleEarlier() {
      const open = !this.earlier.open;
      looked = null;
      Object.assign(this.earlier, { open, points: [], lines: [], was: "", waiting: open });
      if (!open) return;
      await trying(this, async () => {
        this.earlier.points = await get(at());
      });
      this.earlier.waiting = false;
      this.focus(".board-earlier h3");
    },

    /** @param {RestorePoint} point */
    async lookAtEarlier(point) {
      await trying(this, async () => {
        looked = { point, values: await get(at(`/${point.id}`)) };
        const lines = inSentences(looked.values, this);
        this.earlier.lines = lines.length ? lines : [t("earlier.was_empty")];
        this.earlier.was = t("earlier.was", { when: point.at_text });
        this.focus(".board-earlier h3");
      });
    },

    lookAtNoEarlier() {
      looked = null;
      Object.assign(this.earlier, { lines: [], was: "", problem: "" });
      this.focus(".board-earlier h3");
    },

    async bringEarlierBack() {
      const chosen = looked;
      if (!chosen) return;
      await trying(this, async () => {
        // kept first, so that nobody's last words are lost with it
        await post(at());
        live()?.document.become(chosen.values);
        const said = t("earlier.done", { when: chosen.point.at_text });
        Object.assign(this.earlier, { open: false, points: [], lines: [], was: "", said });
        this.announce(said);
        this.draw();
        this.focus(".board-said button");
      });
    },

    undoEarlier() {
      live()?.document.undo();
      this.forgetEarlier();
    },

    forgetEarlier() {
      this.earlier.said = "";
      this.focus(".board-add");
    },
  });
}
