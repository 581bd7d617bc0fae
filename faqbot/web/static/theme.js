// Loaded before the page is painted, so that a remembered theme does not flash.
"use strict";

(() => {
  const root = document.documentElement;
  const remembered = localStorage.getItem("faqbot-theme");
  if (remembered === "dark" || remembered === "light") root.dataset.theme = remembered;

  document.addEventListener("DOMContentLoaded", () => {
    document.getElementById("theme").addEventListener("click", () => {
      const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
      const next = (root.dataset.theme ?? system) === "dark" ? "light" : "dark";
      root.dataset.theme = next;
      localStorage.setItem("faqbot-theme", next);
    });
  });
})();
