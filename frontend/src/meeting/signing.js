/** Signing: the frozen plan in sentences, one's own first, and one's own answer to it. */
import { get } from "../api.js";
import { callable } from "../instruments/phone_list.js";
import { t } from "../texts.js";
import { holdsPlan } from "./board_order.js";
import { Ink } from "./ink.js";
import { nameOf } from "../plan/plan_values.js";
import { planLines } from "./picture.js";

/** @typedef {"stand_behind" | "yes_but" | "not_signing" | ""} Choice */

export function signingActs() {
  /** @type {Ink | null} */
  let ink = null;
  return {
    /** @type {any} */
    plan: null,
    /** @type {Choice} */
    choice: "",
    signWords: "",
    typedName: "",
    drawn: false,

    async followPlan() {
      const self = /** @type {any} */ (this);
      const wanted = self.state.plan;
      if (!wanted) {
        self.plan = null;
      } else if (self.plan?.sha256 !== wanted.sha256) {
        self.choice = "";
        self.plan = await get(self.at("plan")).catch(() => null);
      }
    },

    get frozenLines() {
      const self = /** @type {any} */ (this);
      if (!self.plan) return [];
      const lines = planLines(self.plan.values, self.state);
      return [...lines.filter((/** @type {any} */ line) => line.mine), ...lines.filter((/** @type {any} */ line) => !line.mine)];
    },
    get showsFrozen() {
      const self = /** @type {any} */ (this);
      return Boolean(self.plan) && !self.hasLivePlan;
    },
    /** @returns {any[]} what else was settled with the plan, such as who to call at night */
    get frozenParts() {
      const self = /** @type {any} */ (this);
      const board = self.state.boards.find(holdsPlan);
      return (board?.instruments ?? [])
        .map((/** @type {any} */ one) => ({
          id: one.id,
          title: one.title,
          lines: settledLines(one, self.plan?.instruments[one.id], self.state.people),
        }))
        .filter((/** @type {any} */ { lines }) => lines.length);
    },
    /** To sign, the plan itself comes first; later, what the phase is about. */
    get frozenFirst() {
      const self = /** @type {any} */ (this);
      return this.showsFrozen && (this.asksSignature || !self.state.boards.some((/** @type {any} */ { opens }) => opens));
    },
    get frozenLast() {
      return !this.frozenFirst;
    },
    get asksSignature() {
      const self = /** @type {any} */ (this);
      return Boolean(self.plan) && self.state.to_do.some((/** @type {any} */ one) => one.kind === "signature");
    },
    get canSignToo() {
      const self = /** @type {any} */ (this);
      return Boolean(self.plan) && self.can("sign") && !self.asksSignature && self.state.plan?.my_signature?.choice !== "stand_behind";
    },
    signAnyway: false,
    get offersSignature() {
      return this.canSignToo && !this.signAnyway;
    },
    get showsSigning() {
      return this.asksSignature || (this.signAnyway && this.canSignToo);
    },
    get offerText() {
      const mine = /** @type {any} */ (this).state.plan?.my_signature;
      return t(mine ? `signing.again_${mine.choice}` : "signing.sign_too");
    },
    offerSignature() {
      this.choice = "";
      this.signWords = "";
      this.signAnyway = true;
    },
    get signedText() {
      const self = /** @type {any} */ (this);
      const mine = self.state.plan?.my_signature;
      return mine ? t(`signing.done_${mine.choice}`) : "";
    },
    get reviewText() {
      const self = /** @type {any} */ (this);
      if (!self.plan?.review_text) return "";
      const convener = self.plan.people[self.plan.values.review.convener]?.name ?? "";
      return t("signing.review", { day: self.plan.review_text, name: convener });
    },
    get asksWords() {
      return this.choice === "yes_but" || this.choice === "not_signing";
    },
    get asksName() {
      return this.choice === "stand_behind" || this.choice === "yes_but";
    },
    get sentence() {
      return this.choice ? t(`signing.sentence_${this.choice}`) : "";
    },
    get canSign() {
      const self = /** @type {any} */ (this);
      return !self.busy && this.choice !== "" && (!this.asksName || this.typedName.trim() !== "" || this.drawn);
    },
    get cannotSign() {
      return !this.canSign;
    },
    get signLabel() {
      return t(this.choice === "not_signing" ? "signing.give_answer" : "signing.sign");
    },

    /** @param {HTMLCanvasElement} canvas */
    startInk(canvas) {
      ink?.close();
      ink = new Ink(canvas, () => (this.drawn = true));
    },
    clearInk() {
      ink?.clear();
      this.drawn = false;
    },

    async sign() {
      const self = /** @type {any} */ (this);
      if (this.cannotSign) return;
      const done = await self.act("signature", {
        sha256: self.plan.sha256,
        choice: this.choice,
        words: this.asksWords ? this.signWords : "",
        typed_name: this.asksName ? this.typedName : "",
        ink_svg: this.asksName && this.drawn && ink ? ink.path() : "",
      });
      if (done) {
        this.signAnyway = false;
        await self.refresh();
      }
    },
  };
}

/** The lines of one instrument as they were settled. @param {any} instrument @param {any} value @param {any[]} people */
function settledLines(instrument, value, people) {
  if (!Array.isArray(value) || instrument.kind === "pairs") return [];
  return value.map((line) => {
    const { text = line.name ?? "", number = "", when = "", person } = line;
    const beside = person ? `${instrument.person} ${nameOf(person, people, t)}`.trim() : "";
    const link = callable(number);
    return { key: line.row, text, link, call: link ? number : "", detail: [when, link ? "" : number, beside].filter(Boolean).join(" · ") };
  });
}
