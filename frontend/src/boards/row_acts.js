/** What people do with whole rows, of any kind: open, close, add, move, remove, bring back, undo; by finger and by keyboard. */

/** @typedef {import("./live_board.js").LiveBoard} LiveBoard */
/**
 * @typedef {ReturnType<typeof import("./screen.js").emptyScreen>
 *   & ReturnType<typeof import("../plan/field_acts.js").fieldActs>
 *   & { canWrite: boolean, draw(): void, focus(selector: string): void, adds: Record<string, unknown> }} Screen
 *   the component these acts are part of
 */

/**
 * Tells the types that these acts are methods of the screen.
 * @template Acts
 * @param {Acts & ThisType<Acts & Screen>} acts
 * @returns {Acts}
 */
function ofScreen(acts) {
  return acts;
}

/** @param {() => LiveBoard | null} live the board that is open now */
export function rowActs(live) {
  return ofScreen({
    /** @param {string} part the instrument @param {string} [list] where on it, when it has lists */
    add(part, list) {
      const instrument = live()?.document.part(part);
      const plain = instrument?.kind === "plan" ? this.adds : list ? { part: list } : {};
      const row = instrument?.add(plain);
      if (row) this.openCard(row, `#row-${row} :is(input, textarea)`);
    },

    /** @param {string} row @param {string} [focus] */
    openCard(row, focus = `#row-${row} textarea`) {
      if (!this.canWrite) return;
      Object.assign(this, { openRow: row, menuRow: null, draftKind: "", fullField: "", drawingIn: "" });
      live()?.presence.enter(row);
      this.draw();
      this.focus(focus);
    },

    closeCard() {
      const row = this.openRow;
      Object.assign(this, { openRow: null, draftKind: "", fullField: "" });
      live()?.presence.enter(null);
      this.draw();
      if (row) this.focus(`#row-${row}-open`);
    },

    /** @param {string} row */
    toggleMenu(row) {
      this.menuRow = this.menuRow === row ? null : row;
      if (this.menuRow) this.focus(`#row-${row}-menu button`);
    },

    /** @param {string} row */
    leaveMenu(row) {
      if (this.menuRow === row) this.menuRow = null;
    },

    /** @param {string} row @param {number} by -1 is up @param {boolean} atEnd whether there is nowhere to go */
    moveBy(row, by, atEnd) {
      if (!atEnd) live()?.document.rowsWith(row)?.moveBy(row, by);
    },

    /** @param {string} row @param {string} list another list of the same instrument */
    moveTo(row, list) {
      const part = /** @type {any} */ (live()?.document.rowsWith(row));
      part?.moveTo(row, list);
      this.menuRow = null;
      // on a phone the card is under another tab now: go along
      const column = part?.columns.find((/** @type {any} */ one) => one.lists.some((/** @type {any} */ { id }) => id === list));
      if (column) this.tabs = { ...this.tabs, [part.id]: column.id };
      this.draw();
      this.focus(`#row-${row}-menu-button`);
    },

    /** @param {string} row @param {string} field @param {unknown} value */
    setValue(row, field, value) {
      live()?.document.rowsWith(row)?.set(row, field, value);
    },

    /** @param {string} row */
    remove(row) {
      live()?.document.rowsWith(row)?.remove(row);
      Object.assign(this, { menuRow: null, toastRow: row });
      this.focus(".board-toast button");
    },

    /** @param {string | null} row */
    bringBack(row) {
      if (!row) return;
      live()?.document.rowsWith(row)?.bringBack(row);
      this.toastRow = null;
      this.focus(`#row-${row}-open`);
    },

    dismissToast() {
      this.toastRow = null;
      this.focus(".board-add");
    },

    toggleRemoved() {
      this.showsRemoved = !this.showsRemoved;
    },

    undo() {
      if (!this.canWrite) return;
      live()?.document.undo();
      this.toastRow = null;
    },

    /** @param {string} row @param {import("../plan/when_editing.js").Kind} kind */
    setKind(row, kind) {
      this.draftKind = kind;
      this.changeKind(row, kind);
      this.draw();
    },

    /** @param {KeyboardEvent} event */
    onKey(event) {
      const command = (event.ctrlKey || event.metaKey) && !event.altKey;
      const key = event.key.toLowerCase();
      if (command && (key === "y" || (key === "z" && event.shiftKey))) {
        event.preventDefault();
        live()?.document.redo();
      } else if (command && key === "z") {
        event.preventDefault();
        this.undo();
      } else if (event.key === "Escape" && !event.isComposing) this.escape();
    },

    escape() {
      const menu = this.menuRow;
      if (menu) {
        this.menuRow = null;
        this.focus(`#row-${menu}-menu-button`);
      } else if (this.openRow) this.closeCard();
      else if (this.drawingIn) this.drawingIn = "";
      this.draw();
    },

    /** @param {InputEvent} event the phone's own undo, which knows nothing of what others typed */
    onBeforeInput(event) {
      if (event.inputType === "historyUndo") this.undo();
      else if (event.inputType === "historyRedo") live()?.document.redo();
      else return;
      event.preventDefault();
    },
  });
}
