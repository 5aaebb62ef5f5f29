/** The circle list and the preparation, for who leads the meeting. */
import { get, patch, post, sentenceOf } from "../api.js";
import { listen } from "../meeting_events.js";
import { preparationLine } from "../meeting/preparation.js";
import { page, startPage } from "../page.js";
import { t } from "../texts.js";

const MOST_WORDS = 25;
const PARENT = "parent";
const EMPTY = { name: "", relation: "", role: "", authority: false, age_band: "", taking_part: "present", needs: "", contact: "" };

/** @typedef {import("../meeting/preparation.js").ManagedPerson} ManagedPerson */

startPage((Alpine) => {
  Alpine.data("circle", () => /** @type {any} */ ({
    state: /** @type {any} */ (page.state),
    busy: false,
    problem: "",
    draftProblem: "",
    question: page.state.meeting.question ?? "",
    questionSaved: "",
    ...appointmentOf(page.state),
    appointmentSaved: "",
    draft: { ...EMPTY },
    chosen: "",
    removing: false,
    lookedUp: "",
    safe: "yes",
    measure: "",
    link: "",
    qr: "",
    invitation: "",
    copied: "",

    init() {
      listen(this.state.me.id, {
        onChange: () => this.refresh(),
        onConnection: () => {},
        onEnd: () => location.reload(),
      });
    },

    get title() {
      return this.state.meeting.title;
    },
    get phaseTitle() {
      return this.state.phase_text.title;
    },
    get canAsk() {
      return this.state.acts.includes("set_question");
    },
    get canAppoint() {
      return this.state.acts.includes("set_appointment");
    },
    get canAdd() {
      return this.state.acts.includes("add_person");
    },
    /** Why nobody can be added now, and where that can be done again; nothing while it can. */
    get addClosed() {
      if (this.canAdd) return "";
      const phase = this.state.preparation.adding_again;
      return phase ? t("circle.add_closed", { phase }) : t("circle.add_closed_for_good");
    },
    get people() {
      return this.state.preparation.people
        .filter((/** @type {ManagedPerson} */ person) => person.side !== "facilitator")
        .map((/** @type {ManagedPerson} */ person) => preparationLine(person, this.state));
    },
    get questionCount() {
      const words = this.question.trim().split(/\s+/).filter(Boolean).length;
      return t(words > MOST_WORDS ? "circle.words_too_many" : "circle.words", { count: words, most: MOST_WORDS });
    },
    get sideOfDraft() {
      return page.roles.find((/** @type {{ id: string }} */ role) => role.id === this.draft.role)?.side;
    },
    /** Whoever is of the circle may be a child. */
    get isOfCircle() {
      return this.sideOfDraft === "circle";
    },
    /** Who has authority over a child is a parent in the meeting, whoever they are to the child. */
    get isParent() {
      return this.draft.role === PARENT;
    },
    get isOtherThanParent() {
      return this.isOfCircle && !this.isParent && !this.person?.central;
    },
    /** On another side somebody is asked about anew. */
    get isAskedAnew() {
      return Boolean(this.person) && Boolean(this.sideOfDraft) && this.sideOfDraft !== this.person.side;
    },
    /** @returns {any} */
    get person() {
      return this.state.preparation.people.find((/** @type {ManagedPerson} */ one) => one.id === this.chosen) ?? null;
    },
    get isEditing() {
      return !this.removing;
    },
    get removeExplained() {
      if (!this.person) return "";
      return `${t("circle.remove_link", { name: this.person.name })} ${this.canAdd ? t("circle.remove_again", { name: this.person.name }) : this.addClosed}`;
    },
    get personHeading() {
      if (this.removing && this.person) return t("circle.remove_person", { name: this.person.name });
      return this.person ? t("circle.edit_person", { name: this.person.name }) : t("circle.add");
    },
    get safetyHeading() {
      return this.person ? t("circle.safety_of", { name: this.person.name }) : "";
    },
    get linkHeading() {
      return this.person ? t("circle.link_of", { name: this.person.name }) : "";
    },
    get contactPlaceholder() {
      return this.person?.has_contact ? t("circle.contact_kept") : "";
    },
    get canLookUp() {
      return Boolean(this.person?.has_contact) && !this.lookedUp && this.state.acts.includes("look_up_contact");
    },
    get canRemove() {
      return Boolean(this.person) && !this.person.central;
    },
    get withMeasure() {
      return this.safe === "measure";
    },
    get noLink() {
      return !this.link;
    },
    get canRevoke() {
      return ["made", "used"].includes(this.person?.link);
    },
    get makeLinkLabel() {
      return t(this.canRevoke ? "circle.link_renew" : "circle.link_make");
    },
    get linkExplained() {
      return t(this.canRevoke ? "circle.link_again" : "circle.link_first");
    },

    async refresh() {
      try {
        this.state = await get(`/api/m/${this.state.me.id}`);
        if (!this.state.preparation) location.assign(`/m/${this.state.me.id}`);
      } catch {
        // The next event, or the next act, tries again.
      }
    },

    /** @param {() => Promise<void>} act */
    async inDialog(act) {
      if (this.busy) return;
      this.busy = true;
      this.draftProblem = "";
      try {
        await act();
      } catch (error) {
        this.draftProblem = sentenceOf(error);
      }
      this.busy = false;
    },

    /** @param {() => Promise<void>} act */
    async onPage(act) {
      if (this.busy) return;
      this.busy = true;
      this.problem = "";
      try {
        await act();
      } catch (error) {
        this.problem = sentenceOf(error);
      }
      this.busy = false;
    },

    /** @param {string} rest */
    at(rest) {
      return `/api/m/${this.state.me.id}/${rest}`;
    },

    saveQuestion() {
      return this.onPage(async () => {
        this.questionSaved = "";
        this.state = await post(this.at("question"), { text: this.question });
        this.questionSaved = t("circle.saved");
      });
    },

    saveAppointment() {
      return this.onPage(async () => {
        this.appointmentSaved = "";
        this.state = await post(this.at("appointment"), { starts_at: `${this.day}T${this.time}`, place: this.place });
        this.appointmentSaved = t("circle.saved_day", { day: this.state.meeting.appointment.text });
      });
    },

    /** @param {string} id */
    markSpoken(id) {
      return this.onPage(async () => {
        this.state = await post(this.at(`people/${id}/prepared`), { prepared: true });
      });
    },

    openNew() {
      this.chosen = "";
      this.draft = { ...EMPTY };
      this.show("person-dialog");
    },

    /** @param {string} id */
    openEdit(id) {
      this.chosen = id;
      const { name, relation, role, authority, age_band, taking_part, needs } = this.person;
      this.draft = { name, relation, role, authority, age_band: age_band ?? "", taking_part, needs, contact: "" };
      this.show("person-dialog");
    },

    /** @param {string} id */
    openSafety(id) {
      this.chosen = id;
      const safety = this.person.safety;
      this.safe = safety && !safety.safe ? "measure" : "yes";
      this.measure = safety?.measure ?? "";
      this.show("safety-dialog");
    },

    /** @param {string} id */
    openLink(id) {
      this.chosen = id;
      this.show("link-dialog");
    },

    savePerson() {
      return this.inDialog(async () => {
        const { age_band, authority, contact, ...rest } = this.draft;
        /** @type {Record<string, unknown>} */
        const body = { ...rest, age_band: age_band || null, authority: authority && this.isParent };
        if (contact) body.contact = contact;
        if (this.chosen) await patch(this.at(`people/${this.chosen}`), body);
        else await post(this.at("people"), body);
        this.closeDialogs();
        await this.refresh();
      });
    },

    askToRemove() {
      this.draftProblem = "";
      this.removing = true;
      this.$nextTick(() => document.getElementById("keep-person")?.focus());
    },

    keepPerson() {
      this.draftProblem = "";
      this.removing = false;
      this.$nextTick(() => document.getElementById("remove-person")?.focus());
    },

    removePerson() {
      return this.inDialog(async () => {
        this.state = await post(this.at(`people/${this.chosen}/remove`));
        this.closeDialogs();
      });
    },

    lookUp() {
      return this.inDialog(async () => {
        const { contact } = await post(this.at(`people/${this.chosen}/contact/look`));
        this.lookedUp = contact;
      });
    },

    saveSafety() {
      return this.inDialog(async () => {
        const safe = this.safe === "yes";
        const body = { safe, measure: safe ? "" : this.measure };
        this.state = await post(this.at(`people/${this.chosen}/safety`), body);
        this.closeDialogs();
      });
    },

    makeLink() {
      return this.inDialog(async () => {
        const made = await post(this.at(`people/${this.chosen}/link`));
        this.link = made.link;
        this.qr = `data:image/svg+xml;utf8,${encodeURIComponent(made.qr_svg)}`;
        this.invitation = t("circle.invitation", { name: this.person.name, link: made.link });
        await this.refresh();
      });
    },

    revokeLink() {
      return this.inDialog(async () => {
        this.state = await post(this.at(`people/${this.chosen}/link/revoke`));
        this.closeDialogs();
      });
    },

    async copy() {
      try {
        await navigator.clipboard.writeText(this.invitation);
        this.copied = t("circle.copied");
      } catch {
        const field = /** @type {HTMLTextAreaElement} */ (document.getElementById("the-link"));
        field.select();
        this.copied = t("circle.copy_by_hand");
      }
    },

    /** @param {string} id */
    show(id) {
      this.draftProblem = "";
      const dialog = /** @type {HTMLDialogElement} */ (document.getElementById(id));
      dialog.showModal();
    },

    closeDialogs() {
      for (const dialog of document.querySelectorAll("dialog")) dialog.close();
    },

    closed() {
      this.link = "";
      this.qr = "";
      this.invitation = "";
      this.copied = "";
      this.lookedUp = "";
      this.draftProblem = "";
      this.removing = false;
    },
  }));
});

/** @param {any} state */
function appointmentOf(state) {
  const [day = "", time = "19:00"] = (state.meeting.appointment?.starts_at ?? "").split("T");
  return { day, time: time.slice(0, 5) || "19:00", place: state.meeting.appointment?.place ?? "" };
}
