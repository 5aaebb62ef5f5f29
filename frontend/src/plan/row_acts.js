/** What people do with whole agreements: open, close, add, move, remove, bring back, undo; by finger and by keyboard. */

/** @typedef {import("./live_plan.js").LivePlan} LivePlan */
/**
 * @typedef {ReturnType<typeof import("./screen.js").emptyScreen> & ReturnType<typeof import("./field_acts.js").fieldActs>
 *   & { canWrite: boolean, draw(): void, focus(selector: string): void }} Screen the component these acts are part of
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

/** @param {() => LivePlan | null} live the board that is open now */
export function rowActs(live) {
  return ofScreen({
    add() {
      const row = live()?.plan.addRow();
      if (row) this.openCard(row, `#plan-${row} .plan-people input`);
    },

    /** @param {string} row @param {string} [focus] */
    openCard(row, focus = `#plan-${row}-what`) {
      if (!this.canWrite) return;
      Object.assign(this, { openRow: row, menuRow: null, draftKind: "", fullField: "" });
      live()?.presence.enter(row);
      this.draw();
      this.focus(focus);
    },

    closeCard() {
      const row = this.openRow;
      Object.assign(this, { openRow: null, draftKind: "", fullField: "" });
      live()?.presence.enter(null);
      this.draw();
      if (row) this.focus(`#plan-${row}-open`);
    },

    /** @param {string} row */
    toggleMenu(row) {
      this.menuRow = this.menuRow === row ? null : row;
      if (this.menuRow) this.focus(`#plan-${row}-menu button`);
    },

    /** @param {string} row */
    leaveMenu(row) {
      if (this.menuRow === row) this.menuRow = null;
    },

    /** @param {string} row @param {number} by -1 is up @param {boolean} atEnd whether there is nowhere to go */
    moveBy(row, by, atEnd) {
      const index = this.cards.findIndex(({ id }) => id === row);
      if (!atEnd && index >= 0) live()?.plan.move(row, index + by);
    },

    /** @param {string} row */
    remove(row) {
      live()?.plan.remove(row);
      Object.assign(this, { menuRow: null, toastRow: row });
      this.focus(".plan-toast button");
    },

    /** @param {string | null} row */
    bringBack(row) {
      if (!row) return;
      live()?.plan.bringBack(row);
      this.toastRow = null;
      this.focus(`#plan-${row}-open`);
    },

    dismissToast() {
      this.toastRow = null;
      this.focus(".plan-add");
    },

    toggleRemoved() {
      this.showsRemoved = !this.showsRemoved;
    },

    undo() {
      if (!this.canWrite) return;
      live()?.plan.undo();
      this.toastRow = null;
    },

    /** @param {string} row @param {import("./when_editing.js").Kind} kind */
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
        live()?.plan.redo();
      } else if (command && key === "z") {
        event.preventDefault();
        this.undo();
      } else if (event.key === "Escape" && !event.isComposing) this.escape();
    },

    escape() {
      const menu = this.menuRow;
      if (menu) {
        this.menuRow = null;
        this.focus(`#plan-${menu}-menu-button`);
      } else if (this.openRow) this.closeCard();
    },

    /** @param {InputEvent} event the phone's own undo, which knows nothing of what others typed */
    onBeforeInput(event) {
      if (event.inputType === "historyUndo") this.undo();
      else if (event.inputType === "historyRedo") live()?.plan.redo();
      else return;
      event.preventDefault();
    },
  });
}
