// @ts-check

/** @typedef {Readonly<Record<string, string | number>>} Attributes numbers are written with two decimals at most */

/**
 * An element of SVG as text.
 *
 * @param {string} name
 * @param {Attributes} [attributes]
 * @param {readonly string[]} [children] elements, or text from `escaped`
 */
export function element(name, attributes = {}, children = []) {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${attributeText(value)}"`);
  const start = `<${name}${written.join('')}`;
  return children.length === 0 ? `${start}/>` : `${start}>${children.join('')}</${name}>`;
}

/**
 * @param {number} x
 * @param {number} y of its baseline
 * @param {string} content
 * @param {Attributes} [attributes]
 */
export function text(x, y, content, attributes = {}) {
  return element('text', { x, y, ...attributes }, [escaped(content)]);
}

/**
 * @param {number} x1
 * @param {number} y1
 * @param {number} x2
 * @param {number} y2
 * @param {Attributes} [attributes]
 */
export function line(x1, y1, x2, y2, attributes = {}) {
  return element('line', { x1, y1, x2, y2, ...attributes });
}

/** Text that is safe between tags and in quotes. @param {string} content */
export function escaped(content) {
  return content.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** @param {string | number} value */
function attributeText(value) {
  return typeof value === 'number' ? String(Math.round(value * 100) / 100) : escaped(value);
}
