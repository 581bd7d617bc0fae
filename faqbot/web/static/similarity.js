// Two sentences in; dense, sparse, ColBERT and hybrid out, as bars from 0 to 1.

import { ApiError, post } from "./api.js";
import { say } from "./language.js";

const MODES = ["hybrid", "dense", "sparse", "colbert"];

const form = document.getElementById("compare");
const note = document.getElementById("compare-note");
const scores = document.getElementById("scores");

/** Make the form compare. */
export function startSimilarity() {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    compare();
  });
}

async function compare() {
  const [a, b] = ["a", "b"].map((id) => document.getElementById(id));
  const empty = [a, b].find((field) => !field.value.trim());
  if (empty) {
    say(note, "error_question_empty");
    empty.focus();
    return;
  }
  const button = form.querySelector("button");
  button.disabled = true;
  say(note, "comparing");
  try {
    show(await post("/api/v1/similarity", { a: a.value, b: b.value }));
    delete note.dataset.text;
    note.textContent = "";
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    delete note.dataset.text;
    note.textContent = error.message;
  } finally {
    button.disabled = false;
  }
}

function show(reply) {
  scores.hidden = false;
  for (const mode of MODES) {
    const value = reply[mode];
    scores.querySelector(`[data-value="${mode}"]`).textContent = value.toFixed(3);
    const bar = scores.querySelector(`[data-bar="${mode}"]`);
    bar.setAttribute("aria-valuenow", value.toFixed(3));
    bar.firstElementChild.style.width = `${value * 100}%`;
  }
  document.getElementById("compare-model").textContent = reply.model;
  document.getElementById("compare-raw").textContent = MODES.map((mode) => `${mode} ${reply.raw[mode].toFixed(3)}`).join(", ");
}
