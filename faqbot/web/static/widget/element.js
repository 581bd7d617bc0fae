// <faqbot-widget>: asks what is typed or clicked, and shows what comes back.

import { AskError, Conversation } from "./conversation.js";
import { buildFrame, fit } from "./frame.js";
import { botMessage, customerMessage, errorMessage, questionList, replyMessage, thinkingMessage } from "./messages.js";
import { styleSheet } from "./styles.js";
import { languageOf, speaker } from "./texts.js";

const MARGIN_PX = 12;
const SMALL = matchMedia("(max-width: 30em), (max-height: 26em)");

/**
 * @typedef {object} Options as in the script tag's data- attributes
 * @property {string} [lang]
 * @property {string} [title]
 * @property {string} [greeting]
 * @property {string} [questions] to begin with, divided by |
 * @property {string} [theme] "light" or "dark"; unset: as the reader's system
 * @property {string} [position] "left"; unset: right
 * @property {string} [segmentToken] who asks, signed by the site
 * @property {string} [key] an API key of role `ask`, where asking needs one
 * @property {string} [open] present: opened at once
 */

/** Put the widget onto the page, or wake the one that the page has. @param {Options} options @param {string} server */
export function openWidget(options, server) {
  if (!customElements.get("faqbot-widget")) customElements.define("faqbot-widget", FaqbotWidget);
  const widget = /** @type {FaqbotWidget} */ (document.querySelector("faqbot-widget") ?? document.createElement("faqbot-widget"));
  if (!widget.isConnected) document.body.append(widget);
  if (!widget.shadowRoot) widget.start({ ...options, ...widget.dataset }, server);
}

export class FaqbotWidget extends HTMLElement {
  #waiting = false;
  #say = speaker("en");
  /** @type {Conversation} */
  #talk;
  /** @type {import("./frame.js").Frame} */
  #frame;

  /** @param {Options} options @param {string} server address, with a slash at its end */
  start(options, server) {
    this.lang = languageOf(options.lang);
    if (options.theme === "light" || options.theme === "dark") this.setAttribute("theme", options.theme);
    if (options.position === "left") this.setAttribute("position", "left");
    this.#say = speaker(languageOf(options.lang));
    this.#talk = new Conversation(server, { language: options.lang && this.lang, segmentToken: options.segmentToken, key: options.key });
    this.#frame = buildFrame(this.#say, options.title || this.#say("title"), {
      toggle: () => (this.#frame.dialog.open ? this.#frame.dialog.close() : this.open()),
      closed: () => this.#closed(),
      submit: () => this.#submit(),
    });
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [styleSheet()];
    root.append(this.#frame.launcher, this.#frame.dialog);
    this.#begin(options);
    for (const name of ["online", "offline"]) addEventListener(name, () => this.#showNetwork());
    this.#showNetwork();
    if (options.open !== undefined || this.#talk.isOpen) this.open(false);
  }

  /** @param {boolean} [writing] whether the customer writes next; a page that opens it by itself keeps its focus */
  open(writing = true) {
    const { dialog, input, log } = this.#frame;
    if (dialog.open) return;
    const before = document.activeElement;
    // On a phone it covers the page, so the page behind has to be out of reach too.
    if (SMALL.matches) dialog.showModal();
    else dialog.show();
    this.#mark(true);
    if (writing) input.focus();
    else if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    log.scrollTop = log.scrollHeight;
  }

  /** @param {string} text */
  async ask(text) {
    text = text.trim();
    if (!text || this.#waiting) return;
    const asked = customerMessage(this.#say, text);
    this.#frame.log.append(asked);
    await this.#answer(text, asked);
  }

  /** @param {string} text @param {HTMLElement} asked */
  async #answer(text, asked) {
    const thinking = thinkingMessage(this.#say);
    this.#wait(true);
    this.#frame.log.append(thinking);
    this.#scrollTo(asked);
    const shown = await this.#outcome(text, asked);
    thinking.replaceWith(shown);
    this.#wait(false);
    // The question to the top at most: a long answer is read from its beginning.
    this.#scrollTo(asked);
  }

  /** @param {string} text @param {HTMLElement} asked @returns {Promise<HTMLElement>} */
  async #outcome(text, asked) {
    try {
      const reply = await this.#talk.ask(text);
      if (reply.handoff) this.dispatchEvent(new CustomEvent("faqbot-handoff", { detail: reply.handoff, bubbles: true }));
      return replyMessage(this.#say, reply, this.#actions());
    } catch (error) {
      const { textName, passing } = error instanceof AskError ? error : new AskError("error_other", true);
      if (!(error instanceof AskError)) console.error(error);
      const again = () => {
        failed.remove();
        this.#answer(text, asked);
        this.#frame.input.focus();
      };
      const failed = errorMessage(this.#say, this.#say(textName), passing ? again : null);
      return failed;
    }
  }

  /** @param {Options} options */
  #begin(options) {
    const { log } = this.#frame;
    log.append(botMessage(this.#say, options.greeting || this.#say("greeting")));
    const questions = (options.questions ?? "").split("|").map((one) => one.trim()).filter(Boolean);
    if (questions.length) log.append(questionList(this.#say("choose"), questions, this.#actions()));
    for (const { text, reply } of this.#talk.turns) {
      log.append(customerMessage(this.#say, text), replyMessage(this.#say, reply, this.#actions()));
    }
  }

  /** @returns {import("./messages.js").Actions} */
  #actions() {
    return {
      ask: (text) => {
        this.ask(text);
        this.#frame.input.focus();
      },
      rate: (requestId, kind) => this.#talk.rate(requestId, kind),
    };
  }

  #submit() {
    const { input } = this.#frame;
    if (this.#waiting) return;
    const text = input.value;
    input.value = "";
    fit(input);
    this.ask(text);
    input.focus();
  }

  #closed() {
    this.#mark(false);
    this.#frame.launcher.focus();
  }

  /** @param {boolean} open */
  #mark(open) {
    const { launcher } = this.#frame;
    this.#talk.isOpen = open;
    this.#talk.keep();
    this.toggleAttribute("opened", open);
    launcher.setAttribute("aria-expanded", String(open));
    launcher.title = this.#say(open ? "close" : "open");
    launcher.setAttribute("aria-label", launcher.title);
  }

  #showNetwork() {
    this.#frame.banner.textContent = navigator.onLine ? "" : this.#say("offline");
  }

  /** @param {boolean} value */
  #wait(value) {
    this.#waiting = value;
    this.#frame.log.setAttribute("aria-busy", String(value));
    this.#frame.send.disabled = value;
  }

  /** @param {HTMLElement} message */
  #scrollTo(message) {
    const { log } = this.#frame;
    log.scrollTop += message.getBoundingClientRect().top - log.getBoundingClientRect().top - MARGIN_PX;
  }
}
