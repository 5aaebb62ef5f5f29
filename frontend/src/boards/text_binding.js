/**
 * Ties a Y.Text to a <textarea> or <input>: what is typed goes into the shared text, what others type appears
 * without moving the caret. Two people in one field keep both their words.
 */
import { editAfter, editBetween, firstPart, keepable, positionAfter } from "./text_edits.js";

/** @typedef {import("./text_edits.js").Delta} Delta */

/** The longest text a field takes, in UTF-16 units. */
export const longestText = 2000;

const growsByItself = typeof CSS !== "undefined" && CSS.supports("field-sizing", "content");

/**
 * @typedef {object} TextBinding
 * @property {HTMLTextAreaElement | HTMLInputElement} element
 * @property {import("yjs").Text} text what the field is tied to now
 * @property {(text: import("yjs").Text) => void} moveTo ties the field to another text
 * @property {() => void} destroy
 */

/**
 * @param {object} options
 * @param {HTMLTextAreaElement | HTMLInputElement} options.element
 * @param {import("yjs").Text} options.text
 * @param {unknown} options.origin who makes these changes, for undo
 * @param {number} [options.longest]
 * @param {() => void} [options.onTyping] at each change by this person
 * @param {(full: boolean) => void} [options.onFull] when the field becomes full, and when it has room again
 * @returns {TextBinding}
 */
export function bindText({ element, text, origin, longest = longestText, onTyping, onFull }) {
  let tied = text;
  /** what the field held when it was last equal to the shared text */
  let known = "";
  let composing = false;
  let full = false;
  /** @type {Delta[]} what others changed while a word was being composed */
  let waiting = [];
  let taking = false;

  /** @param {string} value @param {number | null} [start] @param {number | null} [end] */
  function show(value, start = null, end = null) {
    known = value;
    if (element.value !== value) {
      const top = element.scrollTop;
      element.value = value;
      if (start !== null && document.activeElement === element) {
        element.setSelectionRange(start, end ?? start, element.selectionDirection ?? "none");
      }
      element.scrollTop = top;
    }
    grow();
    tellFull();
  }

  function grow() {
    if (growsByItself || !(element instanceof HTMLTextAreaElement) || !element.scrollHeight) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight + element.offsetHeight - element.clientHeight}px`;
  }

  function tellFull() {
    // one less, for a sign of two units that did not fit
    const now = element.value.length >= longest - 1;
    if (now !== full) onFull?.((full = now));
  }

  /** Brings what was typed into the shared text. */
  function take() {
    const edit = editBetween(known, element.value, element.selectionEnd ?? element.value.length);
    const deltas = waiting;
    waiting = [];
    if (edit) {
      const room = longest - (known.length - edit.removed);
      edit.inserted = firstPart(keepable(edit.inserted), Math.max(room, 0));
      const { at, removals, inserted } = editAfter(edit, deltas);
      taking = true;
      tied.doc?.transact(() => {
        for (const [from, count] of runs(removals)) tied.delete(from, count);
        // what was removed before the caret has moved it
        const place = at - removals.filter((gone) => gone < at).length;
        if (inserted) tied.insert(place, inserted);
      }, origin);
      taking = false;
      onTyping?.();
    }
    const caret = deltas.reduce(positionAfter, element.selectionEnd ?? 0);
    show(tied.toString(), Math.min(caret, tied.length));
  }

  /** @param {import("yjs").YTextEvent} event */
  function follow(event) {
    if (taking) return;
    if (composing) {
      waiting.push(/** @type {Delta} */ (event.delta));
      return;
    }
    const delta = /** @type {Delta} */ (event.delta);
    const start = positionAfter(element.selectionStart ?? 0, delta);
    const end = positionAfter(element.selectionEnd ?? 0, delta);
    show(tied.toString(), start, end);
  }

  function onInput() {
    if (composing) tellFull();
    else take();
  }
  function onStart() {
    composing = true;
  }
  function onEnd() {
    composing = false;
    take();
  }
  // a phone that loses its keyboard in the middle of a word does not always say that the word is done
  function onBlur() {
    if (composing) onEnd();
  }

  element.addEventListener("input", onInput);
  element.addEventListener("compositionstart", onStart);
  element.addEventListener("compositionend", onEnd);
  element.addEventListener("blur", onBlur);
  element.maxLength = longest;
  tied.observe(follow);
  show(tied.toString());

  return {
    element,
    get text() {
      return tied;
    },
    moveTo(next) {
      tied.unobserve(follow);
      tied = next;
      waiting = [];
      tied.observe(follow);
      show(tied.toString(), Math.min(element.selectionEnd ?? 0, tied.length));
    },
    destroy() {
      if (composing) onEnd();
      tied.unobserve(follow);
      element.removeEventListener("input", onInput);
      element.removeEventListener("compositionstart", onStart);
      element.removeEventListener("compositionend", onEnd);
      element.removeEventListener("blur", onBlur);
    },
  };
}

/**
 * Joins single positions, last first, to runs: [7, 6, 3] becomes [[6, 2], [3, 1]].
 * @param {number[]} places
 * @returns {[number, number][]}
 */
function runs(places) {
  /** @type {[number, number][]} */
  const found = [];
  for (const place of places) {
    const last = found[found.length - 1];
    if (last && last[0] === place + 1) {
      last[0] = place;
      last[1] += 1;
    } else found.push([place, 1]);
  }
  return found;
}
