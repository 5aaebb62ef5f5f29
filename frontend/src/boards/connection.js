/**
 * One board, live: its document, its websocket, its copy on this device, and whether all of it is stored.
 * The wire is y-websocket's, with a frame of our own (100) that asks the server what is stored.
 */
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import { Awareness, encodeAwarenessUpdate } from "y-protocols/awareness";
import { writeUpdate } from "y-protocols/sync";
import { WebsocketProvider, messageAuth, messageAwareness, messageSync } from "y-websocket";
import * as Y from "yjs";
import { crowdingOf, isCrowding } from "../crowding.js";
import { LocalCopy, copyName } from "./local_copy.js";
import { SavedWatch, savedFrame } from "./saved_watch.js";

export { forgetBoard, sweepCopies } from "./local_copy.js";

/** @typedef {import("./local_copy.js").KeptText} KeptText */
/** @typedef {{ id: string, title: string, access: "read" | "write", websocket: string, epoch: number, instruments: import("./part.js").Instrument[] }} Board */
/** @typedef {"not_storing" | "full" | "damaged" | import("../crowding.js").Crowding} Trouble why nothing gets through for now */
/** @typedef {"connecting" | "saved" | "saving" | "offline" | "read_only" | "closed" | "refused" | Trouble} BoardStatus */

/** A short gap in the network is nobody's concern: "offline" is told after this many milliseconds. */
const grace = 1500;
const graceAtFirst = 5000;
/** How often the server is asked for a sign of life, and how long it may take; half-dead networks say nothing. */
const heartbeat = 10_000;
const answerWithin = 8000;
const answerWithinAfterWaking = 2500;
/** Every socket counts as dead when it has not opened after this many milliseconds. */
const openWithin = 8000;
/** Milliseconds until the next try, at most; who finds no place need not knock every other second. */
const longestPause = 2500;
const longestPauseInCrowd = 20_000;
/** The server cannot read what this device sends, or gets too much of it: so many times in a row, and it never will. */
const refusals = new Set([1007, 1008, 1009]);
const mostRefusals = 3;

export class BoardConnection {
  /**
   * @param {object} options
   * @param {Board} options.board as GET /api/m/<pid> gives it
   * @param {{ id: string }} options.me
   * @param {import("./local_copy.js").ListTexts} [options.listTexts] all texts of the document, with a label for people
   * @param {() => KeptText | null} [options.typing] what this person is typing now, before it is in the document
   * @param {(status: BoardStatus, code: number | null) => void} [options.onStatus]
   * @param {(closing: { code: number, kept: KeptText[] }) => void} [options.onClosed] the server ended it for good
   * @param {() => void} [options.onDenied] the server did not take an edit: this person may only read now
   */
  constructor({ board, me, listTexts = () => [], typing = () => null, onStatus, onClosed, onDenied }) {
    this.board = board;
    this.listTexts = listTexts;
    this.typing = typing;
    this.onStatus = onStatus;
    this.onClosed = onClosed;
    this.onDenied = onDenied;
    this.access = board.access;
    this.copyName = copyName(me.id, board.id, board.epoch);
    this.doc = new Y.Doc();
    this.awareness = new Awareness(this.doc);
    /** only who may write has something that must outlive a closed tab @type {LocalCopy | null} */
    this.copy = this.access === "write" ? this.#makeCopy() : null;
    this.watch = new SavedWatch(this.doc, (frame) => this.#send(frame), (stored) => this.#stored(stored));
    this.provider = this.#makeProvider();
    /** @type {BoardStatus} */
    this.status = "connecting";
    /** the code with which the server ended it @type {number | null} */
    this.code = null;
    /** @type {Trouble | null} */
    this.trouble = null;
    /** how often in a row what this device sends was refused */
    this.refused = 0;
    this.gone = false;
    this.away = false;
    /** @type {Set<ReturnType<typeof setTimeout>>} */
    this.timers = new Set();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.graceTimer = undefined;
    this.pulse = setInterval(() => this.#probe(answerWithin), heartbeat);

    this.doc.on("update", (_update, origin) => {
      if (origin === this.provider) return;
      // what the copy held goes out with the first answer; what it brings later goes out as an edit
      if (this.copy && origin === this.copy.store && !this.provider.shouldConnect) return;
      this.watch.edited();
      this.#settle();
    });
    this.wake = this.wake.bind(this);
    this.lost = this.lost.bind(this);
    window.addEventListener("online", this.wake);
    window.addEventListener("pageshow", this.wake);
    window.addEventListener("offline", this.lost);
    document.addEventListener("visibilitychange", this.wake);
    // the copy first: what this device still holds then goes out in one answer, not as one more update
    Promise.resolve(this.copy?.ready).then(() => {
      if (!this.gone) this.provider.connect();
    });
    this.#disconnected();
  }

  #makeCopy() {
    return new LocalCopy(this.copyName, this.doc, this.board.instruments);
  }

  #makeProvider() {
    const { doc, awareness, board } = this;
    const cut = board.websocket.lastIndexOf("/");
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const provider = new WebsocketProvider(
      `${scheme}//${location.host}${board.websocket.slice(0, cut)}`,
      board.websocket.slice(cut + 1),
      doc,
      // two people in one browser must not share a document behind the server's back
      {
        connect: false,
        awareness,
        disableBc: true,
        maxBackoffTime: longestPause,
        params: { epoch: String(board.epoch) },
        shouldReconnect: ({ code }) => !this.#endsForGood(code),
      },
    );
    this.#speakForMyselfOnly(provider);
    const answerSync = provider.messageHandlers[messageSync];
    provider.messageHandlers[messageSync] = (encoder, decoder, ...rest) => {
      const asked = decoding.peekVarUint(decoder) === 0;
      answerSync(encoder, decoder, ...rest);
      // after the provider has sent the answer that stands in `encoder`
      if (asked) queueMicrotask(() => this.#caughtUp());
    };
    provider.messageHandlers[messageAuth] = (_encoder, decoder) => {
      decoding.readVarUint(decoder);
      const reason = decoding.readVarString(decoder);
      // outside of this message: whoever hears it may end the connection
      queueMicrotask(() => !this.gone && this.#denied(reason));
    };
    provider.messageHandlers[savedFrame] = (_encoder, decoder) => this.watch.read(decoder);
    provider.on("status", ({ status }) => {
      if (status === "connected") this.#connected();
      else if (status === "disconnected") this.#disconnected();
      else this.#giveUpOn(provider.ws);
    });
    provider.on("connection-close", (event) => {
      this.trouble = crowdingOf(event?.code);
      provider.maxBackoffTime = this.trouble ? longestPauseInCrowd : longestPause;
      this.#disconnected();
    });
    provider.on("closed", ({ code }) => this.#closed(code));
    return provider;
  }

  /**
   * The provider repeats everybody's presence to the server, who only takes our own. Tell ours and no other.
   * @param {WebsocketProvider} provider
   */
  #speakForMyselfOnly(provider) {
    const { awareness, doc } = this;
    awareness.off("update", provider._awarenessUpdateHandler);
    awareness.on("update", (/** @type {Record<"added" | "updated" | "removed", number[]>} */ change, /** @type {unknown} */ origin) => {
      const touched = [...change.added, ...change.updated, ...change.removed];
      if (origin === provider || !touched.includes(doc.clientID)) return;
      const encoder = encoding.createEncoder();
      encoding.writeVarUint(encoder, messageAwareness);
      encoding.writeVarUint8Array(encoder, encodeAwarenessUpdate(awareness, [doc.clientID]));
      this.#send(encoding.toUint8Array(encoder));
    });
  }

  /** @param {Uint8Array} frame @returns {boolean} whether there was a connection to send it on */
  #send(frame) {
    const { ws, wsconnected } = this.provider;
    if (!wsconnected || ws?.readyState !== WebSocket.OPEN) return false;
    ws.send(/** @type {Uint8Array<ArrayBuffer>} */ (frame));
    return true;
  }

  #connected() {
    this.watch.reconnected();
    this.away = false;
    clearTimeout(this.graceTimer);
    this.graceTimer = undefined;
    // the server has seen us leave: only a newer sign of presence counts
    this.awareness.setLocalState(this.awareness.getLocalState());
    this.#settle();
  }

  #disconnected() {
    this.watch.reconnected();
    this.graceTimer ??= setTimeout(() => {
      this.away = true;
      this.#settle();
    }, this.watch.asked === 0 ? graceAtFirst : grace);
    this.#settle();
  }

  /** The server asked what it lacks, and got it: whatever was in the way is over, unless it says so again. */
  #caughtUp() {
    if (this.gone) return;
    this.trouble = null;
    this.watch.serverCaughtUp();
    this.#settle();
  }

  /** The server did not take an edit. @param {string} reason as app/live/wire.py names it */
  #denied(reason) {
    if (reason === "storage") this.trouble = "not_storing";
    else if (reason === "full" || reason === "damaged") this.trouble = reason;
    else this.onDenied?.();
    this.#settle();
  }

  /** @param {number} code @returns {boolean} whether another try would end in the same way */
  #endsForGood(code) {
    if (refusals.has(code)) this.refused += 1;
    return this.refused >= mostRefusals || (code >= 4400 && code < 4500);
  }

  /** @param {number} code */
  #closed(code) {
    if (this.gone) return;
    const kept = this.keep();
    this.code = code;
    // the server has it all and this person may not read it any more: leave nothing behind
    // what is refused would be sent again when the page is opened: its words are handed back, and the copy ends here
    if (!this.hasUnsaved || refusals.has(code)) this.copy?.forget();
    this.#settle();
    this.onClosed?.({ code, kept });
  }

  /** @param {Uint8Array} stateVector */
  #stored(stateVector) {
    this.copy?.recordSaved(stateVector);
    if (this.watch.saved) this.refused = 0;
    if (this.trouble === "full") this.#offerAgain(stateVector);
    this.#settle();
  }

  /** A full board takes what fits again as soon as something was made shorter. @param {Uint8Array} stored state vector */
  #offerAgain(stored) {
    if (this.watch.saved) {
      this.trouble = null;
      return;
    }
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, messageSync);
    writeUpdate(encoder, Y.encodeStateAsUpdate(this.doc, stored));
    this.#send(encoding.toUint8Array(encoder));
  }

  /** Works out the status anew and tells it when it changed. */
  #settle() {
    if (this.gone) return;
    const status = this.#statusNow();
    if (status === this.status) return;
    this.status = status;
    this.onStatus?.(status, this.code);
  }

  /** @returns {BoardStatus} */
  #statusNow() {
    if (this.code !== null) return refusals.has(this.code) ? "refused" : "closed";
    if (isCrowding(this.trouble)) return this.trouble;
    if (this.away && !this.provider.wsconnected) return "offline";
    if (this.trouble === "damaged") return "damaged";
    if (this.access === "read") return this.provider.wsconnected ? "read_only" : this.status;
    if (this.trouble) return this.trouble;
    if (this.watch.saved) return "saved";
    return this.watch.asked === 0 && this.watch.edits === 0 ? "connecting" : "saving";
  }

  /** Whether something was done here that the server has not said to have stored. */
  get hasUnsaved() {
    return (this.watch.edits > 0 && !this.watch.saved) || Boolean(this.copy?.hasUnsaved);
  }

  /** Whether this device keeps what is typed without a network, also after the tab is closed. */
  get keepsOffline() {
    return Boolean(this.copy?.kept);
  }

  /** @returns {KeptText[]} the text this person is typing, and all words of theirs that are not stored yet */
  keep() {
    const now = this.typing();
    const rest = this.copy?.unsavedTexts(this.listTexts) ?? [];
    const kept = now ? [now, ...rest.filter(({ label }) => label !== now.label)] : rest;
    return kept.filter(({ text }) => text.trim() !== "");
  }

  /**
   * The rights in this phase changed; the socket stays.
   * @param {"read" | "write"} access
   */
  setAccess(access) {
    this.access = access;
    if (access === "write") this.copy ??= this.#makeCopy();
    this.#settle();
  }

  /** Connects at once after sleep or a lost network, without waiting for the next try. */
  wake() {
    if (this.gone || this.code !== null || document.visibilityState === "hidden") return;
    if (this.provider.wsconnected) this.#probe(answerWithinAfterWaking);
    else if (this.provider.ws === null) {
      this.provider.wsUnsuccessfulReconnects = 0;
      if (this.provider.shouldConnect) this.provider.connect();
    }
  }

  /** The device says that its network is gone. Not always true, so try again at once. */
  lost() {
    if (!this.gone && this.code === null && this.provider.wsconnected) this.#redial();
  }

  /** @param {WebSocket | null} socket one that is connecting; a later one has its own time */
  #giveUpOn(socket) {
    this.#after(openWithin, () => this.provider.wsconnecting && this.provider.ws === socket && this.#redial());
  }

  /** @param {number} within milliseconds in which a sign of life must come */
  #probe(within) {
    if (!this.provider.wsconnected) return;
    const heard = this.provider.wsLastMessageReceived;
    this.watch.ask();
    this.#after(within, () => this.provider.wsconnected && this.provider.wsLastMessageReceived === heard && this.#redial());
  }

  #redial() {
    if (this.gone || this.code !== null) return;
    this.provider.disconnect();
    this.provider.connect();
  }

  /** @param {number} milliseconds @param {() => unknown} act */
  #after(milliseconds, act) {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      if (!this.gone) act();
    }, milliseconds);
    this.timers.add(timer);
  }

  /**
   * Ends the connection. The copy on this device stays, unless `forget`.
   * @param {{ forget?: boolean }} [how]
   */
  destroy({ forget = false } = {}) {
    if (this.gone) return;
    this.gone = true;
    clearInterval(this.pulse);
    clearTimeout(this.graceTimer);
    for (const timer of this.timers) clearTimeout(timer);
    window.removeEventListener("online", this.wake);
    window.removeEventListener("pageshow", this.wake);
    window.removeEventListener("offline", this.lost);
    document.removeEventListener("visibilitychange", this.wake);
    this.watch.destroy();
    this.provider.destroy();
    if (forget) this.copy?.forget();
    else this.copy?.close();
    this.awareness.destroy();
    this.doc.destroy();
  }
}

/**
 * Opens a board: `doc`, `provider`, `awareness` and `status` are there at once, the content follows.
 * @param {ConstructorParameters<typeof BoardConnection>[0]} options
 * @returns {BoardConnection}
 */
export function openBoard(options) {
  return new BoardConnection(options);
}
