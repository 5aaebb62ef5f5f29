/** Handing over the lead: a colleague comes in by an own link, and then who led may step back. */
import { get, post, sentenceOf } from "../api.js";
import { t } from "../texts.js";

export function leadActs() {
  return {
    /** who else leads, or was asked to @type {{ id: string, name: string, came_in: boolean }[]} */
    colleagues: [],
    leadOpen: false,
    colleagueName: "",
    leadProblem: "",
    leadQr: "",
    leadInvitation: "",
    leadCopied: "",

    get canHandOver() {
      return /** @type {any} */ (this).can("hand_over_lead");
    },
    get colleagueLines() {
      return this.colleagues.map((one) => ({
        ...one,
        waits: !one.came_in,
        text: t(one.came_in ? "leading.came_in" : "leading.not_in_yet", { name: one.name }),
      }));
    },
    get canStepBack() {
      return this.colleagues.some((one) => one.came_in);
    },
    get cannotStepBack() {
      return !this.canStepBack;
    },
    get hasLeadLink() {
      return this.leadInvitation !== "";
    },
    get offersLeadLink() {
      return this.leadInvitation === "";
    },
    get stepBackEffect() {
      const names = this.colleagues.filter((one) => one.came_in).map((one) => one.name);
      return t("leading.effect", { names: names.join(", ") });
    },

    /** @param {Event} event the details of handing over opened or closed */
    toggleLead(event) {
      this.leadOpen = /** @type {HTMLDetailsElement} */ (event.target).open;
      return this.followColleagues();
    },
    async followColleagues() {
      const self = /** @type {any} */ (this);
      if (!this.leadOpen || !this.canHandOver) return;
      const told = await get(self.at("lead")).catch(() => null);
      if (told) this.colleagues = told.colleagues;
    },

    async askColleague() {
      const self = /** @type {any} */ (this);
      await self.leadAct(async () => {
        const name = this.colleagueName.trim();
        const made = await post(self.at("lead"), { name });
        this.leadQr = `data:image/svg+xml;utf8,${encodeURIComponent(made.qr_svg)}`;
        this.leadInvitation = t("leading.invitation", { name, link: made.link });
        this.colleagueName = "";
        await this.followColleagues();
      });
    },
    async copyLeadLink() {
      try {
        await navigator.clipboard.writeText(this.leadInvitation);
        this.leadCopied = t("circle.copied");
      } catch {
        this.leadCopied = t("circle.copy_by_hand");
      }
    },
    forgetLeadLink() {
      this.leadQr = this.leadInvitation = this.leadCopied = "";
    },
    /** @param {string} id */
    async takeBackOffer(id) {
      const self = /** @type {any} */ (this);
      await self.leadAct(async () => {
        this.colleagues = (await post(self.at("lead/take-back"), { participant: id })).colleagues;
        this.forgetLeadLink();
      });
    },

    openStepBack() {
      this.leadProblem = "";
      stepBackDialog().showModal();
    },
    closeStepBack() {
      stepBackDialog().close();
    },
    async stepBack() {
      const self = /** @type {any} */ (this);
      await self.leadAct(async () => {
        const told = await post(self.at("lead/leave"));
        location.assign(told.location);
      });
    },

    /** @param {() => Promise<void>} act */
    async leadAct(act) {
      const self = /** @type {any} */ (this);
      if (self.busy) return;
      self.busy = true;
      this.leadProblem = "";
      try {
        await act();
      } catch (error) {
        this.leadProblem = sentenceOf(error);
      }
      self.busy = false;
    },
  };
}

function stepBackDialog() {
  return /** @type {HTMLDialogElement} */ (document.getElementById("step-back-dialog"));
}
