/** The signed plan: reading needs no script; printing has a button, and the quick way out works here too. */
import { offerPrinting, watchForQuickExit } from "../page.js";

watchForQuickExit();
offerPrinting();
