/** Bottom lines: setting one beforehand, or a late one with a reason, and saying that they were read aloud. */
import { t } from "../texts.js";

const EMPTY = { what: "", why: "", ground: "", late_reason: "" };

export function bottomLineActs() {
  return {
    line: { ...EMPTY },

    get canSetBottomLine() {
      const self = /** @type {any} */ (this);
      return self.can("set_bottom_line") || self.can("set_late_bottom_line");
    },
    get isLate() {
      return !(/** @type {any} */ (this).can("set_bottom_line"));
    },
    /** A late one is the exception, and asks to be opened. @param {HTMLDetailsElement} form */
    openOnTime(form) {
      form.open = !this.isLate;
    },
    async addBottomLine() {
      if (await /** @type {any} */ (this).act("bottom-lines", this.line)) this.line = { ...EMPTY };
    },
    /** @param {string} id @param {boolean} enough */
    judge(id, enough) {
      const self = /** @type {any} */ (this);
      return self.act(`bottom-lines/${id}/verdict`, { enough, why: "", hash: self.state.sheet.plan_hash });
    },

    /** @returns {any[]} */
    get bottomLines() {
      return /** @type {any} */ (this).state.sheet.bottom_lines.map((/** @type {any} */ one) => ({
        ...one,
        setBy: t("meeting.set_by", { name: one.set_by }),
        lateText: one.late_reason ? t("bottom_lines.came_late", { reason: one.late_reason }) : "",
        mayTakeBack: Boolean(one.verdict?.enough || one.mine) && /** @type {any} */ (this).can("give_verdict"),
        verdictText: one.verdict ? t(one.verdict.enough ? "meeting.enough" : "meeting.not_enough") : "",
        saidBy: one.verdict ? t("bottom_lines.said_by", { names: one.verdict.by.join(", ") }) : "",
      }));
    },
    get hasBottomLines() {
      return this.bottomLines.length > 0;
    },
    /** What is not enough yet and I did not call enough, beside the plan that I look at. @returns {any[]} */
    get toJudge() {
      if (!(/** @type {any} */ (this).can("give_verdict"))) return [];
      return this.bottomLines.filter(({ verdict, mine }) => !verdict?.enough && !mine);
    },
    get asksVerdict() {
      return this.toJudge.length > 0;
    },
    get asksReadAloud() {
      const self = /** @type {any} */ (this);
      return self.can("read_bottom_lines_aloud") && this.hasBottomLines && !self.state.sheet.bottom_lines_read;
    },
    haveReadAloud() {
      return /** @type {any} */ (this).act("bottom-lines/read-aloud");
    },
  };
}
