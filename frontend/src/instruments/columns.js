/**
 * Two to four columns of cards, each with lists of its own. A card says in which list it stands, and so moves to
 * another without being made anew. With stances, people say how they see a card, and it stays (methods.md §5.2).
 */
import { listText } from "../plan/when_text.js";
import { textOrNull } from "../boards/rows.js";
import { RowsPart } from "../boards/rows_part.js";

/** @typedef {import("../boards/part.js").Surroundings} Surroundings */
/** @typedef {import("../boards/rows.js").Row} Row */
/** @typedef {{ id: string, label: string, title: string }} List one list; `title` is empty when its column is the list */

export class ColumnsPart extends RowsPart {
  get shape() {
    return { texts: ["text"], plain: { part: textOrNull, person: textOrNull }, silent: ["part"] };
  }

  /** @returns {{ id: string, label: string, lists: List[] }[]} */
  get columns() {
    return (this.instrument.parts ?? []).map(({ id, label, lists }) => ({
      id,
      label,
      lists: lists.length ? lists.map((list) => ({ ...list, title: list.label })) : [{ id, label, title: "" }],
    }));
  }

  /** @returns {List[]} */
  get lists() {
    return this.columns.flatMap(({ lists }) => lists);
  }

  /** @param {Row} values @returns {string} the list it stands in; the first for one that no protocol knows */
  listOf({ part }) {
    const lists = this.lists;
    return lists.some(({ id }) => id === part) ? part : (lists[0]?.id ?? "");
  }

  /** @param {Row} values @returns {(other: Row) => boolean} */
  among(values) {
    const list = this.listOf(values);
    return (other) => this.listOf(other) === list;
  }

  /** @param {string} row @param {string} list */
  moveTo(row, list) {
    const among = (/** @type {Row} */ values) => this.listOf(values) === list;
    const place = this.rows.shown().filter((values) => values.row !== row && among(values)).length;
    this.rows.move(row, place, { among, plain: { part: list } });
  }

  /** @param {Row[]} values @param {Surroundings} around */
  sentences(values, around) {
    return values.flatMap((row) => {
      const words = this.sentence(row, around);
      const list = this.lists.find(({ id }) => id === this.listOf(row));
      return words ? [list ? `${list.label}: ${words}` : words] : [];
    });
  }

  /**
   * @param {Row} values
   * @param {number} index
   * @param {number} count
   * @param {number} number
   * @param {Surroundings} around
   */
  card(values, index, count, number, around) {
    const card = super.card(values, index, count, number, around);
    const list = this.listOf(values);
    return {
      ...card,
      list,
      moves: this.lists
        .filter(({ id }) => id !== list)
        .map(({ id, label }) => ({ id, label: around.say("instruments.move_to", { list: label }) })),
      ...this.#stanceOf(values, card, around),
    };
  }

  /** @param {Row} values @param {any} card @param {Surroundings} around */
  #stanceOf(values, card, { board, stances, maySayStance, language, say }) {
    const said = this.instrument.stances ? stances[`${board}.${values.row}`] : undefined;
    const names = (/** @type {{ name: string }[]} */ people) => listText(people.map(({ name }) => name), language);
    return {
      agreeText: said?.agree.length ? say("instruments.agree_names", { names: names(said.agree) }) : "",
      disagreeText: said?.disagree.length ? say("instruments.disagree_names", { names: names(said.disagree) }) : "",
      agrees: said?.mine === "agree",
      disagrees: said?.mine === "disagree",
      asksStance: Boolean(this.instrument.stances) && maySayStance && card.closed && !card.blank,
      showsStance: Boolean(said && (said.agree.length || said.disagree.length)),
    };
  }

  /** @param {Surroundings} around @param {any} [before] @returns {any} */
  picture(around, before) {
    const picture = super.picture(around, before);
    const columns = this.columns;
    const chosen = columns.some(({ id }) => id === around.tabs[this.id]) ? around.tabs[this.id] : columns[0]?.id;
    return {
      ...picture,
      width: `are-${columns.length}`,
      columns: columns.map(({ id, label, lists }) => {
        const shown = lists.map((list) => ({
          ...list,
          titleId: `part-${this.id}-${list.id}`,
          labelledBy: list.title ? `part-${this.id}-${list.id}` : `part-${this.id}-column-${id}`,
          addId: `part-${this.id}-add-${list.id}`,
          addLabel: around.say("instruments.add_to", { list: list.label }),
          rows: picture.rows.filter((/** @type {any} */ row) => row.list === list.id),
        }));
        return {
          id,
          label,
          titleId: `part-${this.id}-column-${id}`,
          count: shown.reduce((sum, list) => sum + list.rows.length, 0),
          chosen: id === chosen,
          look: id === chosen ? "is-chosen" : "",
          lists: shown,
        };
      }),
    };
  }
}
