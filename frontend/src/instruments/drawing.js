/** Drawing in a house with a finger, a pen or a mouse; the writing beside it is the way for the keyboard. */
import { Stroke } from "./strokes.js";

/**
 * @param {() => import("../boards/live_board.js").LiveBoard | null} live the board that is open now
 */
export function drawingActs(live) {
  /** @type {Stroke | null} */
  let stroke = null;

  /** @returns {any} the instrument that is drawn on, and the house */
  function place(/** @type {string} */ row) {
    const part = /** @type {any} */ (live()?.document.partWith(row));
    const house = part?.houses?.find((/** @type {{ id: string }} */ { id }) => part.rowOf(id) === row);
    return house ? { part, house: house.id } : null;
  }

  /** @param {string} row */
  function keep(row) {
    const at = place(row);
    if (stroke?.points.length) at?.part.draw(at.house, String(stroke));
  }

  return /** @type {Record<string, any> & ThisType<any>} */ ({
    /** @param {string} row @param {string} focus */
    startDrawing(row, focus) {
      Object.assign(this, { drawingIn: row, openRow: null, drawingPath: "" });
      live()?.presence.enter(row);
      this.draw();
      this.focus(focus);
    },

    /** @param {string} focus */
    stopDrawing(focus) {
      Object.assign(this, { drawingIn: "", drawingPath: "" });
      live()?.presence.enter(null);
      this.draw();
      this.focus(focus);
    },

    /** @param {string} colour */
    setColour(colour) {
      this.colour = colour;
      this.draw();
    },

    /** @param {string} row */
    eraseLast(row) {
      const at = place(row);
      at?.part.eraseLast(at.house);
    },

    /** @param {PointerEvent} event */
    penDown(event) {
      if (!event.isPrimary || event.button > 0 || !this.canWrite) return;
      event.preventDefault();
      const square = /** @type {Element} */ (event.currentTarget);
      square.setPointerCapture(event.pointerId);
      stroke = new Stroke(this.colour);
      this.penMove(event);
    },

    /** @param {PointerEvent} event */
    penMove(event) {
      if (!stroke || !event.isPrimary) return;
      const square = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
      const all = event.getCoalescedEvents?.() ?? [];
      for (const one of all.length ? all : [event]) {
        stroke.add((one.clientX - square.left) / square.width, (one.clientY - square.top) / square.height);
        if (stroke.full) {
          keep(this.drawingIn);
          stroke = stroke.next();
        }
      }
      this.drawingPath = stroke.d;
      live()?.presence.typing(this.drawingIn, "ink");
    },

    penUp() {
      if (!stroke) return;
      keep(this.drawingIn);
      stroke = null;
      this.drawingPath = "";
    },

    /** The line goes away unkept, as when a second finger zooms. */
    penLost() {
      stroke = null;
      this.drawingPath = "";
    },
  });
}

/**
 * Shows lines in an SVG, and draws anew only what changed.
 * @param {Element} picture
 * @param {{ id: string, look: string, d: string }[]} strokes
 */
export function showStrokes(picture, strokes) {
  const shown = new Map([...picture.children].map((line) => [line.getAttribute("data-stroke"), line]));
  const lines = strokes.map(({ id, look, d }) => {
    const line = shown.get(id) ?? document.createElementNS("http://www.w3.org/2000/svg", "path");
    line.setAttribute("data-stroke", id);
    line.setAttribute("class", `stroke ${look}`);
    if (line.getAttribute("d") !== d) line.setAttribute("d", d);
    return line;
  });
  picture.replaceChildren(...lines);
}
