/** What a person is asked, and how each answer is given: one entry per kind of question. */
import { t } from "../texts.js";
import { leaderName } from "./picture.js";

/** @typedef {{ kind: string, subject: string | null, text: string, detail?: string, words?: string }} ToDo what is asked, or was */
/** @typedef {{ path: string, body: unknown }} Act */
/**
 * @typedef {object} Ask one question on the screen
 * @property {string} kind
 * @property {string | null} subject
 * @property {string} text
 * @property {string} hint
 * @property {string} detail
 * @property {string} yes the first button's label; empty: there is none
 * @property {string} no the second button's label; empty: there is none
 * @property {boolean} writes whether it asks for words
 * @property {string} words what stood there before
 * @property {number} most how many signs fit
 */

const WRITTEN = ["question", "statement", "view"];

/** How each kind of answer reaches the server. @type {Record<string, (yes: boolean, words: string, about: any) => Act>} */
const ACTS = {
  yes_to_meeting: (yes) => ({ path: "yes-to-meeting", body: { answer: yes ? "yes" : "no" } }),
  go: (yes) => ({ path: "go", body: { answer: yes ? "yes" : "no" } }),
  independent: (yes) => ({ path: "independent", body: { answer: yes ? "yes" : "no" } }),
  no_questions: (yes) => ({ path: "no-questions", body: { answer: yes ? "yes" : "no" } }),
  consent: (yes, _words, about) => ({ path: `people/${about.subject}/consent`, body: { answer: yes ? "yes" : "no" } }),
  question: (_yes, words) => ({ path: "question", body: { text: words } }),
  statement: (yes, words) => ({ path: "statement", body: yes ? { text: words } : { declined: true, asked_by: null } }),
  view: (yes, words) => ({ path: "view", body: { text: yes ? words : "" } }),
  agreement: (yes, _words, about) => ({
    path: `agreements/${about.subject}/${yes ? "yes" : "no"}`,
    body: { hash: about.hash },
  }),
};

/** @param {{ kind: string, subject: string | null, hash?: string }} ask @param {boolean} yes @param {string} words @returns {Act} */
export function actFor(ask, yes, words) {
  return ACTS[ask.kind](yes, words, ask);
}

/**
 * The question in words. Agreements and signatures have screens of their own.
 * @param {ToDo} toDo
 * @param {any} state
 * @returns {Ask}
 */
export function askFor(toDo, state) {
  const { kind, subject, text, detail = "", words = "" } = toDo;
  return {
    kind,
    subject,
    text,
    hint: t(`meeting.ask_${kind}_hint`, { name: leaderName(state) }),
    detail,
    yes: t(`meeting.ask_${kind}_yes`),
    no: kind === "question" ? "" : t(`meeting.ask_${kind}_no`),
    writes: WRITTEN.includes(kind),
    words,
    most: kind === "question" ? 200 : 4000,
  };
}

/**
 * What I answered and may still change: a yes or a no with one button for the other, own words with one to write them anew.
 * @param {{ kind: string, subject: string | null, text: string, answer: "yes" | "no", words: string }} mine
 */
export function answerLine(mine) {
  const { kind, subject, text, answer, words } = mine;
  const writes = WRITTEN.includes(kind);
  const other = t(`meeting.ask_${kind}_${answer === "yes" ? "no" : "yes"}`);
  const write = t(answer === "yes" ? "meeting.change_words" : "meeting.write_after_all");
  const change = writes ? write : t("meeting.change_answer", { answer: other });
  return {
    ...mine,
    key: `${kind}/${subject ?? ""}`,
    writes,
    said: words || t(`meeting.ask_${kind}_${answer}`),
    change,
    // What the button says comes first in its name, so that whoever speaks to it can say what they see.
    label: `${change}. ${text}`,
  };
}
