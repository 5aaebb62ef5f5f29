/** The first state of a board on a screen, and small matters of the screen itself: status words and focus. */
import { t } from "../texts.js";

/** @typedef {import("./connection.js").BoardStatus} BoardStatus */

/** @type {Set<BoardStatus>} */
const troubles = new Set(["not_storing", "full", "damaged", "refused", "open_too_often", "board_crowded", "house_crowded"]);

/** What the template reads, before a board is open. */
export function emptyScreen() {
  return {
    /** @type {"read" | "write" | null} */
    access: null,
    /** @type {BoardStatus} */
    status: "connecting",
    statusText: "",
    trouble: "",
    /** true once it is known what stands on the board */
    loaded: false,
    /** whether the board is one of private time */
    quiet: false,
    /** the instruments, each as its template shows it @type {any[]} */
    parts: [],
    /** @type {{ id: string, sentence: string }[]} */
    removed: [],
    removedLabel: "",
    showsRemoved: false,
    /** the row that is open for writing @type {string | null} */
    openRow: null,
    /** @type {string | null} */
    menuRow: null,
    /** the row that was just removed @type {string | null} */
    toastRow: null,
    /** @type {import("../plan/when_editing.js").Kind} */
    draftKind: "",
    /** the field in which nothing more fits, as "row/field" */
    fullField: "",
    canUndo: false,
    /** the house that is drawn in */
    drawingIn: "",
    colour: "ink",
    /** the line that is being drawn, as an SVG path */
    drawingPath: "",
    /** the column that is open on a phone, by instrument @type {Record<string, string>} */
    tabs: {},
    earlier: {
      open: false,
      waiting: false,
      /** @type {import("./earlier.js").RestorePoint[]} */
      points: [],
      /** how it was, of the point that is looked at @type {string[]} */
      lines: [],
      was: "",
      problem: "",
      /** what was brought back */
      said: "",
    },
  };
}

/**
 * @param {BoardStatus} status
 * @param {{ keepsOffline: boolean, access: "read" | "write" | null }} how
 * @returns {string}
 */
export function statusText(status, { keepsOffline, access }) {
  if (status !== "offline") return t(`board.status_${status}`);
  if (access === "read") return t("board.status_offline_reading");
  return t(keepsOffline ? "board.status_offline" : "board.status_offline_stay");
}

/**
 * @param {BoardStatus} status
 * @returns {string} what stands in the way of writing and what to do about it; nothing when all is well
 */
export function troubleText(status) {
  return troubles.has(status) ? t(`board.trouble_${status}`) : "";
}

/**
 * Moving a card in the page takes the focus out of it. Remembers where the caret is.
 * @returns {() => void} brings it back there when it was lost
 */
export function rememberFocus() {
  const element = document.activeElement;
  if (!(element instanceof HTMLElement) || element === document.body) return () => {};
  const field = element instanceof HTMLTextAreaElement ? element : null;
  return () => {
    if (document.activeElement === element || !element.isConnected) return;
    // only when nobody took the focus meanwhile
    if (document.activeElement && document.activeElement !== document.body) return;
    const { selectionStart, selectionEnd } = field ?? {};
    element.focus({ preventScroll: true });
    if (field && selectionStart !== undefined) field.setSelectionRange(selectionStart, selectionEnd ?? selectionStart);
  };
}

/** @param {string} value @returns {boolean} a date, or none; not one whose year is still being typed */
export function isWholeDate(value) {
  return value === "" || /^[2-9]\d{3}-/.test(value);
}
