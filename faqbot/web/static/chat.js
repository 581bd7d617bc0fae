// The conversation: questions to the API, replies to bubbles.

import { ApiError, post } from "./api.js";
import { say, text } from "./language.js";
import { renderMarkdown } from "./markdown.js";
import { renderAnswer } from "./passage.js";

const RELATED = 3;
const MARGIN_PX = 16;

const messages = document.getElementById("messages");
const form = document.getElementById("ask");
const input = document.getElementById("question");
// Not randomUUID, which pages without https do not have.
const session = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
let waiting = false;

/** Make the form and every choice ask. */
export function startChat() {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(input.value);
  });
  input.addEventListener("keydown", (event) => {
    // While an input method composes Chinese, Enter chooses characters.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  input.addEventListener("input", fitInput);
  messages.addEventListener("click", (event) => {
    const choice = event.target.closest("button[data-question]");
    if (choice) ask(choice.dataset.question);
  });
}

async function ask(question) {
  question = question.trim();
  if (!question || waiting) {
    input.focus();
    return;
  }
  setWaiting(true);
  input.value = "";
  fitInput();
  const asked = addMessage("customer");
  asked.append(paragraph(question));
  const bubble = addMessage("bot");
  bubble.append(dots());
  try {
    showReply(bubble, await post("/api/v1/ask", { question, session_id: session }));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    bubble.replaceChildren(paragraph(error.message));
    bubble.closest(".message").classList.add("failed");
  } finally {
    setWaiting(false);
    // The question to the top at most: a long answer is read from its beginning.
    messages.scrollTop += asked.getBoundingClientRect().top - messages.getBoundingClientRect().top - MARGIN_PX;
    input.focus();
  }
}

function showReply(bubble, reply) {
  const summary = document.createElement("summary");
  say(summary, "whole_answer");
  bubble.replaceChildren(...renderAnswer(reply, summary), renderMarkdown(reply.attachments.map((link) => `- [${link}](${link})`).join("\n")));
  const message = bubble.closest(".message");
  message.dataset.verdict = reply.verdict;
  const offered = reply.suggestions.filter((one) => reply.verdict === "suggest" || one.question !== reply.question);
  if (reply.verdict === "suggest") message.append(choices(offered));
  if (reply.prompts.length) message.append(choices(reply.prompts));
  message.append(facts(reply));
  if (reply.verdict === "answer" && offered.length) message.append(related(offered.slice(0, RELATED)));
}

function facts(reply) {
  const line = element("p", "facts");
  const verdict = element("span", "verdict");
  say(verdict, `verdict_${reply.verdict}`);
  const word = document.createElement("span");
  say(word, "confidence");
  line.append(verdict, " · ", word, ` ${Math.round(reply.confidence * 100)}%`);
  if (reply.entry_id) line.append(" · ", reply.question);
  line.title = `score ${reply.score.toFixed(3)}; dense ${reply.scores.dense.toFixed(3)}, sparse ${reply.scores.sparse.toFixed(3)}, colbert ${reply.scores.colbert.toFixed(3)}; ${reply.decision.reason}`;
  return line;
}

function related(suggestions) {
  const box = element("div", "related");
  const title = element("p", "facts");
  say(title, "related");
  box.append(title, choices(suggestions));
  return box;
}

function choices(suggestions) {
  const list = element("ul", "choices");
  for (const one of suggestions) {
    const button = element("button", "choice");
    button.type = "button";
    button.dataset.question = one.question;
    button.textContent = one.question;
    const item = document.createElement("li");
    item.append(button);
    list.append(item);
  }
  return list;
}

function addMessage(who) {
  const message = element("div", `message ${who}`);
  const bubble = element("div", "bubble");
  message.append(bubble);
  messages.append(message);
  messages.scrollTop = messages.scrollHeight;
  return bubble;
}

function dots() {
  const box = element("span", "dots");
  box.setAttribute("role", "img");
  box.setAttribute("aria-label", text("thinking"));
  box.append(element("i"), element("i"), element("i"));
  return box;
}

function paragraph(content) {
  const element = document.createElement("p");
  element.textContent = content;
  return element;
}

function element(tag, className = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  return made;
}

function setWaiting(value) {
  waiting = value;
  messages.setAttribute("aria-busy", String(value));
  form.querySelector("button").disabled = value;
}

function fitInput() {
  input.style.height = "auto";
  input.style.height = `${Math.min(input.scrollHeight, 140)}px`;
}
