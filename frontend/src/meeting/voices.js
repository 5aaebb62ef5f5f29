/** What everybody is asked at once: giving one's own number or answer, and for who asks: asking, and showing all together. */
import { t } from "../texts.js";
import { NUMBERS, voicePictures } from "./voice_picture.js";

/** The kinds of questions that everybody is asked at the same moment. */
export const ASKED_NOW = ["scale", "round"];

export function voiceActs() {
  return {
    numbers: NUMBERS,
    /** the voice whose own answer is being changed */
    changing: "",
    draft: { key: "", items: /** @type {any[]} */ ([]), share: false },
    voiceProblem: "",

    /** @returns {any[]} */
    get voices() {
      return voicePictures(/** @type {any} */ (this).state, t);
    },

    /** What was asked in this phase while this screen was open: the talk is about that, also when it was just shown. @type {string[]} */
    talkedAbout: [],
    /** @param {any} state @param {boolean} newPhase */
    followVoices(state, newPhase) {
      const asked = (state.voices ?? []).filter((/** @type {any} */ one) => one.status === "asked").map((/** @type {any} */ one) => one.id);
      this.talkedAbout = [...new Set([...(newPhase ? [] : this.talkedAbout), ...asked])];
    },
    /** They stand above the board. @returns {any[]} */
    get voicesNow() {
      return this.voices.filter(({ id }) => this.talkedAbout.includes(id));
    },
    /** @returns {any[]} */
    get voicesLater() {
      return this.voices.filter(({ id }) => !this.talkedAbout.includes(id));
    },

    /** What I am asked now, or am changing. @returns {any} */
    get askedVoice() {
      const self = /** @type {any} */ (this);
      const next = self.toDo;
      const id = this.changing || (ASKED_NOW.includes(next?.kind) ? next.subject : "");
      const voice = (self.state.voices ?? []).find((/** @type {any} */ one) => one.id === id) ?? null;
      if (!voice || voice.status !== "asked" || !voice.may_answer) return null;
      this.beginDraft(voice);
      return voice;
    },
    get asksNumber() {
      return this.askedVoice?.kind === "scale";
    },
    get asksRound() {
      return this.askedVoice?.kind === "round";
    },
    get isChild() {
      return Boolean(this.askedVoice?.private_number);
    },

    /** A draft belongs to one turn, so that what somebody chose stays while others answer. @param {any} voice */
    beginDraft(voice) {
      const key = `${voice.id}/${voice.round}`;
      if (this.draft.key === key) return;
      this.voiceProblem = "";
      this.draft = {
        key,
        share: voice.mine?.share ?? false,
        items: voice.items.map((/** @type {any} */ item, /** @type {number} */ at) => ({
          ...item,
          group: `number-${voice.id}-${at}`,
          whyId: `why-${voice.id}-${at}`,
          whyText: voice.why || t("voices.why"),
          legend: item.label || voice.question,
          // One number answers the question above it; several are each about something of their own.
          legendLook: item.label ? "" : "visually-hidden",
          lowText: t("voices.low", { text: item.low }),
          highText: t("voices.high", { text: item.high }),
          number: voice.mine?.numbers[item.id] ? String(voice.mine.numbers[item.id].number) : "",
          why: voice.mine?.numbers[item.id]?.why ?? "",
        })),
      };
    },

    async giveNumbers() {
      if (this.draft.items.some((item) => item.number === "")) {
        this.voiceProblem = t("voices.choose_number");
        return;
      }
      this.voiceProblem = "";
      const numbers = this.draft.items.map(({ id, number, why }) => ({ item: id, number: Number(number), why: why.trim() }));
      await this.giveAnswer({ numbers, share: this.draft.share });
    },
    /** @param {"yes" | "no" | "pass"} answer */
    giveRound(answer) {
      return this.giveAnswer({ answer });
    },
    /** @param {unknown} body */
    async giveAnswer(body) {
      const self = /** @type {any} */ (this);
      if (await self.act(`voices/${this.askedVoice.id}/answer`, body)) this.endChange();
    },
    /** @param {string} id */
    changeVoice(id) {
      this.draft.key = "";
      this.changing = id;
    },
    endChange() {
      this.changing = "";
      this.draft.key = "";
    },
    get isChanging() {
      return this.changing !== "";
    },
    get isNewQuestion() {
      return this.changing === "";
    },

    /** @param {string} id */
    askEverybody(id) {
      return /** @type {any} */ (this).act(`voices/${id}/ask`);
    },
    /** @param {string} id */
    showAll(id) {
      return /** @type {any} */ (this).act(`voices/${id}/show`);
    },
  };
}
