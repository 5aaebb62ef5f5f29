/**
 * What a scale or a round shows, worked out from the state: who answered, and once shown the spread, never an average.
 * Pure: the words come in as `say`, so that it can be tried without a page.
 */

/** @typedef {(key: string, values?: Record<string, string | number>) => string} Say */
/** @typedef {{ id: string, name: string }} Named */
/** @typedef {{ number: number, why: string, who: Named }} Given */

export const NUMBERS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];

/** What is going on stands above what is only possible. */
const ORDER = ["asked", "shown", "quiet"];

/** The voices that stand on the screen: what I ask, what I answered, and what was shown. @param {any} state @param {Say} say */
export function voicePictures(state, say) {
  return (state.voices ?? [])
    .filter((/** @type {any} */ voice) => voice.may_ask || voice.mine || voice.status === "shown")
    .sort((/** @type {any} */ one, /** @type {any} */ other) => ORDER.indexOf(one.status) - ORDER.indexOf(other.status))
    .map((/** @type {any} */ voice) => voicePicture(voice, state, say));
}

/** @param {any} voice @param {any} state @param {Say} say */
export function voicePicture(voice, state, say) {
  const asked = voice.status === "asked";
  const shown = voice.status === "shown";
  const scale = voice.kind === "scale";
  const mayChange = asked && voice.may_answer && Boolean(voice.mine);
  return {
    id: voice.id,
    title: voice.title,
    question: voice.question === voice.title ? "" : voice.question,
    titleId: `voice-${voice.id}`,
    scale,
    asked,
    shown,
    asks: voice.may_ask,
    mayChange,
    offersAsk: voice.may_ask && voice.status === "quiet",
    offersShow: voice.may_ask && asked,
    offersAgain: voice.may_ask && shown,
    askLabel: say(`voices.ask_${voice.kind}`),
    showLabel: say(`voices.show_${voice.kind}`),
    changeLabel: say(`voices.change_${voice.kind}`),
    waitingText: voice.may_ask && asked ? waitingText(voice, say) : "",
    mineLines: voice.mine && !shown ? mineLines(voice, say) : [],
    mineHint: mayChange ? mineHint(voice, state, say) : "",
    spreads: shown && scale ? spreadsOf(voice, state, say) : [],
    nobodyText: say(scale ? "voices.nobody_showed" : "voices.nobody_answered"),
    nobody: shown && !voice.results.some((/** @type {any} */ one) => one.answers.length) && voice.answers.length === 0,
    heaps: shown && !scale ? heapsOf(voice, state, say) : [],
    // Numbers of before would steer who is about to give one.
    history: shown || (voice.may_ask && !voice.may_answer) ? historyOf(voice, say) : [],
  };
}

/** @param {any} voice @param {Say} say */
function waitingText(voice, say) {
  if (!voice.waiting.length) return say("voices.everybody_answered");
  return say("voices.waiting", { names: voice.waiting.map((/** @type {Named} */ one) => one.name).join(", ") });
}

/** @param {any} voice @param {Say} say */
function mineLines(voice, say) {
  if (voice.kind === "round") return [{ key: "answer", text: say(`voices.mine_${voice.mine.answer}`) }];
  return voice.items
    .filter((/** @type {any} */ item) => voice.mine.numbers[item.id])
    .map((/** @type {any} */ item) => {
      const { number } = voice.mine.numbers[item.id];
      const text = item.label ? say("voices.mine_number_at", { label: item.label, number }) : say("voices.mine_number", { number });
      return { key: `item-${item.id}`, text };
    });
}

/** Who will show it, and whether others will see mine. @param {any} voice @param {any} state @param {Say} say */
function mineHint(voice, state, say) {
  const leader = state.people.find((/** @type {any} */ one) => one.side === "facilitator");
  const hides = voice.kind === "scale" && voice.private_number && !voice.mine.share;
  if (hides) return say("voices.only_you_see");
  if (voice.may_ask) return say(`voices.then_you_show_${voice.kind}`);
  return say(`voices.then_shown_${voice.kind}`, { name: leader?.name ?? say("voices.who_leads") });
}

/** Of what somebody gave a number that I may see. @param {any} voice @param {any} state @param {Say} say */
function spreadsOf(voice, state, say) {
  return voice.results
    .filter((/** @type {any} */ one) => one.answers.length)
    .map((/** @type {any} */ one, /** @type {number} */ at) => spreadOf(one, voice, at, state, say));
}

/**
 * The line from 0 to 10 with a mark for each person, and beneath it everybody with their why, the lowest first.
 * @param {any} result @param {any} voice @param {number} at @param {any} state @param {Say} say
 */
export function spreadOf(result, voice, at, state, say) {
  const people = [...result.answers]
    .sort((/** @type {Given} */ one, /** @type {Given} */ other) => one.number - other.number)
    .map((/** @type {Given} */ given) => {
      const mine = given.who.id === state.me.id;
      const hidden = mine && voice.private_number && !voice.mine?.share;
      return {
        ...markOf(given.who, state),
        number: given.number,
        why: given.why.trim(),
        look: `${sideOf(given.who, state)}${hidden ? " hidden-number" : ""}`,
        onlyYou: hidden ? say("voices.only_you") : "",
      };
    });
  return {
    key: `${at}-${result.id}`,
    label: result.label,
    lowText: say("voices.low", { text: result.low }),
    highText: say("voices.high", { text: result.high }),
    // only my own number, which nobody else sees, makes no range
    rangeText: result.lowest === null ? "" : rangeText(result, say),
    columns: NUMBERS.map((number) => ({
      number,
      marks: people.filter((person) => person.number === number),
      look: inRange(result, number) ? "within" : "",
    })),
    people,
  };
}

/** @param {{ lowest: number | null, highest: number | null }} spread @param {Say} say */
export function rangeText(spread, say) {
  const { lowest, highest } = spread;
  if (lowest === null || highest === null) return say("voices.no_numbers");
  return lowest === highest ? say("voices.all_the_same", { number: lowest }) : say("voices.range", { lowest, highest });
}

/** @param {{ lowest: number | null, highest: number | null }} spread @param {number} number */
function inRange(spread, number) {
  return spread.lowest !== null && spread.highest !== null && spread.lowest <= number && number <= spread.highest;
}

/** What was answered in a round, in heaps: yes, no, and who passed. What nobody answered is no heap. @param {any} voice @param {any} state @param {Say} say */
function heapsOf(voice, state, say) {
  const heaps = ["yes", "no", "pass"].map((answer) => {
    const people = voice.answers
      .filter((/** @type {any} */ one) => one.answer === answer)
      .map((/** @type {any} */ one) => ({ ...markOf(one.who, state), look: sideOf(one.who, state) }));
    return { answer, people, text: say(`voices.heap_${answer}`, { count: people.length }) };
  });
  return heaps.filter(({ people }) => people.length);
}

/** Earlier times, the newest first, each as a small line. @param {any} voice @param {Say} say */
function historyOf(voice, say) {
  const lines = voice.history.flatMap((/** @type {any} */ turn, /** @type {number} */ at) =>
    turn.items.map((/** @type {any} */ item) => ({
      key: `${at}-${item.id}`,
      label: voice.items.length > 1 || turn.items.length > 1 ? item.label : "",
      text: say("voices.earlier", { when: turn.at_text, range: rangeText(item, say) }),
      cells: NUMBERS.map((number) => ({ number, look: inRange(item, number) ? "within" : "" })),
    })),
  );
  return lines.reverse();
}

/** @param {Named} who @param {any} state */
function markOf(who, state) {
  const name = state.people.find((/** @type {any} */ one) => one.id === who.id)?.name ?? who.name;
  return { id: who.id, name, initial: name.slice(0, 1).toUpperCase() };
}

/** @param {Named} who @param {any} state */
function sideOf(who, state) {
  return state.people.find((/** @type {any} */ one) => one.id === who.id)?.side ?? "";
}
