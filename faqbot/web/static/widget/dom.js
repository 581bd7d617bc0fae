// Elements from values: text becomes text nodes, and no string is ever parsed as HTML.

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {string} tag
 * @param {Record<string, string | boolean | ((event: any) => void)>} [attributes] functions listen to the event of that name;
 *   true is an empty attribute, false none
 * @param {...(Node | string)} children
 * @returns {any} the element
 */
export function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

/** @param {string} path the drawing, in a square of 24 @returns {SVGElement} an icon that screen readers pass over */
export function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const drawn = document.createElementNS(SVG, "path");
  drawn.setAttribute("d", path);
  svg.append(drawn);
  return svg;
}

/** @param {string} target @param {string[]} schemes such as "https:" @returns {URL | null} null where it is no such link */
export function checkedLink(target, schemes) {
  const url = URL.canParse(target) ? new URL(target) : null;
  return url && schemes.includes(url.protocol) ? url : null;
}
