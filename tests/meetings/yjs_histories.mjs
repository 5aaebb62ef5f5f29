/**
 * Plays seeded histories of people on one board with the real Yjs, and prints what each of them sends to the server:
 * one line of JSON per history. Undo, formatting, offline bursts, emoji, Arabic, removed rows, devices that come back.
 *
 *   node tests/meetings/yjs_histories.mjs FIRST_SEED COUNT
 */
import process from "node:process";
import * as Y from "yjs";

const [first, count] = process.argv.slice(2).map(Number);
const WORDS = ["brengt ", "كل يوم ", "👵🏽", "é", "kookt voor ons allemaal ", "e\u0301", "日本語", "👨‍👩‍👧", "\n", "x"];

/** @param {number} seed @returns {() => number} between 0 and 1 */
function dice(seed) {
  let state = seed * 2654435761 + 1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** @param {number} seed */
function play(seed) {
  const roll = dice(seed);
  const pick = (list) => list[Math.floor(roll() * list.length)];
  const server = new Y.Doc({ gc: roll() < 0.5 });
  const sent = [];
  let ids = 1000 + seed;

  const take = (participant, update) => {
    sent.push({ participant, update: Buffer.from(update).toString("base64") });
    Y.applyUpdate(server, update, participant);
  };

  const devices = Array.from({ length: 2 + Math.floor(roll() * 3) }, (_, at) => newDevice(`person${at % 3}`));
  function newDevice(participant, from) {
    const doc = new Y.Doc({ gc: roll() < 0.7 });
    doc.clientID = ids += 1 + Math.floor(roll() * 100000);
    if (from) Y.applyUpdate(doc, Y.encodeStateAsUpdate(from), "server");
    const device = { participant, doc, online: true, undo: new Y.UndoManager([doc.getMap("agreements"), doc.getText("notes")]) };
    doc.on("update", (update, origin) => {
      if (origin !== "server" && device.online) {
        take(participant, update);
        for (const other of devices) if (other !== device && other.online) Y.applyUpdate(other.doc, update, "server");
      }
    });
    return device;
  }

  // No screen puts a caret inside a sign of two halves; Yjs and the server's CRDT break such a sign differently.
  const edge = (text, at) => (/[\uDC00-\uDFFF]/.test(text.toString()[at] ?? "") ? at - 1 : at);
  const rows = (doc) => [...doc.getMap("agreements").values()];
  const acts = {
    add(doc) {
      const row = new Y.Map();
      doc.transact(() => {
        doc.getMap("agreements").set(`row${Math.floor(roll() * 1e9)}`, row);
        for (const [key, value] of [["order", `a${Math.floor(roll() * 90)}`], ["what", new Y.Text()], ["otherwise", new Y.Text(pick(WORDS))], ["who", new Y.Map()]]) row.set(key, value);
      });
    },
    type(doc) {
      const text = rows(doc).length ? pick(rows(doc)).get(pick(["what", "otherwise"])) : doc.getText("notes");
      text?.insert?.(edge(text, Math.floor(roll() * (text.length + 1))), pick(WORDS).repeat(1 + Math.floor(roll() * 4)));
    },
    erase(doc) {
      const text = rows(doc).length ? pick(rows(doc)).get("what") : doc.getText("notes");
      if (text?.length) {
        const at = edge(text, Math.floor(roll() * text.length));
        const end = edge(text, Math.min(text.length, at + 1 + Math.floor(roll() * 6)));
        if (end > at) text.delete(at, end - at);
      }
    },
    format(doc) {
      const notes = doc.getText("notes");
      if (notes.length) notes.format(0, edge(notes, 1 + Math.floor(roll() * notes.length)), { bold: roll() < 0.5 ? true : null });
    },
    value(doc) {
      if (!rows(doc).length) return;
      const row = pick(rows(doc));
      const act = pick(["when", "checker", "who", "removed", "order"]);
      if (act === "when") row.set("when", pick([{ kind: "date", date: "2026-12-05" }, { kind: "rhythm", every: "week", days: ["mo", "we"] }, null]));
      else if (act === "who") row.get("who")?.set?.(pick(["sami", "oma"]), pick([true, false]));
      else if (act === "removed") row.set("removed", pick([true, undefined]));
      else row.set(act, pick(["sami", "oma", null, 12, 1.5, -7]));
    },
    drop(doc) {
      const keys = [...doc.getMap("agreements").keys()];
      if (keys.length && roll() < 0.3) doc.getMap("agreements").delete(pick(keys));
    },
    review(doc) {
      doc.getMap("review").set(pick(["date", "convener"]), pick(["2027-01-18", "oma", null]));
    },
  };

  for (let step = 0; step < 60; step += 1) {
    const device = pick(devices);
    const chance = roll();
    if (chance < 0.08 && device.online) device.online = false;
    else if (chance < 0.2 && !device.online) comeBack(device);
    else if (chance < 0.24 && devices.length < 8) devices.push(newDevice(device.participant, device.online ? device.doc : server));
    else if (chance < 0.3) pick([() => device.undo.undo(), () => device.undo.redo(), () => device.undo.stopCapturing()])();
    else if (chance < 0.4) device.doc.transact(() => { for (let at = 0; at < 4; at += 1) pick(Object.values(acts))(device.doc); });
    else pick(Object.values(acts))(device.doc);
  }
  for (const device of devices) if (!device.online) comeBack(device);
  for (const device of devices) Y.applyUpdate(device.doc, Y.encodeStateAsUpdate(server, Y.encodeStateVector(device.doc)), "server");

  function comeBack(device) {
    const mine = Y.encodeStateAsUpdate(device.doc, Y.encodeStateVector(server));
    Y.applyUpdate(device.doc, Y.encodeStateAsUpdate(server, Y.encodeStateVector(device.doc)), "server");
    device.online = true;
    take(device.participant, mine);
    for (const other of devices) if (other !== device && other.online) Y.applyUpdate(other.doc, mine, "server");
  }

  return {
    seed,
    sent,
    notes: server.getText("notes").toString(),
    agreements: server.getMap("agreements").toJSON(),
    everything: Buffer.from(Y.encodeStateAsUpdate(server)).toString("base64"),
  };
}

for (let seed = first; seed < first + count; seed += 1) process.stdout.write(`${JSON.stringify(play(seed))}\n`);
