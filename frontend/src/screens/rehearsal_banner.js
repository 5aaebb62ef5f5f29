/** The banner of a rehearsal: looking as somebody else, going to another phase, and being done. Part of every screen. */
import { post, sentenceOf } from "../api.js";

const banner = /** @type {HTMLElement | null} */ (document.querySelector(".rehearsal"));
const problem = /** @type {HTMLElement | null} */ (document.querySelector(".rehearsal-problem"));
let busy = false;

banner?.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  if (button && !busy) press(button.dataset);
});

/** @param {DOMStringMap} wanted */
async function press(wanted) {
  busy = true;
  if (problem) problem.hidden = true;
  try {
    if (wanted.lookAs) location.assign((await act("look-as", { participant: wanted.lookAs })).location);
    else if (wanted.jump) {
      await act("jump", { phase: wanted.jump });
      toTheMeeting();
    } else location.assign((await act("done", {})).location);
  } catch (error) {
    if (problem) {
      problem.textContent = sentenceOf(error);
      problem.hidden = false;
    }
  }
  busy = false;
}

/** @param {string} path @param {unknown} body */
function act(path, body) {
  return post(`/api/m/${banner?.dataset.me}/rehearsal/${path}`, body);
}

/** The meeting's own screen follows by itself, as in a real meeting; other screens have to be left for it. */
function toTheMeeting() {
  for (const open of document.querySelectorAll(".rehearsal details")) open.removeAttribute("open");
  const screen = `/m/${banner?.dataset.me}`;
  if (location.pathname !== screen) location.assign(screen);
}
