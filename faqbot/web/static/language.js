// The page's words in both languages: elements name theirs in data-text, data-label or data-placeholder.

const TEXTS = JSON.parse(document.body.dataset.texts);

/** @returns {"zh" | "en"} the language that the page speaks now */
export function language() {
  return document.documentElement.lang === "en" ? "en" : "zh";
}

/** @param {string} name @returns {string} a text in the page's language */
export function text(name) {
  return TEXTS[language()][name];
}

/** @param {string} name @returns {boolean} */
export function hasText(name) {
  return name in TEXTS.en;
}

/** Give an element a text that follows the language. @param {HTMLElement} element @param {string} name */
export function say(element, name) {
  element.dataset.text = name;
  element.textContent = text(name);
}

function translate() {
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = text(element.dataset.text);
  for (const element of document.querySelectorAll("[data-placeholder]")) element.placeholder = text(element.dataset.placeholder);
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", text(element.dataset.label));
    if (element.title) element.title = text(element.dataset.label);
  }
}

/** Let the link switch in place: the conversation stays. Without scripts it loads the page in the other language. */
export function startLanguageSwitch() {
  const link = document.getElementById("language");
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const left = language();
    document.documentElement.lang = left === "zh" ? "en" : "zh";
    history.replaceState(null, "", `?lang=${language()}`);
    link.href = `?lang=${left}`;
    translate();
  });
}
