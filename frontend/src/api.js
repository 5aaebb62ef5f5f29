/** Talks to the server: JSON in and out, and errors that can be shown to a person as they are. */
import { t } from "./texts.js";

/** A request that did not work out: what to say about it, and what is missing if that is known. */
export class ApiError extends Error {
  /**
   * @param {number} status 0 when the server could not be reached
   * @param {string} code
   * @param {string} message a sentence for the person
   * @param {{ requirement: string, hard: boolean, text: string, who: { id: string, name: string }[] }[]} [missing]
   */
  constructor(status, code, message, missing = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.missing = missing;
  }
}

/** @param {string} path @returns {Promise<any>} */
export const get = (path) => ask("GET", path);

/** @param {string} path @param {unknown} [body] @returns {Promise<any>} */
export const post = (path, body = {}) => ask("POST", path, body);

/** @param {string} path @param {unknown} body @returns {Promise<any>} */
export const patch = (path, body) => ask("PATCH", path, body);

/** @param {string} method @param {string} path @param {unknown} [body] */
async function ask(method, path, body) {
  /** @type {Response} */
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers: body === undefined ? {} : { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
    });
  } catch {
    throw new ApiError(0, "no_connection", t("errors.no_connection"));
  }
  const said = await answer.json().catch(() => null);
  if (answer.ok) return said;
  throw new ApiError(answer.status, said?.code ?? "failed", said?.message ?? t("errors.failed"), said?.missing);
}

/** @param {unknown} error @returns {string} what to show */
export function sentenceOf(error) {
  return error instanceof ApiError ? error.message : t("errors.failed");
}
