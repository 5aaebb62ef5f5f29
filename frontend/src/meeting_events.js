/** Listens to a meeting's events: tells when to look again, and when the way in was closed. Comes back by itself. */
import { crowdingOf } from "./crowding.js";

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 4000;
const LONGEST_WAIT_IN_CROWD_MS = 20_000;
const NOT_SIGNED_IN = 4401;

/**
 * @param {string} participant
 * @param {{ onChange: () => void, onConnection: (connected: boolean, crowding?: import("./crowding.js").Crowding | null) => void, onEnd: () => void }} told
 * @returns {() => void} stops listening
 */
export function listen(participant, { onChange, onConnection, onEnd }) {
  /** @type {WebSocket | null} */
  let socket = null;
  let wait = FIRST_WAIT_MS;
  let timer = 0;
  let stopped = false;

  function open() {
    clearTimeout(timer);
    if (stopped) return;
    socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/ws/m/${participant}/events`);
    // the first word comes at once; who finds no place is let in without one, and shown out
    socket.addEventListener("message", () => {
      wait = FIRST_WAIT_MS;
      onConnection(true);
      onChange();
    });
    socket.addEventListener("close", (event) => {
      socket = null;
      if (event.code === NOT_SIGNED_IN) {
        stopped = true;
        onEnd();
        return;
      }
      if (stopped) return;
      const crowding = crowdingOf(event.code);
      onConnection(false, crowding);
      timer = window.setTimeout(open, wait * (0.5 + Math.random()));
      wait = Math.min(wait * 2, crowding ? LONGEST_WAIT_IN_CROWD_MS : LONGEST_WAIT_MS);
    });
  }

  // A phone that wakes up, or finds the network again, looks at once.
  function wake() {
    if (document.visibilityState === "visible" && !socket) open();
  }

  // The browser notices a lost network long before a silent socket does.
  function lost() {
    onConnection(false);
    socket?.close();
  }

  window.addEventListener("online", wake);
  window.addEventListener("offline", lost);
  document.addEventListener("visibilitychange", wake);
  open();
  return () => {
    stopped = true;
    clearTimeout(timer);
    window.removeEventListener("online", wake);
    window.removeEventListener("offline", lost);
    document.removeEventListener("visibilitychange", wake);
    socket?.close();
  };
}
