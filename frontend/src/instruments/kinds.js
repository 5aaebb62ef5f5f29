/** Every kind of instrument by the name that protocols give it. A new kind is a class, a template, and a line here. */
import { PlanPart } from "../plan/plan_part.js";
import { ReviewPart } from "../plan/review_part.js";
import { ChecklistPart } from "./checklist.js";
import { ColumnsPart } from "./columns.js";
import { HousesPart } from "./houses.js";
import { ListPart } from "./list.js";
import { PairsPart } from "./pairs.js";
import { PhoneListPart } from "./phone_list.js";
import { TextPart } from "./text.js";

/** @type {Map<string, typeof import("../boards/part.js").Part>} */
const kinds = new Map(Object.entries({
  plan: PlanPart,
  review: ReviewPart,
  text: TextPart,
  list: ListPart,
  columns: ColumnsPart,
  pairs: PairsPart,
  houses: HousesPart,
  checklist: ChecklistPart,
  phone_list: PhoneListPart,
}));

/**
 * @param {import("yjs").Doc} doc
 * @param {import("../boards/part.js").Instrument} instrument
 * @param {import("../boards/rows.js").Change} change
 * @returns {import("../boards/part.js").Part | null} null for a kind that this screen is too old for
 */
export function partOf(doc, instrument, change) {
  const Kind = kinds.get(instrument.kind);
  return Kind ? new Kind(doc, instrument, change) : null;
}
