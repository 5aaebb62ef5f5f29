/** The meeting: one page for everybody, drawn anew from the state whenever the meeting changed. */
import { ApiError, get, post, sentenceOf } from "../api.js";
import { registerBoard } from "../boards/board_screen.js";
import { forgetBoard } from "../boards/connection.js";
import { compose } from "../compose.js";
import { aheadActs } from "../meeting/ahead.js";
import { actFor, answerLine, askFor } from "../meeting/asks.js";
import { boardToShow } from "../meeting/board_order.js";
import { boardActs } from "../meeting/boards.js";
import { bottomLineActs } from "../meeting/bottom_lines.js";
import { leadActs } from "../meeting/leading.js";
import { moveActs } from "../meeting/moving.js";
import { pictureOf, planLines } from "../meeting/picture.js";
import { signingActs } from "../meeting/signing.js";
import { ASKED_NOW, voiceActs } from "../meeting/voices.js";
import { listen } from "../meeting_events.js";
import { page, startPage } from "../page.js";
import { t } from "../texts.js";

const OFFLINE_AFTER_MS = 1500;
const CLOCK_MS = 1000;
const HAVE_THEIR_OWN_SCREEN = ["agreement", "signature", ...ASKED_NOW];

startPage((Alpine) => {
  Alpine.store("meeting", {
    state: page.state,
    me: page.state.me,
    board: boardToShow(page.state, ""),
    act: async () => false,
    boardStatus: "",
    kept: [],
    planValues: null,
  });
  registerBoard(Alpine);
  Alpine.data("meeting", () => compose(moveActs(Alpine), boardActs(Alpine), signingActs(), aheadActs(), leadActs(), voiceActs(), bottomLineActs(), /** @type {any} */ ({
    state: /** @type {any} */ (page.state),
    picture: /** @type {any} */ (pictureOf(page.state)),
    busy: false,
    problem: "",
    news: "",
    /** why this screen does not hear of changes now @type {"" | "offline" | import("../crowding.js").Crowding} */
    deaf: "",
    ended: false,
    later: /** @type {string[]} */ ([]),
    words: "",
    wordsFor: "",
    clock: "",

    init() {
      /** @type {any} */ (Alpine.store("meeting")).act = (/** @type {string} */ path, /** @type {unknown} */ body) => this.act(path, body);
      this.show(page.state);
      /** @type {number | undefined} */
      let waiting;
      listen(this.state.me.id, {
        onChange: () => this.refresh(),
        onConnection: (connected, crowding) => {
          clearTimeout(waiting);
          if (connected) this.deaf = "";
          else if (crowding) this.deaf = crowding;
          else if (!this.deaf) waiting = window.setTimeout(() => (this.deaf = "offline"), OFFLINE_AFTER_MS);
        },
        onEnd: () => (this.ended = true),
      });
      this.tick();
      window.setInterval(() => this.tick(), CLOCK_MS);
    },

    tick() {
      const clock = new Date().toLocaleTimeString(this.state.language, { hour: "2-digit", minute: "2-digit" });
      if (clock !== this.clock) this.clock = clock;
      this.countDown();
    },

    /** Take a new state to the screen. @param {any} state */
    show(state) {
      const before = this.state;
      this.seenAt = Date.now();
      this.state = state;
      this.picture = pictureOf(state);
      document.body.classList.toggle("night", this.picture.night);
      document.body.classList.toggle("outside", this.picture.outside);
      const store = /** @type {any} */ (Alpine.store("meeting"));
      store.state = state;
      store.me = state.me;
      this.followVoices(state, before.phase !== state.phase);
      if (before.phase !== state.phase) this.turnToPhase();
      this.followBoards();
      if (before.phase !== state.phase) this.arrive(before, state);
      this.followPlan();
      this.followPending(before, state);
      this.followColleagues();
      this.countDown();
    },

    /** @param {any} before @param {any} state */
    arrive(before, state) {
      this.news = t("meeting.phase_changed", { title: state.phase_text.title });
      this.problem = "";
      this.later = [];
      this.reopened = null;
      // what the circle wrote among itself does not stay on anybody's device behind a door that is open
      const still = state.boards.map((/** @type {any} */ board) => board.id);
      for (const board of before.boards) if (board.circle && !still.includes(board.id)) forgetBoard(state.me.id, board.id);
      document.title = state.meeting.title;
    },

    async refresh() {
      if (this.refreshing) {
        this.again = true;
        return;
      }
      this.refreshing = true;
      do {
        this.again = false;
        try {
          this.show(await get(this.at("")));
        } catch (error) {
          if (error instanceof ApiError && error.status === 401) this.ended = true;
        }
      } while (this.again);
      this.refreshing = false;
    },
    refreshing: false,
    again: false,

    /** @param {string} rest */
    at(rest) {
      return `/api/m/${this.state.me.id}${rest ? `/${rest}` : ""}`;
    },

    /** Do something that answers with the state. @param {string} path @param {unknown} [body] @returns {Promise<boolean>} */
    async act(path, body) {
      if (this.busy) return false;
      this.busy = true;
      this.problem = "";
      try {
        this.show(await post(this.at(path), body));
        return true;
      } catch (error) {
        this.problem = sentenceOf(error);
        if (error instanceof ApiError && error.status === 409) this.refresh();
        return false;
      } finally {
        this.busy = false;
      }
    },

    // --- what I am asked ---

    get toDo() {
      const open = this.state.to_do.filter((/** @type {any} */ one) => !this.later.includes(keyOf(one)));
      // What everybody in the room is asked at this moment goes before what can wait.
      return open.find((/** @type {any} */ one) => ASKED_NOW.includes(one.kind)) ?? this.reopened ?? open[0] ?? null;
    },
    get ask() {
      const next = this.toDo;
      if (!next || HAVE_THEIR_OWN_SCREEN.includes(next.kind)) return null;
      const ask = askFor(next, this.state);
      if (this.wordsFor !== keyOf(next)) {
        this.wordsFor = keyOf(next);
        this.words = ask.words;
      }
      return ask;
    },
    get askedAgreement() {
      const next = this.toDo;
      if (next?.kind !== "agreement") return null;
      return this.picture.agreements.find((/** @type {any} */ one) => one.row === next.subject) ?? null;
    },
    /** What the question above asks is not asked a second time below it. @returns {any[]} */
    get ownAgreements() {
      const asked = this.askedAgreement;
      return this.picture.agreements.filter((/** @type {any} */ one) => one !== asked);
    },
    get moreToDo() {
      const more = this.state.to_do.length - (this.reopened ? 0 : 1);
      return more > 0 ? t(more === 1 ? "meeting.one_more" : "meeting.many_more", { count: more }) : "";
    },

    sayYes() {
      return this.answer(true);
    },
    sayNo() {
      return this.answer(false);
    },
    notNow() {
      if (this.reopened) this.reopened = null;
      else if (this.toDo) this.later = [...this.later, keyOf(this.toDo)];
    },
    /** @param {boolean} yes */
    async answer(yes) {
      const next = this.toDo;
      if (!next) return;
      const hash = this.askedAgreement?.hash;
      const { path, body } = actFor({ ...next, hash }, yes, this.words);
      if ((await this.act(path, body)) && next === this.reopened) this.reopened = null;
    },
    /** @param {string} row @param {string} hash @param {boolean} yes */
    answerAgreement(row, hash, yes) {
      const { path, body } = actFor({ kind: "agreement", subject: row, hash }, yes, "");
      return this.act(path, body);
    },

    // --- what I answered ---

    get answered() {
      return this.state.mine.answers.map(answerLine);
    },
    get hasAnswered() {
      return this.state.mine.answers.length > 0;
    },
    /** own words that are being written anew @type {any} */
    reopened: null,
    /** Say the other of yes and no, or write anew. @param {string} key */
    async changeAnswer(key) {
      const mine = this.answered.find((/** @type {any} */ one) => one.key === key);
      if (!mine) return;
      if (mine.writes) {
        this.reopened = mine;
        this.wordsFor = "";
        Alpine.nextTick(() => /** @type {HTMLElement | null} */ (document.querySelector(".ask textarea"))?.focus());
        return;
      }
      const { path, body } = actFor(mine, mine.answer === "no", "");
      await this.act(path, body);
    },

    // --- what I may do ---

    /** @param {string} act */
    can(act) {
      return this.state.acts.includes(act);
    },
    get readyLabel() {
      return t(this.state.mine.ready ? "meeting.not_ready_after_all" : "meeting.i_am_ready");
    },
    toggleReady() {
      return this.act("ready", { ready: !this.state.mine.ready });
    },
    /** @param {string} id */
    callIn(id) {
      return this.act("call", { for: id });
    },
    callLeader() {
      return this.callIn(this.picture.leader.id);
    },
    get callLeaderLabel() {
      return this.picture.leader ? t("private_time.call", { name: this.picture.leader.name }) : "";
    },
    /** While a move waits for a second person, its own card has the buttons. */
    get offersMain() {
      return Boolean(this.picture.moves.main) && !this.pending;
    },
    get outsidersNamed() {
      return t("private_time.only_circle", { name: this.picture.leader?.name ?? "" });
    },
    /** In private time the circle has a card with questions on its table. */
    get hasTableCard() {
      return this.picture.inside && this.state.phase_text.questions.length > 0;
    },
    get canAskSomebody() {
      return this.picture.inside && this.picture.callable.length > 0;
    },
    lampOff() {
      return this.act("call/end");
    },
    get views() {
      return this.state.sheet.views;
    },
    get statementText() {
      const statement = this.state.sheet.statement;
      if (!statement) return "";
      return statement.declined ? t("meeting.statement_declined", { name: this.centralName }) : statement.text;
    },
    get centralName() {
      return this.state.meeting.central_person?.name ?? "";
    },
    get saysTitle() {
      return t("meeting.says", { name: this.centralName });
    },
    get appointmentText() {
      const made = this.state.meeting.appointment;
      return made ? `${made.text}, ${made.place}` : "";
    },
    get sheetShown() {
      return Boolean(this.state.meeting.question || this.statementText || this.views.length || this.hasBottomLines || this.appointmentText);
    },
    /** Whether a phase tells who leads how it goes. */
    get hasGuide() {
      const { agenda, do: good, dont } = this.state.phase_text;
      return agenda.length + good.length + dont.length > 0;
    },
    get minutesText() {
      const minutes = this.state.phase_text.minutes;
      return minutes ? t("meeting.usual_minutes", { minutes }) : "";
    },

    // --- the board ---

    /** The board itself says that it is crowded. */
    get notice() {
      return this.deaf && (this.deaf === "offline" || !this.hasBoard) ? t(`meeting.${this.deaf}`) : "";
    },
    get statusText() {
      const status = /** @type {any} */ (Alpine.store("meeting")).boardStatus;
      return this.hasBoard && status ? t(`meeting.status_${status}`) : "";
    },
    get kept() {
      return /** @type {any} */ (Alpine.store("meeting")).kept;
    },
    get hasKept() {
      return this.kept.length > 0;
    },
    dropKept() {
      /** @type {any} */ (Alpine.store("meeting")).kept = [];
    },
    /** @param {string} text */
    async copyKept(text) {
      await navigator.clipboard?.writeText(text).catch(() => {});
      this.news = t("meeting.copied");
    },

    /** @param {Event} event */
    async chooseLanguage(event) {
      const chosen = /** @type {HTMLSelectElement} */ (event.target).value;
      if (await this.act("language", { language: chosen })) location.reload();
    },

    /** @param {any} values */
    linesOf(values) {
      return planLines(values, this.state);
    },
  })));
});

/** @param {{ kind: string, subject: string | null }} toDo */
function keyOf(toDo) {
  return `${toDo.kind}/${toDo.subject ?? ""}`;
}
