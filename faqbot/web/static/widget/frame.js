// The fixed parts of the widget: the button in the corner, and the dialog with its heading, log and form.

import { icon, make } from "./dom.js";

const BUBBLE = "M4 4h16a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-8l-5 4v-4H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z";
const CROSS = "M6.4 5 12 10.6 17.6 5 19 6.4 13.4 12 19 17.6 17.6 19 12 13.4 6.4 19 5 17.6 10.6 12 5 6.4z";
const ARROW = "M3 20.5v-7l9-1.5-9-1.5v-7L22 12z";
const LONGEST = "1000";
const TALLEST_PX = 120;

/**
 * @typedef {object} Frame
 * @property {HTMLButtonElement} launcher
 * @property {HTMLDialogElement} dialog
 * @property {HTMLElement} log
 * @property {HTMLElement} banner for what concerns the whole conversation
 * @property {HTMLTextAreaElement} input
 * @property {HTMLButtonElement} send
 */

/**
 * @param {import("./texts.js").Say} say
 * @param {string} title
 * @param {{toggle: () => void, closed: () => void, submit: () => void}} handlers
 * @returns {Frame}
 */
export function buildFrame(say, title, { toggle, closed, submit }) {
  const launcher = button(say("open"), BUBBLE, { class: "launcher", "aria-expanded": "false", "aria-haspopup": "dialog", click: toggle });
  launcher.append(icon(CROSS));
  const close = button(say("close"), CROSS, { class: "close", click: () => dialog.close() });
  const head = make("div", { class: "head" }, make("h2", { id: "title" }, title), close);
  const log = make("div", { class: "log", role: "log", tabindex: "0", "aria-label": say("messages") });
  const banner = make("p", { class: "banner", role: "status" });
  const input = make("textarea", {
    id: "question",
    rows: "1",
    maxlength: LONGEST,
    placeholder: say("placeholder"),
    enterkeyhint: "send",
    input: () => fit(input),
    keydown: (event) => {
      // While an input method composes Chinese, Enter chooses characters.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      submit();
    },
  });
  const send = button(say("send"), ARROW, { class: "send", type: "submit" });
  const label = make("label", { for: "question", class: "unseen" }, say("question"));
  const form = make("form", { submit: (event) => { event.preventDefault(); submit(); } }, label, input, send);
  const escape = (/** @type {KeyboardEvent} */ event) => event.key === "Escape" && !event.isComposing && dialog.close();
  const dialog = make("dialog", { "aria-labelledby": "title", close: closed, keydown: escape }, head, log, banner, form);
  return { launcher, dialog, log, banner, input, send };
}

/** Let a text area be as high as its text, up to a bound. @param {HTMLTextAreaElement} input */
export function fit(input) {
  input.style.height = "auto";
  input.style.height = `${Math.min(input.scrollHeight, TALLEST_PX)}px`;
}

/** @param {string} label @param {string} path @param {Parameters<typeof make>[1]} attributes @returns {HTMLButtonElement} */
function button(label, path, attributes) {
  return make("button", { type: "button", "aria-label": label, title: label, ...attributes }, icon(path));
}
