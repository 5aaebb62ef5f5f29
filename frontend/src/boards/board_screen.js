/**
 * A board on the screen: its instruments, rows opened one at a time for writing, live with everybody else.
 * Takes its board from the store "meeting" and tells there how it stands; the template is parts/board.html.
 */
import { drawingActs, showStrokes } from "../instruments/drawing.js";
import { fieldActs } from "../plan/field_acts.js";
import { t } from "../texts.js";
import { Announcer } from "./announcer.js";
import { sweepCopies } from "./connection.js";
import { makeDraggable } from "./dragging.js";
import { earlierActs } from "./earlier.js";
import { LiveBoard, labelledTexts } from "./live_board.js";
import { pictureOf, surroundingsOf } from "./picture.js";
import { rowActs } from "./row_acts.js";
import { emptyScreen, rememberFocus, statusText, troubleText } from "./screen.js";

/** @typedef {import("./connection.js").Board} Board */
/** @typedef {import("./connection.js").BoardStatus} BoardStatus */
/** @typedef {import("./connection.js").KeptText} KeptText */
/** @typedef {import("./shared_fields.js").Field} Field */
/** @typedef {import("./picture.js").MeetingStore} MeetingStore */

/** @param {import("alpinejs").Alpine} Alpine */
function board(Alpine) {
  // live objects stay out of the component: Alpine would wrap them in proxies
  /** @type {LiveBoard | null} */
  let live = null;
  /** @type {unknown} the state of the meeting in which the server closed the board */
  let closedIn = null;
  /** @type {any[]} */
  let drawn = [];
  let drawing = false;
  let dragging = false;
  /** the boards I could write on when the copies on this device were last gone through @type {string | null} */
  let swept = null;
  /** @type {(() => void)[]} */
  const endings = [];

  const store = () => /** @type {MeetingStore} */ (Alpine.store("meeting"));
  const state = () => Alpine.raw(store()?.state ?? null);

  return {
    ...emptyScreen(),
    ...fieldActs(() => live),
    ...rowActs(() => live),
    ...earlierActs(() => live, store),
    ...drawingActs(() => live),
    /** what an agreement that I add has from the start @type {Record<string, unknown>} */
    adds: {},
    /** the last sentence for screen readers */
    spoken: "",
    /** @type {(sentence: string) => void} */
    announce: () => {},

    init() {
      const watching = Alpine.effect(() => {
        const { state: now, board, me } = store() ?? {};
        // named here so that a change of any of them draws the board again
        void [me, now?.people, now?.answers, now?.stances, now?.acts, now?.private, now?.language, board?.id, board?.epoch, board?.access];
        queueMicrotask(() => this.follow());
      });
      const announcer = new Announcer((sentence) => {
        // the same words twice are only read when they differ
        this.spoken = sentence === this.spoken ? `${sentence}\u00a0` : sentence;
      });
      this.announce = (sentence) => announcer.say(sentence);
      store().planValues = (id) => (live?.board.id === id && this.loaded ? live.document.planValues() : null);
      const hold = (/** @type {BeforeUnloadEvent} */ event) => {
        if (live?.hasMore && !live.connection.keepsOffline) event.preventDefault();
      };
      window.addEventListener("beforeunload", hold);
      endings.push(
        () => Alpine.release(/** @type {any} */ (watching)),
        () => window.removeEventListener("beforeunload", hold),
        () => announcer.destroy(),
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
      if (me && state()) this.sweep(me.id);
      if (live && !live.closed && !live.shows(board)) this.leaveWords(live);
      if (!board || !me) this.leave();
      else if (!live?.shows(board) || (live.closed && !live.refused && closedIn !== state())) this.open(board, me.id);
      else if (board.access !== live.connection.access && !live.closed) this.changeAccess(board, me.id);
      this.draw();
    },

    /**
     * Hands back what this device still holds of boards that I may write on no more, whenever those became others.
     * The board that is open hands back its own words.
     * @param {string} me
     */
    sweep(me) {
      const mayWrite = (state()?.boards ?? []).filter(({ access }) => access === "write");
      const now = mayWrite.map(({ id, epoch }) => `${id}/${epoch}`).join();
      if (now === swept) return;
      swept = now;
      sweepCopies(me, live ? [...mayWrite, live.board] : mayWrite, labelledTexts).then((kept) => this.handBack(kept));
    },

    /** Lets the rows of a list be dragged. @param {HTMLElement} list */
    dragIn(list) {
      return makeDraggable(list, {
        // the image under the finger is a copy of the row, which Alpine must not bring to life
        onChoose: () => Alpine.stopObservingMutations(),
        onUnchoose: () => Alpine.startObservingMutations(),
        onStart: () => (dragging = true),
        onEnd: (row, place) => {
          dragging = false;
          if (row) live?.document.rowsWith(row)?.rows.move(row, place);
          this.draw();
        },
      });
    },

    /** Another board is opened: words that the server lacks stay on this device, or are handed back. @param {LiveBoard} left */
    leaveWords(left) {
      const comesBack = (state()?.boards ?? []).some((one) => one.access === "write" && left.shows(one));
      if (!comesBack || !left.connection.keepsOffline) this.handBack(left.connection.keep());
    },

    /** @param {Board} board @param {string} me */
    open(board, me) {
      this.leave();
      live = new LiveBoard(board, { id: me }, {
        onChange: () => this.draw(),
        onStatus: (status) => this.tellStatus(status),
        onClosed: (kept) => this.close(kept),
        onDenied: () => this.changeAccess({ ...board, access: "read" }, me),
        onOthers: (sentence) => this.announce(sentence),
      });
      this.access = board.access;
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
      this.tellStatus(live?.refused ? "refused" : "closed");
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
        Object.assign(this, { access: board.access, openRow: null, menuRow: null, toastRow: null, drawingIn: "" });
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
      this.trouble = troubleText(status);
      store().boardStatus = status;
      if (this.trouble) this.announce(this.trouble);
      else if (status === "offline" || status === "closed" || before === "offline") this.announce(this.statusText);
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

    /** @param {LiveBoard} from */
    drawNow(from) {
      const giveFocusBack = rememberFocus();
      from.fields.follow(from.document);
      this.loaded = this.loaded || from.connection.provider.synced || !from.document.isEmpty;
      this.adds = state()?.me.proposes ? { proposal: true } : {};
      const picture = pictureOf(from, state(), surroundingsOf(from, { state: state() }, this), drawn);
      drawn = picture.parts;
      Object.assign(this, picture);
      if (this.openRow && !drawn.some(({ rows }) => rows?.some((/** @type {any} */ row) => row.open))) {
        // somebody removed the row that was being written: say so, and offer the way back
        this.toastRow = this.openRow;
        this.openRow = null;
        from.presence.enter(null);
        this.focus(".board-toast button");
      }
      Alpine.nextTick(giveFocusBack);
    },

    /** @returns {boolean} */
    get canWrite() {
      if (this.access !== "write" || ["closed", "refused", "not_storing", "damaged"].includes(this.status)) return false;
      return this.loaded || !this.trouble;
    },
    /** @returns {boolean} */
    get readOnly() {
      return !this.canWrite;
    },
    /** @returns {boolean} */
    get opening() {
      return this.access !== null && !this.loaded && !this.trouble;
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
    get showsEarlier() {
      return this.earlier.open && this.canWrite && !this.earlier.waiting;
    },
    /** @returns {boolean} */
    get looksAtEarlier() {
      return this.earlier.was !== "";
    },
    /** @returns {boolean} */
    get listsEarlier() {
      return !this.looksAtEarlier;
    },
    /** @returns {boolean} */
    get lacksEarlier() {
      return this.listsEarlier && this.earlier.points.length === 0 && this.earlier.problem === "";
    },
    /** @returns {string} */
    get earlierTitle() {
      return this.earlier.was || t("earlier.title");
    },
    /** @returns {string} */
    get boardTitle() {
      return store().board?.title ?? "";
    },
    /** @returns {string} how the line looks that is being drawn */
    get penLook() {
      return `stroke-${this.colour}`;
    },
    /** @returns {boolean} whether what stands on it may be seen now */
    get showsParts() {
      return !this.closed && (this.loaded || this.canWrite);
    },
    /** @returns {string} */
    get spellcheck() {
      // a browser may send what it checks to its maker: never in private time
      return this.quiet ? "false" : "true";
    },

    /** @param {string} selector */
    focus(selector) {
      // a moment later: the cards have to be drawn, and what is in them
      setTimeout(() => /** @type {HTMLElement | null} */ (document.querySelector(selector))?.focus());
    },

    /** @param {Field} element @param {string} row @param {string} field */
    shareText(element, row, field) {
      return live?.fields.tie(element, { row, field }, live.document, {
        onTyping: () => live?.presence.typing(row, field),
        onFull: (full) => (this.fullField = full ? `${row}/${field}` : ""),
      });
    },

    /** Out of a text that is always open: back to the row I have open, if any. @param {string} row */
    leaveText(row) {
      if (live?.presence.row === row) live.presence.enter(this.openRow);
    },

    /** @param {string} part @param {string} column which column a phone shows */
    openColumn(part, column) {
      this.tabs = { ...this.tabs, [part]: column };
      this.draw();
    },

    /** @param {string} row @param {"agree" | "disagree"} answer @param {boolean} taken whether it is what I said before */
    sayStance(row, answer, taken) {
      return store().act(`boards/${live?.board.id}/rows/${row}/stance`, { answer: taken ? "none" : answer });
    },

    /** @param {string} field as "row/field" @returns {boolean} whether no more fits in it */
    isFull(field) {
      return this.fullField === field;
    },
  };
}

/**
 * Makes "board" known to Alpine. To be called before Alpine.start().
 * @param {import("alpinejs").Alpine} Alpine
 */
export function registerBoard(Alpine) {
  Alpine.data("board", () => board(Alpine));
  // x-ink="house.strokes": the lines of a drawing; a template cannot stand within an SVG
  Alpine.directive("ink", (element, { expression }, { effect, evaluateLater }) => {
    const strokes = evaluateLater(expression);
    effect(() => strokes((/** @type {any} */ found) => showStrokes(element, found)));
  });
  // x-tied="shareText($el, row.id, 'what')": keeps what the call makes for as long as the element is on the page
  Alpine.directive("tied", (_element, { expression }, { evaluate, cleanup }) => {
    const tie = /** @type {{ destroy(): void } | undefined} */ (evaluate(expression));
    cleanup(() => tie?.destroy());
  });
}
