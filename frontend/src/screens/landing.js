/** The page behind a personal link: only its button does anything. */
import { ApiError, post, sentenceOf } from "../api.js";
import { startPage } from "../page.js";
import { t } from "../texts.js";

startPage((Alpine) => {
  Alpine.data("landing", () => ({
    busy: false,
    declined: false,
    /** the link works no more, so that there is nothing left to ask */
    dead: false,
    problem: "",
    canRead: false,

    init() {
      // A language link leaves the fragment behind; take it along, for it holds the way in.
      for (const link of document.querySelectorAll(".language-choice")) {
        const choice = /** @type {HTMLAnchorElement} */ (link);
        choice.href += location.hash;
      }
      this.findVoice();
      window.speechSynthesis?.addEventListener?.("voiceschanged", () => this.findVoice());
    },

    get asking() {
      return !this.declined && !this.dead;
    },
    get offersReading() {
      return this.canRead && this.asking;
    },

    async enter() {
      if (this.busy) return;
      this.busy = true;
      this.problem = "";
      try {
        const { location: place } = await post("/api/enter", {
          id: location.pathname.split("/").pop(),
          secret: location.hash.slice(1),
          language: document.documentElement.lang,
        });
        history.replaceState(null, "", location.pathname);
        location.replace(place);
      } catch (error) {
        this.problem = sentenceOf(error);
        this.dead = error instanceof ApiError && error.code === "link_not_valid";
        this.busy = false;
      }
    },

    decline() {
      this.declined = true;
      this.problem = "";
    },

    reconsider() {
      this.declined = false;
    },

    // Only a voice on the device itself: others send the words away.
    findVoice() {
      this.canRead = Boolean(voice());
    },

    readAloud() {
      const words = new SpeechSynthesisUtterance(`${t("landing.welcome")}. ${t("landing.invited")} ${t("landing.yours_alone")}`);
      words.voice = voice() ?? null;
      words.lang = document.documentElement.lang;
      speechSynthesis.cancel();
      speechSynthesis.speak(words);
    },
  }));
});

/** @returns {SpeechSynthesisVoice | undefined} a voice of this language that lives on this device */
function voice() {
  const language = document.documentElement.lang;
  return window.speechSynthesis?.getVoices().find((one) => one.localService && one.lang.startsWith(language));
}
