/** The peer: Hocuspocus with its SQLite extension, as its documentation has it. node hocuspocus.mjs PORT FILE */
import process from "node:process";
import { SQLite } from "@hocuspocus/extension-sqlite";
import { Server } from "@hocuspocus/server";

const [port, database] = process.argv.slice(2);
new Server({
  port: Number(port),
  address: "127.0.0.1",
  quiet: true,
  extensions: [new SQLite({ database })],
}).listen();
