// Starts the parts of the page.

import { startChat } from "./chat.js";
import { say, startLanguageSwitch } from "./language.js";
import { startSimilarity } from "./similarity.js";

const AGAIN_MS = 3000;

const status = document.getElementById("status");
const word = document.getElementById("status-word");
const facts = document.getElementById("status-facts");

async function showStatus() {
  let ready = null;
  try {
    const response = await fetch("/readyz");
    ready = await response.json();
  } catch {
    // Not reachable: shown as not ready, and asked again.
  }
  const state = ready?.status === "ready" ? "ready" : "unready";
  status.dataset.state = state;
  say(word, `status_${state}`);
  status.title = Object.values(ready?.checks ?? {}).map((check) => check.message).filter(Boolean).join(" ");
  facts.replaceChildren();
  if (state === "ready") {
    const version = document.createElement("span");
    say(version, "version");
    facts.append(`· ${ready.model} · `, version, ` ${ready.version}`);
  } else {
    setTimeout(showStatus, AGAIN_MS);
  }
}

startLanguageSwitch();
startChat();
startSimilarity();
showStatus();
