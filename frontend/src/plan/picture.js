/** What the plan board shows at one moment, worked out from the live plan and from the state of the meeting. */
import { t } from "../texts.js";
import { choices, makeCards, of } from "./cards.js";
import { agreementSentence, reviewSentence } from "./plan_values.js";
import { dateText } from "./when_text.js";

/** @typedef {import("../boards/connection.js").Board} Board */
/** @typedef {import("../boards/connection.js").BoardStatus} BoardStatus */
/** @typedef {import("../boards/connection.js").KeptText} KeptText */
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

/**
 * @param {import("./live_plan.js").LivePlan} live
 * @param {MeetingState | null} state
 * @param {{ openRow: string | null, draftKind: import("./when_editing.js").Kind }} open
 * @param {import("./cards.js").Card[]} before the cards that stand there now
 */
export function pictureOf({ plan, presence }, state, { openRow, draftKind }, before) {
  const people = state?.people ?? [];
  const language = state?.language ?? document.documentElement.lang;
  const { agreements, review } = plan.values();
  const others = presence.others();
  const around = { people, answers: state?.answers ?? {}, others, openRow, draftKind, language, say: t };
  const removed = plan.removedRows();
  return {
    cards: makeCards(agreements, around, before),
    removed: removed.map((agreement) => ({
      id: agreement.row,
      sentence: agreementSentence(agreement, people, language, t),
    })),
    removedLabel: t("plan.removed_count", { count: removed.length }),
    review: {
      date: review.date ?? "",
      dateText: review.date ? dateText(review.date, language, t) : "",
      sentence: reviewSentence(review, people, language, t),
      choices: choices(of(people, "circle"), review.convener ? [review.convener] : [], t),
    },
    quiet: Boolean(state?.private?.inside),
    canUndo: plan.undoManager.canUndo(),
  };
}
