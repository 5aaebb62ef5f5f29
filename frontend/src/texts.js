/** The words of this page's language, as the server put them in the page. */

/** @type {Record<string, string>} */
const texts = JSON.parse(document.getElementById("texts")?.textContent || "{}");

/**
 * Say a text. A key that is missing shows itself, so that it is noticed and nothing breaks.
 * @param {string} key such as "plan.saved"
 * @param {Record<string, string | number>} [values] what fills the {placeholders}
 * @returns {string}
 */
export function t(key, values = {}) {
  const text = texts[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
