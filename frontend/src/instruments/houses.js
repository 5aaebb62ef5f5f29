/**
 * Three houses that a child draws or writes in, in its own words. A stroke is one plain string, so that two people can
 * draw at once; each house is a root of its own, so that two devices never make the same one (methods.md §5.7).
 */
import { Part } from "../boards/part.js";
import { presentIn } from "../boards/people.js";
import { keyAfter, newRowId } from "../boards/rows.js";
import { replaceText } from "../boards/whole_text.js";
import { colours, readStroke, strokePath } from "./strokes.js";

/** @typedef {import("../boards/part.js").Surroundings} Surroundings */
/** @typedef {{ text: string, ink: Record<string, string> }} House */

/** As many lines as a house holds; the server reads no more. */
const mostStrokes = 500;

export class HousesPart extends Part {
  /** @returns {{ id: string, label: string }[]} */
  get houses() {
    return this.instrument.parts ?? [];
  }

  /** @param {string} house @returns {string} */
  rowOf(house) {
    return `${this.id}.${house}`;
  }

  /** @param {string} house @returns {import("yjs").Map<unknown>} */
  inkOf(house) {
    return this.doc.getMap(`${this.rowOf(house)}.ink`);
  }

  get roots() {
    return this.houses.flatMap(({ id }) => [this.doc.getText(this.rowOf(id)), this.inkOf(id)]);
  }

  /** @param {string} row */
  has(row) {
    return this.houses.some(({ id }) => this.rowOf(id) === row);
  }

  /** @param {string} row */
  text(row) {
    return this.has(row) ? this.doc.getText(row) : null;
  }

  /** @returns {import("../boards/part.js").PlacedText[]} */
  texts() {
    return this.houses.map(({ id, label }) => ({ row: this.rowOf(id), field: "text", label, text: this.doc.getText(this.rowOf(id)) }));
  }

  /** @returns {Record<string, House>} */
  values() {
    return Object.fromEntries(
      this.houses.map(({ id }) => [
        id,
        { text: this.doc.getText(this.rowOf(id)).toString(), ink: Object.fromEntries(this.#strokes(id)) },
      ]),
    );
  }

  /** @param {string} house @returns {[string, string][]} in the order of drawing */
  #strokes(house) {
    return /** @type {[string, string][]} */ ([...this.inkOf(house).entries()])
      .filter(([, value]) => readStroke(value) !== null)
      .sort(([one], [two]) => (one < two ? -1 : Number(one > two)));
  }

  /** @param {Record<string, House>} values */
  become(values) {
    for (const { id } of this.houses) {
      const { text, ink } = values[id] ?? { text: "", ink: {} };
      replaceText(this.doc.getText(this.rowOf(id)), text);
      const map = this.inkOf(id);
      for (const key of [...map.keys()]) if (!(key in ink)) map.delete(key);
      for (const [key, stroke] of Object.entries(ink)) if (map.get(key) !== stroke) map.set(key, stroke);
    }
  }

  /** @param {Record<string, House>} values @param {Surroundings} around */
  sentences(values, { say }) {
    return this.houses.flatMap(({ id, label }) => {
      const { text = "", ink = {} } = values[id] ?? {};
      const lines = Object.keys(ink).length;
      const drawn = lines ? say("instruments.drawn_lines", { count: lines }) : "";
      const words = [text.trim(), drawn].filter(Boolean).join(" · ");
      return words ? [`${label}: ${words}`] : [];
    });
  }

  /** @param {string} house @param {string} stroke */
  draw(house, stroke) {
    const strokes = this.#strokes(house);
    if (readStroke(stroke) === null || strokes.length >= mostStrokes) return;
    const last = strokes.at(-1)?.[0].split("-")[0] ?? null;
    // the order first; and a name of its own, for two people who draw at the same moment
    const key = `${keyAfter(last)}-${newRowId()}`;
    this.change(() => this.inkOf(house).set(key, stroke));
  }

  /** @param {string} house @returns {string | null} the last line that was drawn on this screen */
  #lastOfMine(house) {
    const map = this.inkOf(house);
    const mine = this.#strokes(house).filter(([key]) => map._map.get(key)?.id.client === this.doc.clientID);
    return mine.at(-1)?.[0] ?? null;
  }

  /** @param {string} house */
  eraseLast(house) {
    const last = this.#lastOfMine(house);
    if (last !== null) this.change(() => this.inkOf(house).delete(last));
  }

  /** @param {Surroundings} around */
  picture(around) {
    const { say, canWrite, drawingIn, colour } = around;
    return {
      ...this.head(around),
      houses: this.houses.map(({ id, label }) => {
        const row = this.rowOf(id);
        const present = presentIn(row, around);
        const strokes = this.#strokes(id).map(([key, value]) => ({ id: key, ...strokePath(value) }));
        const text = this.doc.getText(row).toString().trim();
        const drawing = canWrite && drawingIn === row;
        return {
          id,
          row,
          label,
          text,
          strokes,
          drawing,
          canDraw: canWrite && !drawing,
          look: drawing ? "is-drawing" : "",
          hasInk: strokes.length > 0,
          // Who only reads needs no walls around nothing.
          showsPicture: canWrite || strokes.length > 0,
          isEmpty: !canWrite && strokes.length === 0 && text === "",
          showsText: !canWrite && text !== "",
          fullText: drawing && strokes.length >= mostStrokes ? say("instruments.house_full") : "",
          canErase: drawing && this.#lastOfMine(id) !== null,
          picture: say(strokes.length ? "instruments.drawing_of" : "instruments.empty_house", { house: label, count: strokes.length }),
          drawLabel: say("instruments.draw_in", { house: label }),
          stopLabel: say("instruments.stop_drawing_in", { house: label }),
          writeLabel: say("instruments.write_in", { house: label }),
          colours: drawing ? colours.map((one) => ({ id: one, look: `is-${one}`, name: say(`instruments.colour_${one}`), on: one === colour })) : [],
          present,
          marked: present.length > 0,
          by: present.find(({ field }) => field === "text")?.side ?? "",
          place: `${row}/text`,
          ids: idsFor(`house-${this.id}-${id}`),
        };
      }),
    };
  }
}

/** @param {string} house ids that tie labels, fields and buttons to each other, and where the focus goes */
function idsFor(house) {
  return {
    title: house,
    text: `${house}-text`,
    draw: `${house}-draw`,
    drawFocus: `#${house}-draw`,
    stop: `${house}-stop`,
    stopFocus: `#${house}-stop`,
  };
}
