/**
 * Which board is open first: what the phase is about; else the one I may write on, the plan's before others. What a
 * board is comes from the protocol's data; nothing here knows a protocol by name. Pure.
 */

/** @param {any} board @returns {boolean} */
export function holdsPlan(board) {
  return board.instruments.some((/** @type {any} */ { kind }) => kind === "plan");
}

/**
 * The boards to choose from, the one to open first in front. A plan that is frozen is read as it was frozen, and not
 * on its board, unless it is being talked about again.
 * @param {any} state
 * @returns {any[]}
 */
export function boardsOf(state) {
  const rank = (/** @type {any} */ board) => (board.opens ? -1 : (board.access === "write" ? 0 : 2) + (holdsPlan(board) ? 0 : 1));
  return state.boards
    .filter((/** @type {any} */ board) => board.live || !state.plan || !holdsPlan(board))
    .map((/** @type {any} */ board, /** @type {number} */ at) => ({ board, at }))
    .sort((/** @type {any} */ one, /** @type {any} */ two) => rank(one.board) - rank(two.board) || one.at - two.at)
    .map((/** @type {any} */ { board }) => board);
}

/** @param {any} state @param {string} chosen @returns {any} the board to show; null when there is none */
export function boardToShow(state, chosen) {
  const boards = boardsOf(state);
  return boards.find(({ id }) => id === chosen) ?? boards[0] ?? null;
}
