/** The look of the page of the API: its own file, since no page may bring styles in its text. */
export const docsStyle = `:root {
  color-scheme: light dark;
  --ground: light-dark(#f5f6fa, #10131b);
  --card: light-dark(#fff, #191e2a);
  --ink: light-dark(#1b2130, #e7eaf2);
  --dim: light-dark(#5d6678, #9aa4b8);
  --line: light-dark(#e1e5ee, #2b3242);
  --accent: light-dark(#3457d5, #8aa4ff);
  --change: light-dark(#8a5a00, #f3c064);
}
* { box-sizing: border-box; }
body {
  margin: 0 auto;
  max-width: 60rem;
  padding: 1rem;
  background: var(--ground);
  color: var(--ink);
  font: 16px/1.5 system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif;
}
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
h1 { margin: 0.5rem 0; font-size: 1.6rem; }
h2 { margin: 2rem 0 0.5rem; font-size: 1.1rem; color: var(--dim); }
nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; }
details {
  margin: 0.4rem 0;
  border: 1px solid var(--line);
  border-radius: 0.5rem;
  background: var(--card);
  overflow: hidden;
}
summary { padding: 0.6rem 0.9rem; cursor: pointer; overflow-wrap: anywhere; }
summary span { color: var(--dim); }
summary b { display: inline-block; min-width: 3.2rem; color: var(--accent); font-size: 0.8rem; }
summary b.POST { color: var(--change); }
details > p, details > table { margin: 0.5rem 0.9rem; }
table { border-collapse: collapse; width: calc(100% - 1.8rem); font-size: 0.95rem; }
th, td { padding: 0.35rem 0.5rem 0.35rem 0; border-top: 1px solid var(--line); text-align: left; vertical-align: top; }
th { border: 0; color: var(--dim); font-weight: 600; }
small, em { color: var(--dim); font-style: normal; font-size: 0.85rem; }
pre {
  margin: 0.5rem 0 0;
  padding: 0.8rem 0.9rem;
  border-top: 1px solid var(--line);
  overflow-x: auto;
  font: 0.88rem/1.5 ui-monospace, 'DejaVu Sans Mono', monospace;
}
`
