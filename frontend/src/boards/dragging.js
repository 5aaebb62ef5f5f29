/** Moving rows by dragging their handle. The menu of a row does the same by tapping. */
import Sortable from "sortablejs";

/**
 * @param {HTMLElement} list
 * @param {object} options
 * @param {() => void} options.onChoose a handle is taken
 * @param {() => void} options.onUnchoose and let go, moved or not
 * @param {() => void} options.onStart
 * @param {(row: string | null, place: number) => void} options.onEnd row is null when nothing moved
 * @returns {Sortable}
 */
export function makeDraggable(list, { onChoose, onUnchoose, onStart, onEnd }) {
  /** @type {Node | null} */
  let next = null;
  return Sortable.create(list, {
    draggable: ".board-card",
    handle: ".board-handle",
    // the browser's own dragging does nothing under a finger
    forceFallback: true,
    fallbackTolerance: 4,
    animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 150,
    ghostClass: "board-card-ghost",
    onChoose,
    onUnchoose,
    onStart({ item }) {
      next = item.nextSibling;
      onStart();
    },
    onEnd({ item, oldDraggableIndex = 0, newDraggableIndex = 0 }) {
      // the list is drawn from the document: put the row back, and let the document say where it belongs
      list.insertBefore(item, next);
      const moved = oldDraggableIndex !== newDraggableIndex;
      onEnd(moved ? (item.dataset.row ?? null) : null, newDraggableIndex);
    },
  });
}
