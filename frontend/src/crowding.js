/** Why the server has no place for one more connection now, by the code it closes with (app/live/connection.py). */

/** @typedef {"open_too_often" | "board_crowded" | "house_crowded"} Crowding */

/** @type {Record<number, Crowding>} */
const crowdings = { 4529: "open_too_often", 4530: "board_crowded", 4531: "house_crowded" };

/** @param {number | undefined} code @returns {Crowding | null} */
export function crowdingOf(code) {
  return crowdings[code ?? 0] ?? null;
}

/** @param {string | null} reason @returns {reason is Crowding} */
export function isCrowding(reason) {
  return Object.values(crowdings).some((crowding) => crowding === reason);
}
