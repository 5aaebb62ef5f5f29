/** Beginning a meeting. */
import { post, sentenceOf } from "../api.js";
import { page, startPage } from "../page.js";
import { t } from "../texts.js";

startPage((Alpine) => {
  Alpine.data("newMeeting", () => ({
    protocol: page.protocols[0]?.id ?? "",
    name: "",
    age: "",
    title: "",
    frame: "voluntary",
    language: document.documentElement.lang,
    busy: false,
    problem: "",

    async start() {
      if (this.busy) return;
      this.busy = true;
      this.problem = "";
      try {
        const made = await post("/api/meetings", {
          protocol: this.protocol,
          title: this.title.trim() || t("new_meeting.around", { name: this.name.trim() }),
          central_person: { name: this.name, age_band: this.age },
          language: this.language,
          frame: this.frame,
        });
        location.assign(`/m/${made.participant}/circle`);
      } catch (error) {
        this.problem = sentenceOf(error);
        this.busy = false;
      }
    },
  }));
});
