/** Puts the parts of a component together. Spreading would call their getters once and keep the answers. */

/**
 * @param {...object} parts
 * @returns {any} one object with all their properties, getters still getters
 */
export function compose(...parts) {
  return Object.defineProperties({}, Object.assign({}, ...parts.map((part) => Object.getOwnPropertyDescriptors(part))));
}
