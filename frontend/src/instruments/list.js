/** Things in a list, each with somebody it belongs to where the protocol asks for that. */
import { textOrNull } from "../boards/rows.js";
import { RowsPart } from "../boards/rows_part.js";

export class ListPart extends RowsPart {
  get shape() {
    return { texts: ["text"], plain: { person: textOrNull } };
  }
}
