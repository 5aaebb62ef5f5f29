/** Making a shared text say something else at once, by changing only the piece that differs. */
import { editBetween } from "./text_edits.js";

/** @param {import("yjs").Text} text @param {string} wanted */
export function replaceText(text, wanted) {
  // nobody typed this: with a caret at the start all that is the same behind the piece stays what it is
  const edit = editBetween(text.toString(), wanted, 0);
  if (!edit) return;
  text.delete(edit.at, edit.removed);
  text.insert(edit.at, edit.inserted);
}
