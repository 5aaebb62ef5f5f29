/** The signed plan: reading needs no script; printing has a button, and the quick way out works here too. */
import { watchForQuickExit } from "../page.js";

watchForQuickExit();

const button = /** @type {HTMLButtonElement | null} */ (document.querySelector(".print-plan"));
if (button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
