/** Where to turn in danger: the quick way out, and the way back to where one was. */
import { watchForQuickExit } from "../page.js";

watchForQuickExit();

const back = /** @type {HTMLButtonElement | null} */ (document.querySelector(".go-back"));
if (back && history.length > 1) {
  back.hidden = false;
  back.addEventListener("click", () => history.back());
}
