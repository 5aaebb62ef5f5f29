/**
 * A drawn line as one plain string, "red 10,20 30,40": a colour, then points in a square of 1000 by 1000. Without
 * pressure, speed or time, which would tell more of a hand than a picture needs. Pure.
 */

export const colours = ["ink", "red", "blue", "green", "yellow"];
export const side = 1000;
/** As long as a line may be, in signs; a longer one goes on as the next. */
const most = 4000;
const form = /^(ink|red|blue|green|yellow)((?: \d{1,4},\d{1,4})+)$/;

/** @typedef {[number, number]} Point */

/** @param {unknown} value @returns {{ colour: string, points: Point[] } | null} null for what is no line of ours */
export function readStroke(value) {
  const found = typeof value === "string" && value.length <= most ? form.exec(value) : null;
  if (!found) return null;
  const points = found[2].trim().split(" ").map((pair) => /** @type {Point} */ (pair.split(",").map(Number)));
  return points.every(([x, y]) => x <= side && y <= side) ? { colour: found[1], points } : null;
}

/** @param {string} value @returns {{ look: string, d: string }} how an SVG shows it */
export function strokePath(value) {
  const { colour, points } = readStroke(value) ?? { colour: "ink", points: [] };
  return { look: `stroke-${colour}`, d: pathOf(points) };
}

/** @param {Point[]} points @returns {string} an SVG path; a single point is a dot */
export function pathOf(points) {
  if (points.length === 0) return "";
  const [first, ...rest] = points.map(([x, y]) => `${x} ${y}`);
  return [`M${first}`, ...(rest.length ? rest : [first]).map((point) => `L${point}`)].join(" ");
}

/** @param {number} part between 0 and 1 @returns {number} */
function inSquare(part) {
  return Math.min(side, Math.max(0, Math.round(part * side)));
}

/** One line while it is drawn. */
export class Stroke {
  /** @param {string} colour */
  constructor(colour) {
    this.colour = colour;
    /** @type {Point[]} */
    this.points = [];
    this.length = colour.length;
  }

  /**
   * @param {number} across from 0 at the left to 1 at the right
   * @param {number} down
   * @returns {boolean} whether it was far enough from the last point to count
   */
  add(across, down) {
    /** @type {Point} */
    const point = [inSquare(across), inSquare(down)];
    const last = this.points.at(-1);
    if (last && Math.hypot(point[0] - last[0], point[1] - last[1]) < 6) return false;
    this.points.push(point);
    this.length += point.join().length + 1;
    return true;
  }

  /** @returns {boolean} whether it must be kept now, and go on as a next one */
  get full() {
    return this.length > most - 12;
  }

  /** @returns {Stroke} the line that goes on where this one ends */
  next() {
    const next = new Stroke(this.colour);
    const last = this.points.at(-1);
    if (last) next.add(last[0] / side, last[1] / side);
    return next;
  }

  get d() {
    return pathOf(this.points);
  }

  toString() {
    return [this.colour, ...this.points.map((point) => point.join())].join(" ");
  }
}
