/** Looking ahead: who leads reads what another phase asks of them. Nothing moves, and nobody else sees that they look. */
import { get, sentenceOf } from "../api.js";
import { t } from "../texts.js";

const NOTHING = { title: "", sentence: "", place: "", agenda: [], questions: [], do: [], dont: [], minutes: null, private: false };

export function aheadActs() {
  return {
    /** every phase in its order, as read last @type {any[]} */
    phases: [],
    aheadAt: -1,
    aheadProblem: "",

    get canLookAhead() {
      return /** @type {any} */ (this).can("look_ahead");
    },
    /** @returns {any} the phase in the dialog */
    get ahead() {
      return this.phases[this.aheadAt] ?? NOTHING;
    },
    get aheadTitle() {
      return t("ahead.title", { title: this.ahead.title });
    },
    get aheadPlace() {
      return this.ahead.place ? t(`ahead.place_${this.ahead.place}`) : "";
    },
    get aheadMinutes() {
      return this.ahead.minutes ? t("meeting.usual_minutes", { minutes: this.ahead.minutes }) : "";
    },
    get aheadFirst() {
      return this.aheadAt <= 0;
    },
    get aheadLast() {
      return this.aheadAt >= this.phases.length - 1;
    },

    /** @param {string} id */
    async openAhead(id) {
      const self = /** @type {any} */ (this);
      this.aheadProblem = "";
      try {
        this.phases = await get(self.at("phases"));
        this.aheadAt = this.phases.findIndex((phase) => phase.id === id);
      } catch (error) {
        this.aheadProblem = sentenceOf(error);
      }
      aheadDialog().showModal();
      aheadDialog().scrollTop = 0;
    },
    openAheadNow() {
      return this.openAhead(/** @type {any} */ (this).state.phase);
    },
    aheadBack() {
      if (!this.aheadFirst) this.aheadAt -= 1;
      aheadDialog().scrollTop = 0;
    },
    aheadOn() {
      if (!this.aheadLast) this.aheadAt += 1;
      aheadDialog().scrollTop = 0;
    },
    closeAhead() {
      aheadDialog().close();
    },
  };
}

function aheadDialog() {
  return /** @type {HTMLDialogElement} */ (document.getElementById("ahead-dialog"));
}
