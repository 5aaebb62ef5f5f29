/** The preparation of each person as who leads the meeting sees it: on the circle list and beside the next move. */
import { t } from "../texts.js";

/** @typedef {{ id: string, name: string, relation: string, role: string, role_title: string, side: string, central: boolean,
 *   age_band: string | null, authority: boolean, taking_part: string, needs: string, has_contact: boolean,
 *   consent: "not_needed" | "open" | "yes", prepared: boolean, safety: { safe: boolean, measure: string } | null,
 *   link: "none" | "made" | "used" | "revoked" }} ManagedPerson */

/** How one person's preparation stands, in words. @param {ManagedPerson} person @param {any} state */
export function preparationLine(person, state) {
  const central = state.meeting.central_person?.name ?? "";
  const way = person.taking_part === "present" ? "" : t(`circle.way_${person.taking_part}`);
  const authority = person.authority ? t("circle.has_authority") : "";
  const age = person.age_band && (person.central || person.age_band !== "18_plus") ? t(`circle.age_${person.age_band}`) : "";
  const named = (/** @type {string} */ key) => `${t(key)}: ${person.name}`;
  const asks = { consent: person.consent === "open", talk: !person.prepared, safety: !person.safety };
  const consentLine = t("circle.consent_open", { name: central });
  const open = [
    asks.consent ? consentLine : "",
    asks.talk ? t("circle.not_spoken") : "",
    asks.safety ? t("circle.safety_open") : "",
    person.link === "none" ? t("circle.link_is_none") : "",
  ].filter(Boolean);
  return {
    ...person,
    asks,
    open,
    isDone: open.length === 0,
    initial: person.name.slice(0, 1).toUpperCase(),
    line: [person.relation, person.role_title, age, authority, way].filter(Boolean).join(" · "),
    needsLine: t("circle.needs_line", { needs: person.needs }),
    isAgreed: person.consent === "yes",
    isSafe: Boolean(person.safety),
    consentLine,
    safetyLine: person.safety?.measure ? t("circle.safe_measure", { measure: person.safety.measure }) : t("circle.safe"),
    linkLine: t(`circle.link_is_${person.link}`),
    // What a button says comes first in its name, so that whoever speaks to it can say what they see.
    labels: {
      spoken: named("circle.mark_spoken"),
      safety: named("circle.safety"),
      link: named("circle.link"),
      edit: named("circle.edit"),
    },
  };
}
