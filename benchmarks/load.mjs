/**
 * People on boards, in real time. Each has a Yjs document of their own and types at a steady rate; where there are more
 * deliveries than one program can take in as documents, most only count bytes ("light") and some have documents.
 * Prints, as JSON, how long it took from an edit to each other person's document (milliseconds), and what never arrived.
 *
 *   node load.mjs CONFIG.json
 *   {"wire", "boards": [[{"url", "cookie", "board"}]], "mode": "type" | "join" | "idle" | "crash" | "fill",
 *    "rate": edits a second by each, "seconds", "rest": seconds between coming in and typing,
 *    "probes": how many of each board have a document that takes all in}
 */
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import WebSocket from "ws";
import * as Y from "yjs";

const config = JSON.parse(readFileSync(process.argv[2], "utf8"));
const ROWS = 25;
const SYNC = 0;
const AUTH = 2;
const now = () => performance.now();
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const latencies = [];

class Board {
  /** when each edit was made, by client: [clock after it, moment] */
  edits = new Map();
  people = [];
}

class Person {
  constructor(board, { url, cookie, board: name }, light) {
    this.board = board;
    this.name = name;
    this.light = light;
    this.bytes = 0;
    this.doc = new Y.Doc();
    this.seen = new Map();
    board.edits.set(this.doc.clientID, []);
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
    if (config.wire === "hocuspocus") encoding.writeVarString(encoder, this.name);
    encoding.writeVarUint(encoder, kind);
    return encoder;
  }

  send(step, content) {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    const encoder = this.begin(SYNC);
    encoding.writeVarUint(encoder, step);
    encoding.writeVarUint8Array(encoder, content);
    this.socket.send(encoding.toUint8Array(encoder));
  }

  take(message, ready) {
    this.bytes += message.length;
    if (this.light && this.counting) return;
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
    for (const [client, made] of this.board.edits) {
      if (client === this.doc.clientID || made.length === 0) continue;
      let next = this.seen.get(client) ?? 0;
      if (next === made.length) continue;
      const state = Y.getState(this.doc.store, client);
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
    this.board.edits.get(this.doc.clientID).push([Y.getState(this.doc.store, this.doc.clientID), at]);
  }
}

function addPlan(doc) {
  doc.transact(() => {
    for (let row = 0; row < ROWS; row += 1) {
      const values = new Y.Map();
      doc.getMap("agreements").set(`row${row}`, values);
      values.set("order", `a${String(row).padStart(2, "0")}`);
      values.set("what", new Y.Text("brengt Sami op dinsdag naar de training en haalt hem weer op"));
      values.set("otherwise", new Y.Text("dan rijdt de buurman"));
      values.set("who", new Y.Map());
    }
  });
}

async function open(probes) {
  const boards = [];
  for (const sockets of config.boards) {
    const board = new Board();
    board.people = sockets.map((socket, number) => new Person(board, socket, number >= probes));
    boards.push(board);
    await Promise.all(board.people.map(({ ready }) => ready));
  }
  return boards;
}

async function withPlan(probes = Infinity) {
  const boards = await open(probes);
  for (const { people } of boards) addPlan(people[0].doc);
  const all = boards.flatMap(({ people }) => people);
  while (all.some(({ doc }) => doc.getMap("agreements").size < ROWS)) await pause(20);
  for (const person of all) person.counting = true;
  latencies.length = 0;
  return boards;
}

async function typeFor(all, seconds, going = () => true) {
  const ends = now() + seconds * 1000;
  await Promise.all(
    all.map(async (person) => {
      await pause((Math.random() * 1000) / config.rate);
      let next = now();
      while (now() < ends && going()) {
        // A timer comes late when much comes in: what is due by then is typed, or the load would be its own limit.
        for (; next <= now(); next += 1000 / config.rate) person.type();
        await pause(Math.max(0, next - now()));
      }
    }),
  );
}

function summary(boards, more = {}) {
  latencies.sort((one, two) => one - two);
  const at = (part) => Number((latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * part))] ?? 0).toFixed(2));
  const all = boards.flatMap(({ people }) => people);
  const made = boards.reduce((sum, { edits }) => sum + [...edits.values()].reduce((count, list) => count + list.length, 0), 0);
  return { edits: made, deliveries: latencies.length, closed: all.filter(({ closed }) => closed).length, p50: at(0.5), p95: at(0.95), p99: at(0.99), ...more };
}

const modes = {
  /** S1, S2, S3 */
  async type() {
    const probes = config.probes ?? Infinity;
    const boards = await withPlan(probes);
    const all = boards.flatMap(({ people }) => people);
    await pause((config.rest ?? 0) * 1000);
    writeFileSync(config.begun, "");
    const cpu = process.cpuUsage();
    const began = now();
    await typeFor(all, config.seconds);
    const typed = (now() - began) / 1000;
    const used = process.cpuUsage(cpu);
    writeFileSync(config.ended, "");
    const measuring = boards.reduce((sum, { people }) => sum + people.filter(({ light }) => !light).length, 0);
    const until = now() + 10_000;
    const expected = () => boards.reduce((sum, { people, edits }) => {
      const count = [...edits.values()].reduce((total, list) => total + list.length, 0);
      const own = people.filter(({ light }) => !light).reduce((total, { doc }) => total + edits.get(doc.clientID).length, 0);
      return sum + count * people.filter(({ light }) => !light).length - own;
    }, 0);
    while (latencies.length < expected() && now() < until) await pause(50);
    const least = Math.min(...all.map(({ bytes }) => bytes));
    const most = Math.max(...all.map(({ bytes }) => bytes));
    const made = summary(boards).edits;
    return summary(boards, {
      missing: expected() - latencies.length,
      measuring,
      perSecond: Math.round((made * (config.boards[0].length - 1)) / typed),
      evenly: Number((least / most).toFixed(2)),
      loadCpu: Number(((used.user + used.system) / 1e6 / typed).toFixed(2)),
    });
  },

  /** the history for S4: small edits, as fast as they are taken */
  async fill() {
    const [{ people }] = await withPlan();
    const [person] = people;
    for (let edit = 0; edit < config.edits; edit += 1) {
      const rows = [...person.doc.getMap("agreements").values()];
      const text = rows[edit % rows.length].get("what");
      person.doc.transact(() => {
        if (edit % 5 === 4) text.delete(Math.floor(Math.random() * (text.length - 1)), 1);
        else text.insert(Math.floor(Math.random() * text.length), "x");
      });
      if (edit % 50 === 49) await pause(5);
    }
    const [, reader] = people;
    const state = Y.getState(person.doc.store, person.doc.clientID);
    while (Y.getState(reader.doc.store, person.doc.clientID) < state) await pause(20);
    await pause(config.settle ?? 500);
    return { edits: config.edits, state, client: person.doc.clientID };
  },

  /** S4 */
  async join() {
    const times = [];
    for (let round = 0; round < config.rounds; round += 1) {
      const began = now();
      const person = new Person(new Board(), config.boards[0][0], false);
      await person.ready;
      while (Y.getState(person.doc.store, config.client) < config.state) await pause(1);
      times.push(now() - began);
      person.socket.close();
    }
    const [cold, ...warm] = times;
    return { cold: Number(cold.toFixed(1)), warm: Number(warm.sort((one, two) => one - two)[Math.floor(warm.length / 2)].toFixed(1)) };
  },

  /** S5: held until the file goes away */
  async idle() {
    const boards = await open(0);
    writeFileSync(config.begun, "");
    await pause(config.seconds * 1000);
    return summary(boards);
  },

  /** S6: typing until the server is gone; then what one who comes new finds of what others had seen */
  async crash() {
    const boards = await withPlan();
    const [{ people, edits }] = boards;
    let gone = false;
    for (const person of people) {
      person.ready.catch(() => {});
      person.socket.on("close", () => (gone = true));
    }
    writeFileSync(config.begun, "");
    await typeFor(people, config.seconds, () => !gone);
    await pause(300);
    const seen = [...edits.keys()].map((client) => [
      client,
      Math.max(...people.filter(({ doc }) => doc.clientID !== client).map(({ doc }) => Y.getState(doc.store, client))),
    ]);
    const before = new Map([...edits].map(([client, made]) => [client, made]));
    await pause(config.wait * 1000);
    const newcomer = new Person(new Board(), config.boards[0][0], false);
    await newcomer.ready;
    await pause(1000);
    let lost = 0;
    let shown = 0;
    for (const [client, clock] of seen) {
      const has = Y.getState(newcomer.doc.store, client);
      for (const [after] of before.get(client)) {
        if (after <= clock) shown += 1;
        if (after <= clock && after > has) lost += 1;
      }
    }
    return { edits: summary(boards).edits, shown, lost };
  },
};

process.stdout.write(`${JSON.stringify(await modes[config.mode]())}\n`);
process.exit(0);
