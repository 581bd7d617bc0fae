// A small, safe part of Markdown: paragraphs, lists, headings, bold, emphasis, code and links.
// Everything becomes DOM nodes with textContent; no string is ever parsed as HTML.

const INLINE = /\*\*(?<bold>[^*]+)\*\*|\*(?<emphasis>[^*\s][^*]*)\*|`(?<code>[^`]+)`|!?\[(?<label>[^\]]*)\]\((?<target>[^)\s]*)\)/g;
const ITEM = /^\s*(?:[-*+]|(?<number>\d{1,3})[.)、])\s+(?<text>.*)$/;
const HEADING = /^#{1,6}\s+(?<text>.*)$/;
const SAFE_SCHEMES = new Set(["http:", "https:", "mailto:", "tel:"]);

/** @param {string} source @returns {DocumentFragment} */
export function renderMarkdown(source) {
  const fragment = document.createDocumentFragment();
  for (const block of source.replace(/\r\n?/g, "\n").split(/\n\s*\n/)) {
    for (const part of splitBlock(block.split("\n"))) fragment.append(renderPart(part));
  }
  return fragment;
}

// Neighbouring lines of one kind belong together: a list may follow its introduction without a blank line.
function splitBlock(lines) {
  const parts = [];
  for (const line of lines.filter((one) => one.trim())) {
    const kind = kindOf(line);
    const last = parts.at(-1);
    if (last && last.kind === kind && kind !== "heading") last.lines.push(line);
    else if (last && last.kind !== "paragraph" && last.kind !== "heading" && /^\s{2,}/.test(line)) last.lines[last.lines.length - 1] += ` ${line.trim()}`;
    else parts.push({ kind, lines: [line] });
  }
  return parts;
}

function kindOf(line) {
  if (HEADING.test(line)) return "heading";
  const item = ITEM.exec(line);
  if (!item) return "paragraph";
  return item.groups.number ? "numbers" : "bullets";
}

function renderPart({ kind, lines }) {
  if (kind === "paragraph") return paragraph(lines);
  if (kind === "heading") {
    const heading = document.createElement("p");
    heading.className = "heading";
    appendInline(heading, HEADING.exec(lines[0]).groups.text);
    return heading;
  }
  const list = document.createElement(kind === "numbers" ? "ol" : "ul");
  if (kind === "numbers") list.start = Number(ITEM.exec(lines[0]).groups.number);
  for (const line of lines) {
    const item = document.createElement("li");
    appendInline(item, ITEM.exec(line).groups.text);
    list.append(item);
  }
  return list;
}

function paragraph(lines) {
  const element = document.createElement("p");
  lines.forEach((line, index) => {
    if (index) element.append(document.createElement("br"));
    appendInline(element, line.trim());
  });
  return element;
}

function appendInline(parent, source) {
  let end = 0;
  for (const found of source.matchAll(INLINE)) {
    parent.append(source.slice(end, found.index), inline(found));
    end = found.index + found[0].length;
  }
  parent.append(source.slice(end));
}

function inline(found) {
  const { bold, emphasis, code, label, target } = found.groups;
  if (target !== undefined) return link(label, target);
  const element = document.createElement(bold ? "strong" : emphasis ? "em" : "code");
  element.textContent = bold ?? emphasis ?? code;
  return element;
}

function link(label, target) {
  const url = URL.canParse(target, location.href) ? new URL(target, location.href) : null;
  if (!url || !SAFE_SCHEMES.has(url.protocol)) return document.createTextNode(label);
  const element = document.createElement("a");
  element.href = url.href;
  element.rel = "noopener noreferrer nofollow";
  element.target = "_blank";
  element.textContent = label || target;
  return element;
}
