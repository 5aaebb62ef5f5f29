/** Drawing a signature with a finger: kept as plain strokes in whole numbers, without pressure, speed or time. */
import SignaturePad from "signature_pad";

const WIDTH = 600;
const HEIGHT = 200;
const MOST = 8000;

/** A place to draw in. */
export class Ink {
  /** @param {HTMLCanvasElement} canvas @param {() => void} onStroke */
  constructor(canvas, onStroke) {
    this.canvas = canvas;
    canvas.width = WIDTH;
    canvas.height = HEIGHT;
    this.pad = new SignaturePad(canvas, { penColor: getComputedStyle(canvas).color, minWidth: 2, maxWidth: 2 });
    this.pad.addEventListener("endStroke", onStroke);
    // The canvas is shown at another size than it draws at.
    const scale = () => {
      const { width, height } = canvas.getBoundingClientRect();
      if (width && height) canvas.getContext("2d")?.setTransform(WIDTH / width, 0, 0, HEIGHT / height, 0, 0);
    };
    this.watching = new ResizeObserver(scale);
    this.watching.observe(canvas);
  }

  clear() {
    this.pad.clear();
  }

  /** @returns {string} an SVG path within 600 by 200, or nothing */
  path() {
    const { width, height } = this.canvas.getBoundingClientRect();
    for (let step = 1; step < 64; step *= 2) {
      const path = this.pad
        .toData()
        .map((stroke) => strokePath(stroke.points, step, WIDTH / width, HEIGHT / height))
        .filter(Boolean)
        .join(" ");
      if (path.length <= MOST) return path;
    }
    return "";
  }

  close() {
    this.watching.disconnect();
    this.pad.off();
  }
}

/**
 * @param {{ x: number, y: number }[]} points
 * @param {number} step leave points out when there are too many
 * @param {number} across
 * @param {number} down
 */
function strokePath(points, step, across, down) {
  const kept = points.filter((_point, at) => at % step === 0 || at === points.length - 1);
  if (kept.length === 0) return "";
  const [first, ...rest] = kept.map(({ x, y }) => `${clip(x * across, WIDTH)} ${clip(y * down, HEIGHT)}`);
  return [`M${first}`, ...(rest.length ? rest : [first]).map((point) => `L${point}`)].join(" ");
}

/** @param {number} value @param {number} most */
function clip(value, most) {
  return Math.min(most, Math.max(0, Math.round(value)));
}
