/**
 * What happened to a text, as plain numbers: which piece was replaced, and where a position went when somebody
 * else changed something. Pure; the text binding and its tests use it.
 */

/** @typedef {{ at: number, removed: number, inserted: string }} Edit one replaced piece, in UTF-16 units */
/** @typedef {{ retain?: number, insert?: unknown, delete?: number }[]} Delta as Yjs tells what changed in a text */

/** @param {string} text @param {number} at @returns {boolean} whether a cut at `at` would split one sign in two */
function splitsSign(text, at) {
  if (at <= 0 || at >= text.length) return false;
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at);
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
}

/**
 * The smallest edit that turns `before` into `after`. The caret tells which of two equal letters was typed.
 * @param {string} before
 * @param {string} after
 * @param {number} caret where the caret stands in `after`
 * @returns {Edit | null} null when nothing changed
 */
export function editBetween(before, after, caret) {
  if (before === after) return null;
  const shortest = Math.min(before.length, after.length);
  // what stands behind the caret was not touched by typing or deleting at the caret
  const limit = Math.min(shortest, Math.max(0, after.length - caret));
  let tail = commonTail(before, after, limit);
  let head = commonHead(before, after, shortest - tail);
  if (tail < limit) {
    // something changed behind the caret as well (a correction, a dropped text): take the plain difference
    head = commonHead(before, after, shortest);
    tail = commonTail(before, after, shortest - head);
  }
  if (splitsSign(before, head) || splitsSign(after, head)) head -= 1;
  if (splitsSign(before, before.length - tail) || splitsSign(after, after.length - tail)) tail -= 1;
  return { at: head, removed: before.length - tail - head, inserted: after.slice(head, after.length - tail) };
}

/** @param {string} one @param {string} two @param {number} most @returns {number} how many first signs are equal */
function commonHead(one, two, most) {
  let count = 0;
  while (count < most && one[count] === two[count]) count += 1;
  return count;
}

/** @param {string} one @param {string} two @param {number} most @returns {number} how many last signs are equal */
function commonTail(one, two, most) {
  let count = 0;
  while (count < most && one[one.length - 1 - count] === two[two.length - 1 - count]) count += 1;
  return count;
}

/**
 * Where a position goes when `delta` is applied to the text it stands in.
 * @param {number} position
 * @param {Delta} delta
 * @returns {number}
 */
export function positionAfter(position, delta) {
  let read = 0;
  let moved = position;
  for (const step of delta) {
    if (read > position) break;
    if (step.retain !== undefined) read += step.retain;
    else if (step.delete !== undefined) {
      moved -= Math.min(step.delete, Math.max(0, position - read));
      read += step.delete;
    } else if (read < position) moved += lengthOf(step.insert);
  }
  return Math.max(0, moved);
}

/**
 * Moves an edit over changes that others made meanwhile: only signs that stood in the text before are removed,
 * never what the others wrote in between.
 * @param {Edit} edit made in the text before `deltas`
 * @param {Delta[]} deltas
 * @returns {{ at: number, removals: number[], inserted: string }} removals: positions of single units, last first
 */
export function editAfter(edit, deltas) {
  let at = edit.at;
  /** @type {(number | null)[]} */
  let doomed = Array.from({ length: edit.removed }, (_unused, index) => edit.at + index);
  for (const delta of deltas) {
    at = positionAfter(at, delta);
    doomed = doomed.map((place) => (place === null ? null : unitAfter(place, delta)));
  }
  const removals = doomed.filter((place) => place !== null).sort((one, two) => two - one);
  return { at, removals, inserted: edit.inserted };
}

/** @param {number} place @param {Delta} delta @returns {number | null} where that unit stands now; null when it is gone */
function unitAfter(place, delta) {
  let read = 0;
  let moved = place;
  for (const step of delta) {
    if (read > place) break;
    if (step.retain !== undefined) read += step.retain;
    else if (step.delete !== undefined) {
      if (place < read + step.delete) return null;
      moved -= step.delete;
      read += step.delete;
    } else moved += lengthOf(step.insert);
  }
  return moved;
}

/** @param {unknown} inserted @returns {number} */
function lengthOf(inserted) {
  return typeof inserted === "string" ? inserted.length : 1;
}

/**
 * The text without signs that cannot be kept: control signs, and halves of a sign that was split.
 * @param {string} text
 * @returns {string}
 */
export function keepable(text) {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, "")
    .replace(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g, (sign) => (sign.length === 2 ? sign : ""));
}

/**
 * The first `room` units of a text, never half a sign.
 * @param {string} text
 * @param {number} room
 * @returns {string}
 */
export function firstPart(text, room) {
  if (text.length <= room) return text;
  const cut = Math.max(0, room);
  return text.slice(0, splitsSign(text, cut) ? cut - 1 : cut);
}
