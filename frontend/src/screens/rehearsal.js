/** Beginning to rehearse. */
import { post, sentenceOf } from "../api.js";
import { page, startPage } from "../page.js";

startPage((Alpine) => {
  Alpine.data("rehearsal", () => ({
    protocol: page.protocols[0]?.id ?? "",
    frame: "voluntary",
    busy: false,
    problem: "",

    async begin() {
      if (this.busy) return;
      this.busy = true;
      this.problem = "";
      try {
        const made = await post("/api/rehearsals", { protocol: this.protocol, frame: this.frame });
        location.assign(`/m/${made.participant}`);
      } catch (error) {
        this.problem = sentenceOf(error);
        this.busy = false;
      }
    },
  }));
});
