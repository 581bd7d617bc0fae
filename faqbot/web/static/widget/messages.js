// What a conversation looks like: bubbles, and below them choices, links and the question whether it helped.

import { renderAnswer } from "../passage.js";
import { checkedLink, icon, make } from "./dom.js";

const THUMB_UP = "M2 10h4v11H2zm6 11V9.5L13 2l1.2.9c.5.4.7 1 .6 1.6L14 9h6a2 2 0 0 1 2 2.4l-1.6 8A2 2 0 0 1 18.4 21z";
const THUMB_DOWN = "M22 14h-4V3h4zM16 3v11.5L11 22l-1.2-.9a1.6 1.6 0 0 1-.6-1.6L10 15H4a2 2 0 0 1-2-2.4l1.6-8A2 2 0 0 1 5.6 3z";

/**
 * @typedef {object} Actions what the buttons of a reply do
 * @property {(text: string) => void} ask
 * @property {(requestId: string, kind: "helpful" | "unhelpful") => Promise<boolean>} rate
 */

/** @param {import("./texts.js").Say} say @param {string} text @returns {HTMLElement} */
export function customerMessage(say, text) {
  return message("customer", say("you"), make("p", {}, text));
}

/** @param {import("./texts.js").Say} say @param {string} text @returns {HTMLElement} a sentence of ours */
export function botMessage(say, text) {
  return message("bot", say("bot"), make("p", {}, text));
}

/** @param {import("./texts.js").Say} say @returns {HTMLElement} */
export function thinkingMessage(say) {
  const dots = make("span", { class: "dots", role: "img", "aria-label": say("thinking") }, make("i"), make("i"), make("i"));
  return message("bot", "", dots);
}

/** @param {import("./texts.js").Say} say @param {string} text @param {(() => void) | null} again @returns {HTMLElement} */
export function errorMessage(say, text, again) {
  const failed = message("bot failed", say("bot"), make("p", {}, text));
  if (again) failed.append(make("button", { type: "button", class: "choice retry", click: again }, say("retry")));
  return failed;
}

/**
 * @param {import("./texts.js").Say} say
 * @param {import("./conversation.js").Reply} reply
 * @param {Actions} actions
 * @returns {HTMLElement}
 */
export function replyMessage(say, reply, actions) {
  const shown = message("bot", say("bot"), ...renderAnswer(reply, make("summary", {}, say("whole"))));
  shown.dataset.verdict = reply.verdict;
  const links = reply.attachments.filter((link) => link !== reply.handoff?.link);
  if (links.length) shown.append(linkList(say, links));
  if (reply.handoff) shown.append(...contact(say, reply.handoff.link));
  if (reply.verdict === "suggest") shown.append(suggestionList(say, reply.suggestions, actions));
  if (reply.entry_id) shown.append(rating(say, reply.request_id, actions));
  if (reply.prompts.length) shown.append(promptList(say, reply.prompts, actions));
  return shown;
}

/**
 * @param {string} label
 * @param {string[]} questions
 * @param {Actions} actions
 * @returns {HTMLElement} buttons that ask what they say
 */
export function questionList(label, questions, actions) {
  const lines = questions.map((text) => choice(text, () => actions.ask(text)));
  return make("ul", { class: "choices", "aria-label": label }, ...lines);
}

/** @param {string} who @param {string} speaker @param {...Node} content @returns {HTMLElement} */
function message(who, speaker, ...content) {
  const bubble = make("div", { class: "bubble" }, make("span", { class: "unseen" }, speaker), ...content);
  return make("div", { class: `message ${who}` }, bubble);
}

/** @param {string} text @param {() => void} click @param {string} [kind] @returns {HTMLElement} */
function choice(text, click, kind = "choice") {
  return make("li", {}, make("button", { type: "button", class: kind, click }, text));
}

/** @param {import("./texts.js").Say} say @param {import("./conversation.js").Offer[]} offers @param {Actions} actions */
function suggestionList(say, offers, actions) {
  const lines = offers.map((one) => choice(one.question, () => actions.ask(one.question)));
  const none = choice(say("none"), () => actions.ask(say("none")), "choice none");
  return make("ol", { class: "choices numbered", "aria-label": say("choose") }, ...lines, none);
}

/** @param {import("./texts.js").Say} say @param {import("./conversation.js").Offer[]} offers @param {Actions} actions */
function promptList(say, offers, actions) {
  const list = questionList(say("prompts"), offers.map((one) => one.question), actions);
  return make("div", { class: "group" }, make("p", { class: "label", "aria-hidden": "true" }, say("prompts")), list);
}

/** @param {import("./texts.js").Say} say @param {string[]} targets */
function linkList(say, targets) {
  const urls = targets.map((target) => checkedLink(target, ["http:", "https:"])).filter((url) => url !== null);
  const lines = urls.map((url) => make("li", {}, link(url.href, fileName(url))));
  return make("ul", { class: "links", "aria-label": say("links") }, ...lines);
}

/** @param {import("./texts.js").Say} say @param {string} target @returns {HTMLElement[]} */
function contact(say, target) {
  const url = checkedLink(target, ["http:", "https:", "mailto:", "tel:"]);
  if (!url) return [];
  const anchor = link(url.href, say("contact"));
  anchor.className = "contact";
  return [anchor];
}

/** @param {string} href @param {string} label @returns {HTMLAnchorElement} */
function link(href, label) {
  return make("a", { href, target: "_blank", rel: "noopener noreferrer nofollow" }, label);
}

/** @param {URL} url @returns {string} */
function fileName(url) {
  const last = url.pathname.split("/").filter(Boolean).at(-1);
  try {
    return last ? decodeURIComponent(last) : url.host;
  } catch {
    return last ?? url.host;
  }
}

/** @param {import("./texts.js").Say} say @param {string} requestId @param {Actions} actions */
function rating(say, requestId, actions) {
  const note = make("span", { class: "note", role: "status" });
  const box = make("div", { class: "rating", role: "group", "aria-label": say("rating") });
  /** @param {"helpful" | "unhelpful"} kind @param {string} path */
  const thumb = (kind, path) => {
    const button = make("button", { type: "button", class: "thumb", "aria-pressed": "false", "aria-label": say(kind), title: say(kind) }, icon(path));
    button.addEventListener("click", async () => {
      for (const one of box.querySelectorAll(".thumb")) one.setAttribute("aria-pressed", String(one === button));
      const taken = await actions.rate(requestId, kind);
      note.replaceChildren(say(!taken ? "unrated" : kind === "helpful" ? "thanks" : "sorry"));
      if (!taken) button.setAttribute("aria-pressed", "false");
      else if (kind === "unhelpful") note.append(" ", make("button", { type: "button", class: "plain", click: () => actions.ask(say("person")) }, say("person")));
    });
    return button;
  };
  box.append(thumb("helpful", THUMB_UP), thumb("unhelpful", THUMB_DOWN), note);
  return box;
}
