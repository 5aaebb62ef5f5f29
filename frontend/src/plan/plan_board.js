/**
 * The plan board on the screen: agreements as sentences, opened one at a time for writing, live with everybody else.
 * Takes its board from the store "meeting" and tells there how it stands; the template is parts/plan_board.html.
 */
import { sweepCopies } from "../boards/connection.js";
import { t } from "../texts.js";
import { Announcer } from "./announcer.js";
import { choices, makeCards, of } from "./cards.js";
import { makeDraggable } from "./dragging.js";
import { LivePlan, labelledTexts } from "./live_plan.js";
import { agreementSentence, reviewSentence } from "./plan_values.js";
import { emptyScreen, isWholeDate, rememberFocus, statusText } from "./screen.js";
import { dateText } from "./when_text.js";
import { onDate, withDay, withKind, withUntil } from "./when_editing.js";

/** @typedef {import("../boards/connection.js").Board} Board */
/** @typedef {import("../boards/connection.js").BoardStatus} BoardStatus */
/** @typedef {import("../boards/connection.js").KeptText} KeptText */
/** @typedef {import("./plan_document.js").TextField} TextField */
/** @typedef {import("./shared_fields.js").Field} Field */
/** @typedef {import("./when_text.js").When} When */
/**
 * @typedef {object} MeetingState the part of GET /api/m/<pid> that this board reads
 * @property {string} language
 * @property {import("./cards.js").Person[]} people
 * @property {Board[]} boards
 * @property {{ inside: boolean } | null} private
 * @property {Record<string, Record<string, import("./cards.js").Answer>>} [answers]
 */
/**
 * @typedef {object} MeetingStore what the meeting screen gives, and what this board answers
 * @property {MeetingState | null} state
 * @property {Board | null} board the board to show
 * @property {{ id: string } | null} me
 * @property {BoardStatus} [boardStatus]
 * @property {KeptText[]} [kept] what was typed on a board that closed meanwhile
 * @property {() => import("./plan_values.js").PlanValues | null} [boardValues]
 */

/** @param {import("alpinejs").Alpine} Alpine */
function planBoard(Alpine) {
  // live objects stay out of the component: Alpine would wrap them in proxies
  /** @type {LivePlan | null} */
  let live = null;
  /** @type {unknown} the state of the meeting in which the server closed the board */
  let closedIn = null;
  /** @type {import("./cards.js").Card[]} */
  let drawn = [];
  let drawing = false;
  let dragging = false;
  let swept = false;
  /** @type {(() => void)[]} */
  const endings = [];

  const store = () => /** @type {MeetingStore} */ (Alpine.store("meeting"));
  const state = () => Alpine.raw(store()?.state ?? null);
  const language = () => state()?.language ?? document.documentElement.lang;
  const people = () => state()?.people ?? [];

  return {
    ...emptyScreen(),
    /** the last sentence for screen readers */
    spoken: "",
    /** @type {(sentence: string) => void} */
    announce: () => {},

    init() {
      const root = /** @type {{ $el: HTMLElement }} */ (/** @type {unknown} */ (this)).$el;
      const watching = Alpine.effect(() => {
        const { state: now, board, me } = store() ?? {};
        // named here so that a change of any of them draws the board again
        void [me, now?.people, now?.answers, now?.private, now?.language, board?.id, board?.epoch, board?.access];
        queueMicrotask(() => this.follow());
      });
      const announcer = new Announcer((sentence) => {
        // the same words twice are only read when they differ
        this.spoken = sentence === this.spoken ? `${sentence}\u00a0` : sentence;
      });
      this.announce = (sentence) => announcer.say(sentence);
      store().boardValues = () => live?.plan.values() ?? null;
      const list = /** @type {HTMLElement} */ (root.querySelector(".plan-cards"));
      const sortable = makeDraggable(list, {
        onStart: () => (dragging = true),
        onEnd: (row, place) => {
          dragging = false;
          if (row) live?.plan.move(row, place);
          this.draw();
        },
      });
      const hold = (/** @type {BeforeUnloadEvent} */ event) => {
        if (live?.hasMore && !live.connection.keepsOffline) event.preventDefault();
      };
      window.addEventListener("beforeunload", hold);
      endings.push(
        () => Alpine.release(/** @type {any} */ (watching)),
        () => window.removeEventListener("beforeunload", hold),
        () => announcer.destroy(),
        () => sortable.destroy(),
        () => this.leave(),
      );
    },

    destroy() {
      for (const end of endings.splice(0)) end();
    },

    // ---- the board that is shown ----

    /** Brings the board in line with what the meeting screen gives: another board, other rights, other people. */
    follow() {
      const { board: given, me } = store() ?? {};
      const board = given ? /** @type {Board} */ (Alpine.raw(given)) : null;
      if (me && state() && !swept) {
        swept = true;
        sweepCopies(me.id, state()?.boards ?? [], labelledTexts).then((kept) => this.handBack(kept));
      }
      if (live && !live.closed && !live.shows(board)) this.handBack(live.connection.keep());
      if (!board || !me) this.leave();
      else if (!live?.shows(board) || (live.closed && closedIn !== state())) this.open(board, me.id);
      else if (board.access !== live.connection.access && !live.closed) this.changeAccess(board, me.id);
      this.draw();
    },

    /** @param {Board} board @param {string} me */
    open(board, me) {
      this.leave();
      live = new LivePlan(board, { id: me }, {
        onChange: () => this.draw(),
        onStatus: (status) => this.tellStatus(status),
        onClosed: (kept) => this.close(kept),
        onOthers: (sentence) => this.announce(sentence),
      });
      this.access = board.access;
      this.hasNotes = live.plan.notes !== null;
      this.hasReview = board.instruments.some(({ kind }) => kind === "review");
      this.tellStatus(live.connection.status);
    },

    /** @param {{ forget?: boolean }} [how] */
    leave(how) {
      live?.destroy(how);
      live = null;
      drawn = [];
      Object.assign(this, emptyScreen());
    },

    /** The server closed the board for this person. @param {KeptText[]} kept */
    close(kept) {
      closedIn = state();
      this.handBack(kept);
      live?.fields.destroy();
      drawn = [];
      Object.assign(this, emptyScreen());
      this.tellStatus("closed");
    },

    /** @param {Board} board @param {string} me */
    changeAccess(board, me) {
      if (board.access === "read" && live?.hasMore) {
        // the server takes these words no more: give them back, and show the board as the others have it
        this.handBack(live.connection.keep());
        this.leave({ forget: true });
        this.open(board, me);
      } else {
        live?.connection.setAccess(board.access);
        Object.assign(this, { access: board.access, openRow: null, menuRow: null, toastRow: null });
        live?.presence.enter(null);
      }
    },

    /** @param {KeptText[]} kept */
    handBack(kept) {
      if (kept.length) store().kept = [...(store().kept ?? []), ...kept];
    },

    /** @param {BoardStatus} status */
    tellStatus(status) {
      const before = this.status;
      this.status = status;
      this.statusText = statusText(status, { keepsOffline: live?.connection.keepsOffline ?? true, access: this.access });
      store().boardStatus = status;
      if (status === "offline" || status === "closed" || before === "offline") this.announce(this.statusText);
    },

    /** Draws soon, once for all changes of this moment. */
    draw() {
      if (drawing) return;
      drawing = true;
      queueMicrotask(() => {
        drawing = false;
        if (live && !live.closed && !dragging) this.drawNow(live);
      });
    },

    /** @param {LivePlan} from */
    drawNow({ plan, presence, fields, connection }) {
      const giveFocusBack = rememberFocus();
      const { agreements, review } = plan.values();
      fields.follow(plan);
      if (this.openRow && !agreements.some(({ row }) => row === this.openRow)) {
        this.openRow = null;
        presence.enter(null);
      }
      const { openRow, draftKind } = this;
      const answers = state()?.answers ?? {};
      const around = { people: people(), answers, others: presence.others(), openRow, draftKind };
      drawn = makeCards(agreements, { ...around, language: language(), say: t }, drawn);
      this.cards = drawn;
      this.removed = plan.removedRows().map((agreement) => ({
        id: agreement.row,
        sentence: agreementSentence(agreement, people(), language(), t),
      }));
      this.removedLabel = t("plan.removed_count", { count: this.removed.length });
      this.review = {
        date: review.date ?? "",
        dateText: review.date ? dateText(review.date, language(), t) : "",
        sentence: reviewSentence(review, people(), language(), t),
        choices: choices(of(people(), "circle"), review.convener ? [review.convener] : [], t),
      };
      this.loaded = this.loaded || connection.provider.synced || drawn.length > 0;
      this.quiet = Boolean(state()?.private?.inside);
      this.canUndo = plan.undoManager.canUndo();
      Alpine.nextTick(giveFocusBack);
    },

    /** @returns {boolean} */
    get canWrite() {
      return this.access === "write" && this.status !== "closed";
    },
    /** @returns {boolean} */
    get readOnly() {
      return !this.canWrite;
    },
    /** @returns {boolean} */
    get empty() {
      return this.loaded && this.cards.length === 0;
    },
    /** @returns {boolean} */
    get opening() {
      return this.access !== null && !this.loaded;
    },
    /** @returns {boolean} */
    get closed() {
      return this.status === "closed";
    },
    /** @returns {boolean} */
    get hasRemoved() {
      return this.removed.length > 0;
    },
    /** @returns {boolean} */
    get listsRemoved() {
      return this.showsRemoved && this.hasRemoved && this.canWrite;
    },
    /** @returns {boolean} */
    get showsReview() {
      return this.hasReview && this.loaded && (this.canWrite || this.review.sentence !== "");
    },
    /** @returns {boolean} */
    get showsNotes() {
      return this.hasNotes && !this.closed;
    },
    /** @returns {string} */
    get spellcheck() {
      // a browser may send what it checks to its maker: never in private time
      return this.quiet ? "false" : "true";
    },

    // ---- what people do ----

    add() {
      const row = live?.plan.addRow();
      if (row) this.openCard(row, `#plan-${row} .plan-people input`);
    },

    /** @param {string} row @param {string} [focus] */
    openCard(row, focus = `#plan-${row}-what`) {
      if (!this.canWrite) return;
      Object.assign(this, { openRow: row, menuRow: null, draftKind: "", fullField: "" });
      live?.presence.enter(row);
      this.draw();
      this.focus(focus);
    },

    closeCard() {
      const row = this.openRow;
      Object.assign(this, { openRow: null, draftKind: "", fullField: "" });
      live?.presence.enter(null);
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
      const index = drawn.findIndex(({ id }) => id === row);
      if (!atEnd && index >= 0) live?.plan.move(row, index + by);
    },

    /** @param {string} row */
    remove(row) {
      live?.plan.remove(row);
      Object.assign(this, { menuRow: null, toastRow: row });
      this.focus(".plan-toast button");
    },

    /** @param {string | null} row */
    bringBack(row) {
      if (!row) return;
      live?.plan.bringBack(row);
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
      live?.plan.undo();
      this.toastRow = null;
    },

    /** @param {string} row @param {string} person @param {boolean} named */
    setDoer(row, person, named) {
      live?.plan.setDoer(row, person, named);
    },

    /** @param {string} row @param {import("./when_editing.js").Kind} kind */
    setKind(row, kind) {
      this.draftKind = kind;
      this.setWhen(row, (when) => withKind(when, kind));
    },

    /** @param {string} row @param {import("./when_text.js").Weekday} day @param {boolean} on */
    setDay(row, day, on) {
      this.setWhen(row, (when) => withDay(when, day, on));
    },

    /** @param {string} row @param {string} date */
    setDate(row, date) {
      if (isWholeDate(date)) this.setWhen(row, () => onDate(date));
    },

    /** @param {string} row @param {string} date */
    setUntil(row, date) {
      if (isWholeDate(date)) this.setWhen(row, (when) => withUntil(when, date));
    },

    /** @param {string} row @param {(when: When | null) => When | null} change */
    setWhen(row, change) {
      const agreement = live?.plan.rows().find((one) => one.row === row);
      if (agreement) live?.plan.setWhen(row, change(agreement.when));
      this.draw();
    },

    /** @param {string} row @param {string} person */
    setChecker(row, person) {
      live?.plan.setChecker(row, person);
    },

    /** @param {"date" | "convener"} key @param {string} value */
    setReview(key, value) {
      if (key === "convener" || isWholeDate(value)) live?.plan.setReview(key, value);
    },

    /** @param {KeyboardEvent} event */
    onKey(event) {
      const command = (event.ctrlKey || event.metaKey) && !event.altKey;
      const key = event.key.toLowerCase();
      if (command && (key === "y" || (key === "z" && event.shiftKey))) {
        event.preventDefault();
        live?.plan.redo();
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
      else if (event.inputType === "historyRedo") live?.plan.redo();
      else return;
      event.preventDefault();
    },

    /** @param {string} selector */
    focus(selector) {
      // a moment later: the cards have to be drawn, and what is in them
      setTimeout(() => /** @type {HTMLElement | null} */ (document.querySelector(selector))?.focus());
    },

    /** @param {Field} element @param {string} row @param {TextField} field */
    shareText(element, row, field) {
      return live?.fields.tie(element, { row, field }, live.plan, {
        onTyping: () => live?.presence.typing(row, field),
        onFull: (full) => (this.fullField = full ? `${row}/${field}` : ""),
      });
    },

    /** @param {Field} element */
    shareNotes(element) {
      return live?.fields.tie(element, null, live.plan, {
        onTyping: () => {},
        onFull: (full) => (this.fullField = full ? "notes" : ""),
      });
    },

    /** @param {string} field as "row/field" @returns {boolean} whether no more fits in it */
    isFull(field) {
      return this.fullField === field;
    },
  };
}

/**
 * Makes "planBoard" known to Alpine. To be called before Alpine.start().
 * @param {import("alpinejs").Alpine} Alpine
 */
export function registerPlanBoard(Alpine) {
  Alpine.data("planBoard", () => planBoard(Alpine));
  // x-shared="shareText($el, row.id, 'what')": ties a field to a shared text for as long as it is on the page
  Alpine.directive("shared", (_element, { expression }, { evaluate, cleanup }) => {
    const tie = /** @type {{ destroy(): void } | undefined} */ (evaluate(expression));
    cleanup(() => tie?.destroy());
  });
}
