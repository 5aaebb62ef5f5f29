/** Choosing among the boards that are open to me, and saying who may see the one that is mine to show. */
import { t } from "../texts.js";
import { boardToShow, boardsOf, holdsPlan } from "./board_order.js";

/** How long who ends private time waits at most for the board that goes with it. */
const openWithin = 4000;
const lookEach = 50;
const fewTabs = 4;

/** @param {any} Alpine */
export function boardActs(Alpine) {
  const store = () => Alpine.store("meeting");
  return /** @type {Record<string, any> & ThisType<any>} */ ({
    chosenBoard: "",
    /** what I am about to say of who may see my board; null: nothing was touched @type {string[] | null} */
    showingTo: null,

    /** A new phase brings its own board to the front, but takes nobody away from a board while they write on it. */
    turnToPhase() {
      if (!document.activeElement?.closest("#board-panel .board-form, #board-panel textarea")) this.chosenBoard = "";
    },

    followBoards() {
      const shown = boardToShow(this.state, this.chosenBoard);
      const another = shown?.id !== store().board?.id;
      if (another) this.showingTo = null;
      store().board = shown;
      if (another) Alpine.nextTick(showOpenTab);
    },

    get hasBoard() {
      return Boolean(store().board);
    },
    /** @returns {boolean} whether the plan is on a board that is open to me */
    get hasLivePlan() {
      return boardsOf(this.state).some(holdsPlan);
    },
    get boardTabs() {
      const open = store().board?.id;
      return boardsOf(this.state).map(({ id, title }) => ({
        id,
        title,
        tabId: `board-tab-${id}`,
        open: id === open,
        stop: id === open ? 0 : -1,
      }));
    },
    get hasBoardTabs() {
      return this.boardTabs.length > 1;
    },
    /** The chosen tab says it already. */
    get boardTitleLook() {
      return this.hasBoardTabs ? "visually-hidden" : "";
    },
    get boardPanel() {
      const tabs = this.hasBoardTabs;
      return {
        id: "board-panel",
        role: tabs ? "tabpanel" : null,
        labelledBy: tabs ? `board-tab-${store().board?.id}` : null,
      };
    },
    get boardPage() {
      return `/m/${this.state.me.id}/boards/${store().board?.id ?? ""}`;
    },

    /** @param {string} id */
    chooseBoard(id) {
      this.chosenBoard = id;
      this.followBoards();
    },

    /** @param {HTMLElement} row */
    watchTabs(row) {
      new ResizeObserver(showOpenTab).observe(row);
      row.addEventListener("scroll", () => showMore(row), { passive: true });
    },

    /** @param {KeyboardEvent} event */
    onTabKey(event) {
      const tabs = this.boardTabs;
      const at = tabs.findIndex((/** @type {any} */ { open }) => open);
      const back = document.dir === "rtl" ? "ArrowRight" : "ArrowLeft";
      const on = document.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
      const to = { [back]: at - 1, [on]: at + 1, Home: 0, End: tabs.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      const next = tabs[(to + tabs.length) % tabs.length];
      this.chooseBoard(next.id);
      document.getElementById(next.tabId)?.focus();
    },

    /**
     * The plan as it stands on a board that goes along with a move: that board is opened first when another one is.
     * @param {string} id
     * @returns {Promise<any>}
     */
    async planOn(id) {
      const read = () => store().planValues?.(id) ?? null;
      if (store().board?.id !== id) this.chooseBoard(id);
      for (let waited = 0; read() === null && store().board?.id === id && waited < openWithin; waited += lookEach) {
        await new Promise((resolve) => setTimeout(resolve, lookEach));
      }
      return read();
    },

    // --- who may see the central person's own board ---

    get showing() {
      const showing = store().board?.showing;
      if (!showing?.may) return null;
      const to = this.showingTo ?? showing.to;
      const others = showing.choices.filter((/** @type {any} */ { id }) => id !== this.state.me.id);
      return others.map((/** @type {any} */ one) => ({ ...one, detail: one.role_title, on: to.includes(one.id) }));
    },
    get showsNobody() {
      const showing = store().board?.showing;
      return Boolean(showing) && (this.showingTo ?? showing.to).length === 0 && (showing.decided || this.showingTo !== null);
    },
    get showingText() {
      const showing = store().board?.showing;
      if (!showing) return "";
      const names = showing.choices.filter((/** @type {any} */ { id }) => showing.to.includes(id)).map((/** @type {any} */ { name }) => name);
      if (names.length) return t("board.showing_to", { names: names.join(", ") });
      return t(showing.decided ? "board.showing_none" : "board.showing_undecided");
    },
    /** @param {string} person @param {boolean} on */
    showTo(person, on) {
      const now = this.showingTo ?? store().board.showing.to;
      this.showingTo = on ? [...now, person] : now.filter((/** @type {string} */ id) => id !== person);
    },
    /** @param {Event} event */
    showToNobody(event) {
      const box = /** @type {HTMLInputElement} */ (event.target);
      if (box.checked) this.showingTo = [];
      else box.checked = this.showsNobody;
    },
    async saveShowing() {
      const { id, showing } = store().board;
      if (await this.act(`boards/${id}/showing`, { to: this.showingTo ?? showing.to })) {
        this.showingTo = null;
        this.news = t("board.showing_saved");
      }
    },
  });
}

/** A few tabs stand in two rows on a phone, where they fit in them. @param {HTMLElement} row */
function wrapFew(row) {
  const tabs = [.../** @type {NodeListOf<HTMLElement>} */ (row.querySelectorAll(".board-tab"))];
  row.classList.add("wraps");
  const rows = new Set(tabs.map((tab) => tab.offsetTop)).size;
  row.classList.toggle("wraps", tabs.length <= fewTabs && rows <= 2);
}

/** Fades the end of a row that goes on, so that it asks to be swiped. @param {HTMLElement} row */
function showMore(row) {
  row.classList.toggle("goes-on", Math.abs(row.scrollLeft) + row.clientWidth < row.scrollWidth - 2);
}

/** On a phone the row of tabs swipes: it shows the open one, and the page stays where it is. */
function showOpenTab() {
  const tab = document.querySelector('.board-tab[aria-selected="true"]');
  const row = tab?.parentElement;
  if (!tab || !row) return;
  wrapFew(row);
  const [inside, around] = [tab.getBoundingClientRect(), row.getBoundingClientRect()];
  row.scrollLeft += inside.left + inside.width / 2 - (around.left + around.width / 2);
  showMore(row);
}
