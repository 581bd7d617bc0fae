// How the widget looks. A constructed sheet: a page whose policy forbids inline styles still shows it.

const CSS = `
:host {
  all: initial;
  color-scheme: light dark;
  --accent: var(--faqbot-accent, light-dark(#0f766e, #2dd4bf));
  --accent-ink: var(--faqbot-accent-ink, light-dark(#ffffff, #06231f));
  --card: light-dark(#ffffff, #161e1c);
  --ink: light-dark(#16211f, #e6eeec);
  --soft: light-dark(#566562, #9fb0ac);
  --line: light-dark(#d5dedb, #33413d);
  --tint: light-dark(#eef4f2, #202b28);
  --bad: light-dark(#b42318, #fda29b);
  font: 15px/1.6 system-ui, -apple-system, "Segoe UI", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif;
}
:host([theme="light"]) { color-scheme: light; }
:host([theme="dark"]) { color-scheme: dark; }
*, *::before, *::after { box-sizing: border-box; }
button, textarea { font: inherit; color: inherit; }
button { cursor: pointer; }
p, h2, ul, ol { margin: 0; padding: 0; }
svg { width: 20px; height: 20px; fill: currentColor; flex: none; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.launcher { position: fixed; right: 20px; bottom: 20px; z-index: 2147483000; display: grid; place-items: center; width: 56px; height: 56px; border: 0; border-radius: 50%; background: var(--accent); color: var(--accent-ink); box-shadow: 0 6px 20px rgb(0 0 0 / 25%); transition: transform .15s; }
.launcher:hover { transform: scale(1.06); }
.launcher:focus-visible { outline: 3px solid var(--ink); outline-offset: 3px; }
.launcher svg { width: 26px; height: 26px; }
:host([opened]) .launcher svg:first-child, :host(:not([opened])) .launcher svg:last-child { display: none; }

dialog { position: fixed; inset: auto 20px 90px auto; z-index: 2147483001; width: 384px; max-width: calc(100vw - 40px); height: min(620px, calc(100dvh - 110px)); max-height: none; margin: 0; padding: 0; border: 1px solid var(--line); border-radius: 18px; overflow: hidden; background: var(--card); color: var(--ink); box-shadow: 0 18px 50px rgb(0 0 0 / 28%); }
dialog[open] { display: flex; flex-direction: column; animation: rise .18s ease-out; }
:host([position="left"]) .launcher { right: auto; left: 20px; }
:host([position="left"]) dialog { inset: auto auto 90px 20px; }

.head { display: flex; align-items: center; gap: 8px; padding: 12px 10px 12px 18px; background: var(--accent); color: var(--accent-ink); }
h2 { flex: 1; font-size: 16px; line-height: 1.4; font-weight: 650; overflow-wrap: anywhere; }
.close { display: grid; place-items: center; width: 36px; height: 36px; border: 0; border-radius: 10px; background: none; }
.close:hover { background: rgb(0 0 0 / 14%); }
.head :focus-visible { outline-color: var(--accent-ink); outline-offset: -3px; }

.log { flex: 1; display: flex; flex-direction: column; gap: 14px; padding: 16px; overflow-y: auto; overscroll-behavior: contain; }
.log:focus-visible { outline-offset: -3px; }
.message { display: flex; flex-direction: column; align-items: flex-start; gap: 8px; max-width: 90%; }
.customer { align-self: flex-end; align-items: flex-end; }
.bubble { padding: 9px 14px; border-radius: 16px 16px 16px 5px; background: var(--tint); overflow-wrap: anywhere; }
.customer .bubble { border-radius: 16px 16px 5px 16px; background: var(--accent); color: var(--accent-ink); white-space: pre-wrap; }
.failed .bubble { border: 1px solid var(--bad); background: none; color: var(--bad); }
.bubble > * + * { margin-top: 8px; }
.bubble > .unseen + * { margin-top: 0; }
.bubble ol, .bubble ul { padding-left: 22px; }
.bubble li + li { margin-top: 3px; }
.bubble .heading { font-weight: 650; }
.bubble code { padding: 1px 5px; border-radius: 5px; background: var(--card); font: .92em ui-monospace, monospace; }
.bubble blockquote { margin: 0; padding-left: 12px; border-left: 3px solid var(--accent); }
.bubble blockquote > * + *, .bubble details > * + * { margin-top: 6px; }
.bubble .place { color: var(--soft); font-size: 13px; }
summary { color: var(--accent); cursor: pointer; }
a { color: var(--accent); }

.choices { display: flex; flex-direction: column; align-items: flex-start; gap: 7px; list-style: none; counter-reset: line; }
.choice { padding: 6px 13px; border: 1px solid var(--line); border-radius: 14px; background: var(--card); color: var(--accent); text-align: left; overflow-wrap: anywhere; }
.choice:hover { border-color: var(--accent); background: var(--tint); }
.numbered .choice:not(.none)::before { counter-increment: line; content: counter(line) ". "; color: var(--soft); }
.none { color: var(--soft); border-style: dashed; }
.group { display: grid; gap: 6px; }
.label, .note { color: var(--soft); font-size: 13px; }
.links { display: grid; gap: 4px; padding-left: 4px; list-style: none; }
.links a::before { content: "↗ " / ""; }
.contact { padding: 8px 16px; border-radius: 14px; background: var(--accent); color: var(--accent-ink); font-weight: 600; text-decoration: none; }
.contact:hover { text-decoration: underline; }
.rating { display: flex; flex-wrap: wrap; align-items: center; gap: 2px; }
.thumb { display: grid; place-items: center; width: 32px; height: 32px; border: 0; border-radius: 9px; background: none; color: var(--soft); }
.thumb svg { width: 16px; height: 16px; }
.thumb:hover { background: var(--tint); color: var(--ink); }
.thumb[aria-pressed="true"] { background: var(--tint); color: var(--accent); }
.note { padding-left: 6px; }
.note:empty { display: none; }
.plain { padding: 0; border: 0; background: none; color: var(--accent); text-decoration: underline; }

.dots { display: inline-flex; gap: 5px; padding: 6px 0; }
.dots i { width: 7px; height: 7px; border-radius: 50%; background: var(--soft); animation: blink 1.2s infinite; }
.dots i:nth-child(2) { animation-delay: .2s; }
.dots i:nth-child(3) { animation-delay: .4s; }

.banner { padding: 7px 16px; border-top: 1px solid var(--line); color: var(--bad); font-size: 13px; }
.banner:empty { display: none; }
form { display: flex; align-items: flex-end; gap: 8px; padding: 12px; border-top: 1px solid var(--line); }
textarea { flex: 1; min-width: 0; max-height: 120px; padding: 8px 13px; border: 1px solid light-dark(#7f8f8b, #6d807b); border-radius: 13px; background: var(--card); font-size: 16px; line-height: 1.45; resize: none; }
textarea::placeholder { color: var(--soft); opacity: 1; }
textarea:focus-visible { outline-offset: 0; }
.send { display: grid; place-items: center; flex: none; width: 42px; height: 42px; border: 0; border-radius: 13px; background: var(--accent); color: var(--accent-ink); }
.send:disabled { opacity: .5; cursor: default; }

@keyframes rise { from { opacity: 0; transform: translateY(10px); } }
@keyframes blink { 0%, 60%, 100% { opacity: .25; } 30% { opacity: 1; } }

@media (max-width: 30em), (max-height: 26em) {
  dialog, :host([position="left"]) dialog { inset: 0; width: 100%; max-width: none; height: 100dvh; border: 0; border-radius: 0; }
  :host([opened]) .launcher { display: none; }
}
@media (prefers-reduced-motion: reduce) {
  *, *::before, *::after { animation: none !important; transition: none !important; }
}
`;

/** @returns {CSSStyleSheet} */
export function styleSheet() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  return sheet;
}
