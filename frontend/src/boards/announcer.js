/** Tells screen readers politely what others changed: one sentence, and never more often than each five seconds. */

const interval = 5000;

export class Announcer {
  /** @param {(sentence: string) => void} speak */
  constructor(speak) {
    this.speak = speak;
    this.last = -interval;
    /** @type {string | null} */
    this.waiting = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /** @param {string} sentence the newest replaces one that still waits */
  say(sentence) {
    this.waiting = sentence;
    this.timer ??= setTimeout(() => this.#speakNow(), Math.max(0, this.last + interval - performance.now()));
  }

  #speakNow() {
    this.timer = undefined;
    this.last = performance.now();
    if (this.waiting !== null) this.speak(this.waiting);
    this.waiting = null;
  }

  destroy() {
    clearTimeout(this.timer);
  }
}
