/** What a board shows at one moment, worked out from the live document and from the state of the meeting. */
import { t } from "../texts.js";

/** @typedef {import("./connection.js").Board} Board */
/** @typedef {import("./connection.js").BoardStatus} BoardStatus */
/** @typedef {import("./connection.js").KeptText} KeptText */
/** @typedef {import("./part.js").Surroundings} Surroundings */
/**
 * @typedef {object} MeetingState the part of GET /api/m/<pid> that a board reads
 * @property {string} language
 * @property {import("./part.js").Person[]} people
 * @property {Board[]} boards
 * @property {string[]} acts
 * @property {{ id: string, side: string, proposes?: boolean }} me
 * @property {{ inside: boolean } | null} private
 * @property {Surroundings["answers"]} [answers]
 * @property {Surroundings["stances"]} [stances]
 */
/**
 * @typedef {object} MeetingStore what the meeting screen gives, and what the board answers
 * @property {MeetingState | null} state
 * @property {Board | null} board the board to show
 * @property {{ id: string } | null} me
 * @property {(path: string, body?: unknown) => Promise<boolean>} act does something that answers with the state
 * @property {BoardStatus | ""} [boardStatus]
 * @property {KeptText[]} [kept] what was typed on a board that closed meanwhile
 * @property {((board: string) => import("../plan/plan_values.js").PlanValues | null) | null} [planValues]
 */

/**
 * @param {import("./live_board.js").LiveBoard} live
 * @param {{ state: MeetingState | null }} store
 * @param {Pick<Surroundings, "openRow" | "draftKind" | "canWrite" | "drawingIn" | "colour" | "tabs">} screen
 * @returns {Surroundings}
 */
export function surroundingsOf({ board, presence }, { state }, { openRow, draftKind, canWrite, drawingIn, colour, tabs }) {
  return {
    board: board.id,
    boardTitle: board.title,
    people: state?.people ?? [],
    answers: state?.answers ?? {},
    stances: state?.stances ?? {},
    others: presence.others(),
    openRow,
    draftKind,
    canWrite,
    maySayStance: Boolean(state?.acts.includes("say_stance")),
    mayTakeOver: state?.me.side === "circle",
    drawingIn,
    colour,
    tabs,
    language: state?.language ?? document.documentElement.lang,
    say: t,
  };
}

/**
 * @param {import("./live_board.js").LiveBoard} live
 * @param {MeetingState | null} state
 * @param {Surroundings} around
 * @param {any[]} before the instruments as they stand there now
 */
export function pictureOf({ document }, state, around, before) {
  const removed = document.parts.flatMap((part) => part.removed(around));
  return {
    parts: document.parts.map((part) => part.picture(around, before.find(({ id }) => id === part.id))),
    removed,
    removedLabel: t("board.removed_count", { count: removed.length }),
    quiet: Boolean(state?.private?.inside),
    canUndo: document.undoManager.canUndo(),
  };
}
