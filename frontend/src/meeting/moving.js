/** Moving the meeting on: first it says what will happen and to whom, then it happens, and a waiting move counts down. */
import { ApiError, post, sentenceOf } from "../api.js";
import { t } from "../texts.js";
import { planLines } from "./picture.js";

/** @param {any} Alpine */
export function moveActs(Alpine) {
  return {
    moveId: "",
    /** the version of the meeting that the dialog was opened on */
    moveVersion: 0,
    moveReason: "",
    moveProblem: "",
    moveMissing: /** @type {any[]} */ ([]),
    moveRelease: /** @type {any} */ (null),
    secondsLeft: 0,
    /** why the move that waited is not happening */
    takenBack: "",

    /** @returns {any} the move in the dialog */
    get move() {
      const self = /** @type {any} */ (this);
      const { main, others } = self.picture.moves;
      return [main, ...others].find((one) => one && one.id === self.moveId) ?? null;
    },
    get moveLabel() {
      return this.move?.label ?? "";
    },
    get moveEffect() {
      return this.move?.effect ?? "";
    },
    get moveBack() {
      return this.move?.back ?? "";
    },
    get moveBlocked() {
      return Boolean(this.move?.blocked);
    },
    get movePossible() {
      return Boolean(this.move) && !this.move.blocked;
    },
    get moveLines() {
      return this.moveMissing.length
        ? this.moveMissing.map((item, at) => ({ key: `m${at}`, text: item.text }))
        : (this.move?.allLines ?? []);
    },
    get moveHasLines() {
      return this.moveLines.length > 0;
    },
    get moveNeedsReason() {
      return this.movePossible && (this.move.needs_reason || this.nothingToShow || this.moveMissing.length > 0);
    },
    get moveShows() {
      return Boolean(this.move?.releases);
    },
    get moveShownLines() {
      const self = /** @type {any} */ (this);
      return planLines(this.moveRelease, self.state);
    },
    get nothingToShow() {
      return this.moveShows && this.moveShownLines.length === 0;
    },
    get moveLinesTitle() {
      return t(this.moveBlocked ? "meeting.still_needed" : "meeting.goes_on_without");
    },

    /** @param {string} id */
    async openMove(id) {
      const self = /** @type {any} */ (this);
      self.moveId = id;
      self.moveVersion = self.state.version;
      self.moveReason = "";
      self.moveProblem = "";
      self.moveMissing = [];
      if (!(await self.readRelease())) return;
      if (self.nothingToShow) self.moveReason = t("private_time.could_not_work_it_out");
      const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("move-dialog"));
      dialog.showModal();
    },

    /** What the others will see: what stands on the circle's board on this screen. @returns {Promise<boolean>} whether that is known */
    async readRelease() {
      const self = /** @type {any} */ (this);
      const releases = self.move?.releases;
      self.moveRelease = releases ? await self.planOn(releases) : null;
      const known = !releases || self.moveRelease !== null;
      self.problem = known ? "" : t("private_time.board_not_here_yet");
      return known;
    },

    closeMove() {
      const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("move-dialog"));
      dialog.close();
    },

    async makeMove() {
      const self = /** @type {any} */ (this);
      if (self.busy) return;
      self.busy = true;
      self.moveProblem = "";
      try {
        await post(self.at(`moves/${self.moveId}`), {
          version: self.moveVersion,
          reason: self.moveReason.trim() || null,
          release: self.moveRelease,
        });
        self.closeMove();
      } catch (error) {
        self.moveProblem = sentenceOf(error);
        if (error instanceof ApiError) self.moveMissing = error.missing;
        await self.readRelease();
      }
      self.busy = false;
      await self.refresh();
    },

    /** @returns {any} */
    get pending() {
      return /** @type {any} */ (this).picture.moves.pending;
    },
    get pendingMine() {
      return Boolean(this.pending?.pending.mine);
    },
    get pendingTheirs() {
      return Boolean(this.pending) && !this.pendingMine;
    },
    get pendingTitle() {
      if (!this.pending) return "";
      const values = { name: this.pending.pending.by?.name ?? "", label: this.pending.label };
      return this.pendingMine ? t("private_time.you_said", values) : t("private_time.somebody_said", values);
    },
    get pendingLines() {
      const self = /** @type {any} */ (this);
      return this.pending ? planLines(this.pending.pending.release, self.state) : [];
    },
    get pendingShows() {
      return Boolean(this.pending?.releases);
    },
    get pendingClock() {
      // A door that is open now closes, or something else happens that asks for two.
      const inside = Boolean(/** @type {any} */ (this).state.private?.inside);
      return t(inside ? "private_time.seconds_left" : "private_time.seconds_until", { seconds: this.secondsLeft });
    },
    get pendingYes() {
      return this.pending ? t("private_time.confirm", { label: this.pending.label.toLowerCase() }) : "";
    },

    /** Say so when what waited is gone and nothing happened. @param {any} before @param {any} state */
    followPending(before, state) {
      const waits = (/** @type {any} */ { moves }) => moves.some((/** @type {any} */ { pending }) => pending);
      const stayed = before.version === state.version;
      if (!stayed || waits(state)) this.takenBack = "";
      else if (waits(before)) this.takenBack = t("private_time.taken_back");
    },

    countDown() {
      const self = /** @type {any} */ (this);
      if (!self.pending) return;
      // By the server's clock: a phone's own may be minutes off.
      const ahead = Date.parse(self.state.now) - self.seenAt;
      const left = Math.ceil((Date.parse(self.pending.pending.until) - (Date.now() + ahead)) / 1000);
      self.secondsLeft = Math.max(0, left);
    },
    /** when the newest state came in, by this device's clock */
    seenAt: Date.now(),

    confirmMove() {
      return this.answerPending("confirm");
    },
    notYet() {
      return this.answerPending("not-yet");
    },
    /** @param {"confirm" | "not-yet"} answer */
    async answerPending(answer) {
      const self = /** @type {any} */ (this);
      if (!self.pending || self.busy) return;
      self.busy = true;
      self.problem = "";
      try {
        await post(self.at(`moves/${self.pending.id}/${answer}`), { version: self.state.version });
      } catch (error) {
        self.problem = sentenceOf(error);
      }
      self.busy = false;
      await self.refresh();
    },
  };
}
