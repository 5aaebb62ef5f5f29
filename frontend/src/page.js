/** What every page has: the data the server gave it, the quick way out, and Alpine. */
import Alpine from "@alpinejs/csp";

const PRESSES = 3;
const WITHIN_MS = 1500;

/** The data the server put in this page. */
export const page = /** @type {any} */ (JSON.parse(document.getElementById("page")?.textContent || "{}"));

/** Leave at once, to a page that says nothing, and leave no way back to this one in the history. @param {string} quietPlace */
function leaveQuickly(quietPlace) {
  document.body.replaceChildren();
  document.title = "";
  location.replace(quietPlace);
}

/** Start Alpine with this page's components, and the quick way out; from then on the page listens to who uses it. @param {(alpine: typeof Alpine) => void} register */
export function startPage(register) {
  register(Alpine);
  watchForQuickExit();
  Alpine.start();
  document.documentElement.dataset.listens = "";
}

/** The link, which leads away by itself as long as the script is under way; and pressing Escape three times. */
export function watchForQuickExit() {
  const way = /** @type {HTMLAnchorElement | null} */ (document.querySelector(".quick-exit"));
  if (!way) return;
  way.addEventListener("click", (event) => {
    event.preventDefault();
    leaveQuickly(way.href);
  });
  /** @type {number[]} */
  let pressed = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    pressed = [...pressed.filter((at) => event.timeStamp - at < WITHIN_MS), event.timeStamp];
    if (pressed.length >= PRESSES) leaveQuickly(way.href);
  });
}

/** The button that prints, on pages that are read without a script. */
export function offerPrinting() {
  const button = /** @type {HTMLButtonElement | null} */ (document.querySelector(".print-page"));
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
