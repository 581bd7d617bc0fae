// An answer; of a long one first the part that matched the question.

import { renderMarkdown } from "./markdown.js";

/** @typedef {{text: string, heading: string, number: number, of: number}} Passage as in replies, as far as it is shown */

/**
 * @param {{verdict: string, answer: string, passage?: Passage}} reply
 * @param {HTMLElement} summary says that the whole answer is below it
 * @returns {Node[]}
 */
export function renderAnswer(reply, summary) {
  const answer = renderMarkdown(reply.answer);
  if (!reply.passage) return [answer];
  const quote = document.createElement("blockquote");
  const place = document.createElement("p");
  place.className = "place";
  const { heading, number, of, text } = reply.passage;
  place.textContent = [heading, `${number}/${of}`].filter(Boolean).join(" · ");
  quote.append(place, renderMarkdown(text));
  if (reply.verdict !== "answer") return [quote, answer];
  const whole = document.createElement("details");
  whole.append(summary, answer);
  return [quote, whole];
}
