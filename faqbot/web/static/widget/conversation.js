// The conversation with the server: questions, thumbs, and what a page that is loaded next in the same tab takes over.

/** @typedef {{entry_id: string, question: string}} Offer */
/**
 * @typedef {object} Reply what POST /api/v1/ask gives, as far as the widget reads it
 * @property {"answer" | "suggest" | "fallback"} verdict
 * @property {string} answer
 * @property {string | null} entry_id
 * @property {Offer[]} suggestions
 * @property {{reason: string}} decision
 * @property {Offer[]} prompts
 * @property {string[]} attachments
 * @property {import("../passage.js").Passage} [passage]
 * @property {{reason: string, text: string, link: string} | null} handoff
 * @property {string} request_id
 */
/** @typedef {{text: string, reply: Reply}} Turn */

const TURNS_KEPT = 20;
const WAIT_MS = 30_000;
// Each of several server processes writes its questions half a second behind; feedback that was quicker is sent once more.
const LOG_MS = 1500;

/** A failure with the name of its text, and whether trying again may help. */
export class AskError extends Error {
  /** @param {import("./texts.js").TextName} name @param {boolean} passing */
  constructor(name, passing) {
    super(name);
    this.textName = name;
    this.passing = passing;
  }
}

export class Conversation {
  /** @type {Turn[]} */
  turns = [];
  isOpen = false;
  #session = "";

  /** @param {string} server address, with a slash at its end @param {{language?: string, segmentToken?: string, key?: string}} [options] */
  constructor(server, { language, segmentToken, key } = {}) {
    this.server = server;
    this.language = language;
    this.segmentToken = segmentToken;
    this.key = key;
    this.#recall();
  }

  /**
   * @param {string} text
   * @returns {Promise<Reply>}
   * @throws {AskError}
   */
  async ask(text) {
    /** @type {Record<string, unknown>} */
    const body = { question: text, session_id: this.#session };
    if (this.segmentToken) body.segment_token = this.segmentToken;
    if (this.language) body.language = this.language;
    const response = await this.#post("api/v1/ask", body);
    if (response.status === 401 && this.segmentToken) {
      // It has expired while the page was open: the customer is one of everybody from now on.
      this.segmentToken = "";
      return this.ask(text);
    }
    if (!response.ok) throw await failure(response);
    /** @type {Reply} */
    const reply = await response.json().catch(() => {
      throw new AskError("error_other", true);
    });
    this.turns = [...this.turns, { text, reply }].slice(-TURNS_KEPT);
    this.keep();
    return reply;
  }

  /**
   * @param {string} requestId
   * @param {"helpful" | "unhelpful"} kind
   * @returns {Promise<boolean>} whether the server took it
   */
  async rate(requestId, kind) {
    const body = { request_id: requestId, kind };
    try {
      let response = await this.#post("api/v1/feedback", body);
      if (response.status === 404) {
        await new Promise((resolve) => setTimeout(resolve, LOG_MS));
        response = await this.#post("api/v1/feedback", body);
      }
      return response.ok;
    } catch {
      return false;
    }
  }

  /** Leave the conversation to the page that is loaded next in this tab. */
  keep() {
    const kept = { session: this.#session, turns: this.turns, isOpen: this.isOpen };
    try {
      sessionStorage.setItem(this.#place(), JSON.stringify(kept));
    } catch {
      // Storage is full or forbidden: the conversation ends with the page.
    }
  }

  #recall() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.#place()) ?? "{}");
      this.#session = kept.session ?? "";
      this.turns = kept.turns ?? [];
      this.isOpen = kept.isOpen ?? false;
    } catch {
      // The same.
    }
    // Not randomUUID, which pages without https do not have.
    this.#session ||= Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  #place() {
    return `faqbot ${this.server}`;
  }

  /** @param {string} path @param {object} body */
  async #post(path, body) {
    try {
      return await fetch(this.server + path, {
        method: "POST",
        headers: { "Content-Type": "application/json", ...(this.key && { "X-API-Key": this.key }) },
        body: JSON.stringify(body),
        credentials: "omit",
        signal: AbortSignal.timeout(WAIT_MS),
      });
    } catch {
      throw new AskError("error_network", true);
    }
  }
}

/** @param {Response} response @returns {Promise<AskError>} */
async function failure(response) {
  const code = (await response.json().catch(() => null))?.error?.code;
  if (code === "question_empty") return new AskError("error_question_empty", false);
  if (code === "question_too_long") return new AskError("error_question_too_long", false);
  if (response.status === 401 || response.status === 403) return new AskError("error_closed", false);
  return new AskError(response.status === 429 || response.status === 503 ? "error_busy" : "error_other", true);
}
