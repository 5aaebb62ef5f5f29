/**
 * People on one board, in real time: each has a Yjs document of their own and types at a steady rate. Prints, as JSON,
 * how long it took from an edit to each other person's document (milliseconds), and what never arrived.
 *
 *   node load.mjs CONFIG.json   {"wire": "rondom" | "hocuspocus", "sockets": [{"url", "cookie"}], "rate", "seconds"}
 */
import { readFileSync } from "node:fs";
import process from "node:process";
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import WebSocket from "ws";
import * as Y from "yjs";

const config = JSON.parse(readFileSync(process.argv[2], "utf8"));
const ROWS = 25;
const SYNC = 0;
const AUTH = 2;
/** when each edit was made, by who made it: [clock after it, moment] */
const edits = new Map();
const latencies = [];
const now = () => performance.now();
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

class Person {
  constructor({ url, cookie }) {
    this.doc = new Y.Doc();
    this.seen = new Map();
    edits.set(this.doc.clientID, []);
    this.doc.on("update", (update, origin) => origin !== this && this.send(2, update));
    this.socket = new WebSocket(url, { headers: cookie ? { cookie } : {}, perMessageDeflate: false });
    this.socket.binaryType = "arraybuffer";
    this.ready = new Promise((ready, failed) => {
      this.socket.on("open", () => {
        if (config.wire === "hocuspocus") {
          const auth = this.begin(AUTH);
          encoding.writeVarUint(auth, 0);
          encoding.writeVarString(auth, "");
          encoding.writeVarString(auth, "4.7.0");
          this.socket.send(encoding.toUint8Array(auth));
        }
        this.send(0, Y.encodeStateVector(this.doc));
      });
      this.socket.on("message", (data) => this.take(new Uint8Array(data), ready));
      this.socket.on("close", (code) => {
        this.closed = code;
        failed(new Error(`closed with ${code}`));
      });
      this.socket.on("error", failed);
    });
  }

  begin(kind) {
    const encoder = encoding.createEncoder();
    if (config.wire === "hocuspocus") encoding.writeVarString(encoder, "board");
    encoding.writeVarUint(encoder, kind);
    return encoder;
  }

  send(step, content) {
    const encoder = this.begin(SYNC);
    encoding.writeVarUint(encoder, step);
    encoding.writeVarUint8Array(encoder, content);
    this.socket.send(encoding.toUint8Array(encoder));
  }

  take(message, ready) {
    const decoder = decoding.createDecoder(message);
    if (config.wire === "hocuspocus") decoding.readVarString(decoder);
    const kind = decoding.readVarUint(decoder);
    if (kind !== SYNC) return;
    const step = decoding.readVarUint(decoder);
    const content = decoding.readVarUint8Array(decoder);
    if (step === 0) this.send(1, Y.encodeStateAsUpdate(this.doc, content));
    else {
      Y.applyUpdate(this.doc, content, this);
      if (step === 1) ready();
      this.measure();
    }
  }

  measure() {
    const at = now();
    for (const [client, made] of edits) {
      if (client === this.doc.clientID) continue;
      const state = Y.getState(this.doc.store, client);
      let next = this.seen.get(client) ?? 0;
      while (next < made.length && made[next][0] <= state) {
        latencies.push(at - made[next][1]);
        next += 1;
      }
      this.seen.set(client, next);
    }
  }

  type() {
    const rows = [...this.doc.getMap("agreements").values()];
    const text = rows[Math.floor(Math.random() * rows.length)].get("what");
    const at = now();
    this.doc.transact(() => text.insert(text.length, "x"));
    edits.get(this.doc.clientID).push([Y.getState(this.doc.store, this.doc.clientID), at]);
  }
}

const people = config.sockets.map((socket) => new Person(socket));
await Promise.all(people.map(({ ready }) => ready));
const [first] = people;
first.doc.transact(() => {
  for (let row = 0; row < ROWS; row += 1) {
    const values = new Y.Map();
    first.doc.getMap("agreements").set(`row${row}`, values);
    values.set("order", `a${String(row).padStart(2, "0")}`);
    values.set("what", new Y.Text("brengt Sami op dinsdag naar de training en haalt hem weer op"));
    values.set("otherwise", new Y.Text("dan rijdt de buurman"));
    values.set("who", new Y.Map());
  }
});
while (people.some(({ doc }) => doc.getMap("agreements").size < ROWS)) await pause(20);
latencies.length = 0;

const ends = now() + config.seconds * 1000;
await Promise.all(
  people.map(async (person) => {
    await pause((Math.random() * 1000) / config.rate);
    while (now() < ends) {
      const next = now() + 1000 / config.rate;
      person.type();
      await pause(Math.max(0, next - now()));
    }
  }),
);
await pause(1500);
latencies.sort((one, two) => one - two);
const at = (part) => Number(latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * part))].toFixed(2));
const made = [...edits.values()].reduce((sum, list) => sum + list.length, 0);
process.stdout.write(
  `${JSON.stringify({
    edits: made,
    deliveries: latencies.length,
    missing: made * (people.length - 1) - latencies.length,
    closed: people.filter(({ closed }) => closed).map(({ closed }) => closed),
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
  })}\n`,
);
process.exit(0);
