// The widget's one script tag: <script src="https://faq.example.com/static/widget.js" defer></script>
// What its data- attributes mean is written in docs/widget.md.
"use strict";

(() => {
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const start = async () => {
    const { openWidget } = await import(new URL("widget/element.js", script.src).href);
    openWidget({ ...script.dataset }, new URL("..", script.src).href);
  };
  const report = (/** @type {unknown} */ error) => console.error("faqbot: the widget could not be loaded.", error);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => start().catch(report));
  else start().catch(report);
})();
