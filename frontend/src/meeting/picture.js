/** What the meeting screen shows, worked out from the state: pure, so that the screen only has to draw it. */
import { proposalText } from "../boards/people.js";
import { nameOf } from "../plan/plan_values.js";
import { whenText } from "../plan/when_text.js";
import { t } from "../texts.js";
import { preparationLine } from "./preparation.js";

/** As many missing things stand under a button at once; the rest is one tap away. */
const MOST_LINES = 4;

/** @param {string} name */
export const initialOf = (name) => name.slice(0, 1).toUpperCase();

/** @param {any} state */
export function pictureOf(state) {
  const lead = state.me.side === "facilitator";
  const outside = state.private !== null && !state.private.inside;
  return {
    lead,
    guest: !lead,
    outside,
    night: state.private !== null,
    inside: state.private !== null && state.private.inside,
    // A plan that was signed before stays to be read while the next version is made.
    earlierPlan: Boolean(state.plan) && state.boards.some((/** @type {any} */ board) => board.access === "write"),
    // What people tell each other is the heart of the matter until there is a plan to look at.
    sheetFirst: state.boards.length === 0 && !state.plan,
    sheetLater: state.boards.length > 0 || Boolean(state.plan),
    road: state.road.map((/** @type {any} */ stone) => ({
      ...stone,
      label: t(`meeting.stone_${stone.place}`, { title: stone.title }),
    })),
    stepText: stepText(state),
    people: peopleOf(state).map(personLine),
    hereText: hereText(state),
    offersReady: !lead && offersReady(state),
    agreements: state.agreements.map((/** @type {any} */ agreement) => agreementCard(agreement, state)),
    moves: movesOf(state, lead),
    lamp: lampOf(state),
    // Who is called goes to the door, and has nothing else to do first.
    doorLooksAhead: state.acts.includes("look_ahead") && !lampOf(state).forMe,
    ...preparationOf(state, lead),
    callable: state.people
      .filter((/** @type {any} */ person) => person.side === "professional" || person.side === "neutral")
      .map((/** @type {any} */ person) => ({ id: person.id, name: person.name })),
    leader: state.people.find((/** @type {any} */ person) => person.side === "facilitator") ?? null,
    signed: (state.plan?.signed ?? []).map((/** @type {any} */ one) => ({
      ...one,
      initial: initialOf(one.name),
      side: state.people.find((/** @type {any} */ person) => person.id === one.id)?.side ?? "",
      line: t(`meeting.choice_${one.choice}`),
    })),
    waitingText: state.plan?.waiting.length
      ? t("meeting.still_asked", { names: names(state.plan.waiting) })
      : "",
  };
}

/** @param {{ name: string }[]} people */
function names(people) {
  return people.map((person) => person.name).join(", ");
}

/** @param {{ name: string }[]} people */
function eitherOf(people) {
  if (people.length < 2) return names(people) || t("plan.somebody");
  return t("meeting.either", { names: names(people.slice(0, -1)), last: people[people.length - 1].name });
}

/** As long as people are still to meet, who leads sees how the preparation stands. @param {any} state @param {boolean} lead */
function preparationOf(state, lead) {
  const preparing = lead && Boolean(state.preparation?.ahead);
  return {
    preparation: preparing
      ? state.preparation.people
          .filter((/** @type {any} */ person) => person.side !== "facilitator")
          .map((/** @type {any} */ person) => preparationLine(person, state))
      : [],
    peopleAside: !preparing && lead,
    peopleLater: !lead,
    offersCircle: !preparing && state.acts.includes("manage_people"),
  };
}

/** @param {any} state */
function stepText(state) {
  const at = state.road.findIndex((/** @type {any} */ stone) => stone.place === "now");
  return at < 0 ? state.meeting.title : t("meeting.step", { title: state.meeting.title, at: at + 1, of: state.road.length });
}

/** @param {any} person */
function personLine(person) {
  return {
    ...person,
    initial: initialOf(person.name),
    look: person.here === false ? `${person.side} away` : person.side,
    detail: [person.relation, person.central ? t("meeting.central") : person.role_title].filter(Boolean).join(" · "),
    isReady: person.ready === true,
  };
}

/** Behind the closed door, who is outside is not here, whatever screen they have open. @param {any} state @returns {any[]} */
function peopleOf(state) {
  const inside = Boolean(state.private?.inside);
  return state.people.map((/** @type {any} */ person) => {
    const isOut = inside && person.side !== "circle";
    return { ...person, isOut, ...(isOut ? { here: false, ready: false } : {}) };
  });
}

/** @param {any} state */
function hereText(state) {
  const people = peopleOf(state);
  const here = people.filter((/** @type {any} */ person) => person.here).length;
  const ready = people.filter((/** @type {any} */ person) => person.ready).length;
  // Nobody is here only as long as this screen does not know yet.
  const said = here ? t(here === 1 ? "meeting.one_here" : "meeting.many_here", { count: here }) : "";
  return [said, ready ? t("meeting.many_ready", { count: ready }) : ""].filter(Boolean).join(" · ");
}

/** Where the circle ends private time, or people sign, that itself is how one says to be ready. @param {any} state */
function offersReady(state) {
  const signing = state.acts.includes("sign") && (state.plan?.waiting.length ?? 0) > 0;
  return state.acts.includes("say_ready") && state.private === null && !signing;
}

/** @param {any} agreement @param {any} state */
export function agreementCard(agreement, state) {
  return {
    ...agreement,
    sentence: `${agreement.who.map((/** @type {string} */ id) => nameOf(id, state.people, t)).join(", ")} ${agreement.what.trim()}`,
    whenText: agreement.when_text ? `${agreement.when_text.slice(0, 1).toUpperCase()}${agreement.when_text.slice(1)}.` : "",
    checkerText: agreement.checker ? t("meeting.checked_by", { name: nameOf(agreement.checker, state.people, t) }) : "",
    otherwiseText: agreement.otherwise.trim() ? t("meeting.otherwise", { text: agreement.otherwise.trim() }) : "",
    answerText: t(`meeting.mine_${agreement.mine}`),
    look: agreement.mine === "yes" ? "" : "wait",
    changed: agreement.mine === "asked_again",
    canSayYes: agreement.mine !== "yes",
    noLabel: noLabel(agreement.mine),
    // As large as the yes beside it while both can be said.
    noLook: agreement.mine === "yes" ? "btn-bare at-edge" : "btn-soft",
  };
}

/** @param {"yes" | "no" | "open" | "asked_again"} mine @returns {string} */
function noLabel(mine) {
  if (mine === "no") return "";
  return t(mine === "yes" ? "meeting.not_after_all" : "meeting.rather_not");
}

/** @param {any} state @param {boolean} lead */
function movesOf(state, lead) {
  const all = state.moves.map((/** @type {any} */ move) => moveLine(move, state));
  const mine = all.filter((/** @type {any} */ move) => move.may);
  const main = mine.find((/** @type {any} */ move) => move.direction === "forward") ?? null;
  const theirs = main || !lead ? null : (all.find((/** @type {any} */ move) => move.direction === "forward") ?? null);
  return {
    main,
    theirs,
    others: mine.filter((/** @type {any} */ move) => move !== main),
    pending: all.find((/** @type {any} */ move) => move.pending) ?? null,
  };
}

/** @param {any} move @param {any} state */
function moveLine(move, state) {
  const hard = move.missing.filter((/** @type {any} */ item) => item.hard);
  const lines = move.missing.map((/** @type {any} */ item, /** @type {number} */ at) => ({
    key: `${move.id}-${at}`,
    text: item.text,
    hard: item.hard,
    soft: !item.hard,
  }));
  const shown = lines.length > MOST_LINES + 1 ? MOST_LINES : lines.length;
  return {
    ...move,
    hard,
    soft: move.missing.filter((/** @type {any} */ item) => !item.hard),
    blocked: hard.length > 0,
    look: lookOf(move, state),
    restsText: restsText(move, state),
    button: move.missing.length ? t("meeting.move_still", { label: move.label, count: move.missing.length }) : move.label,
    waitsFor: t("meeting.move_theirs", { label: move.label, name: eitherOf(move.who) }),
    allLines: lines,
    lines: lines.slice(0, shown),
    more: lines.slice(shown),
    moreText: t("meeting.and_more", { count: lines.length - shown }),
  };
}

/** The lamp's yellow inside private time; plain for a guest; rust for who leads, an outline while something is missing. @param {any} move @param {any} state */
function lookOf(move, state) {
  if (state.private?.inside) return "btn-lamp";
  if (state.me.side !== "facilitator") return "";
  return move.missing.length || restsText(move, state) ? "btn-now is-waiting" : "btn-now";
}

/** A plan that was just signed is first carried out: when we look back stands under the step. @param {any} move @param {any} state */
function restsText(move, state) {
  const day = move.direction === "forward" ? state.plan?.rests_until_text : "";
  return day ? t("meeting.look_back_on", { day }) : "";
}

/** @param {any} state */
function lampOf(state) {
  const call = state.private?.call ?? null;
  return {
    on: call !== null,
    look: call ? "is-on" : "",
    off: call === null,
    text: call ? t("private_time.lamp_on") : t("private_time.lamp_off"),
    forWhom: call ? calledText(call, state) : "",
    forMe: call?.for.id === state.me.id,
    byText: call?.by ? t("private_time.called_by", { by: call.by.name, name: call.for.name }) : "",
  };
}

/** @param {any} call @param {any} state */
function calledText(call, state) {
  return call.for.id === state.me.id ? t("private_time.called_you") : t("private_time.called", { name: call.for.name });
}

/** @param {any} state @returns {string} */
export function leaderName(state) {
  return state.people.find((/** @type {any} */ { side }) => side === "facilitator")?.name ?? t("plan.somebody");
}

/** The values of a plan as sentences, for who is about to see it. @param {any} values @param {any} state */
export function planLines(values, state) {
  return (values?.agreements ?? []).map((/** @type {any} */ agreement) => ({
    row: agreement.row,
    mine: agreement.who.includes(state.me.id),
    look: agreement.who.includes(state.me.id) ? "mine" : "",
    who: agreement.who.map((/** @type {string} */ id) => nameOf(id, state.people, t)).join(", ") || t("plan.nobody_yet"),
    what: agreement.what.trim() || t("plan.nothing_yet"),
    detail: [
      agreement.proposed ? proposalText(state.people, t) : "",
      whenText(agreement.when, state.language, t),
      agreement.checker ? t("meeting.checked_by", { name: nameOf(agreement.checker, state.people, t) }) : "",
      agreement.otherwise.trim() ? t("meeting.otherwise", { text: agreement.otherwise.trim() }) : "",
    ]
      .filter(Boolean)
      .map((part, at, all) => (at < all.length - 1 ? part.replace(/\.$/, "") : part))
      .join(" · "),
  }));
}
