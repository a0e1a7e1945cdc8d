/** The style of the HTML report. */
export const HTML_STYLE = `
:root {
  color-scheme: light dark;
  --page: #f6f7f8; --surface: #ffffff; --text: #1c2127; --muted: #57606b; --line: #dfe3e8; --soft: #f1f3f5;
  --accent: #1f5fa8; --caution: #7a4100; --caution-page: #fff4e0; --trouble: #a5243d;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171b; --surface: #1b1f25; --text: #e9ecef; --muted: #a9b2bc; --line: #333a43; --soft: #242a31;
    --accent: #79b0f2; --caution: #f4c67d; --caution-page: #2d2516; --trouble: #ff9dac;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
main { max-width: 72rem; margin: 0 auto; padding: 3.5rem 1.5rem 4rem; outline: none; overflow-wrap: anywhere; }
.skip { position: absolute; left: 1rem; top: -4rem; padding: .5rem 1rem; background: var(--surface); color: var(--accent); }
.skip:focus { top: 1rem; z-index: 1; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
h1, h2, h3, h4, p, dl, dd, figure, ul { margin: 0; }
.eyebrow { color: var(--accent); font-weight: 600; letter-spacing: .02em; }
h1 { margin-top: .25rem; font-size: 1.25rem; line-height: 1.3; font-weight: 600; color: var(--muted); }
.verdict { margin-top: 1rem; max-width: 54rem; font-size: 1.75rem; line-height: 1.35; font-weight: 600; letter-spacing: -.01em; text-wrap: balance; }
.caution {
  margin-top: 1.25rem; padding: .75rem 1rem; max-width: 54rem; border-left: 4px solid var(--caution); border-radius: 4px;
  background: var(--caution-page); color: var(--caution);
}
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(11.5rem, 1fr)); gap: 1.25rem 2rem; margin: 2.5rem 0 0; padding: 1.5rem 0 0; border-top: 1px solid var(--line); }
dt { color: var(--muted); font-size: .875rem; }
section { margin-top: 4rem; }
h2 { font-size: 1.375rem; line-height: 1.3; letter-spacing: -.01em; }
.note { margin-top: .25rem; color: var(--muted); }
figure, .items-box { margin-top: 1.5rem; padding: 1.5rem; background: var(--surface); border: 1px solid var(--line); border-radius: 10px; }
figcaption { margin-bottom: 1rem; }
figcaption p { color: var(--muted); font-size: .9375rem; }
h3 { font-size: 1.0625rem; }
h4 { font-size: .9375rem; }
.plot { position: relative; min-width: 0; }
.remarks { margin-top: 1.25rem; font-size: .9375rem; }
.remarks ul { padding-left: 1.25rem; color: var(--muted); }
.legend { display: flex; flex-wrap: wrap; gap: .375rem 1.25rem; margin: 0 0 1rem; padding: 0; border: 0; list-style: none; font-size: .875rem; min-width: 0; }
.legend legend { float: left; padding: 0; color: var(--muted); }
.legend li, .legend label { display: inline-flex; align-items: center; gap: .5rem; min-height: 1.5rem; }
.legend input { margin: 0; accent-color: var(--accent); width: 1rem; height: 1rem; }
.swatch { flex: none; width: .8rem; height: .8rem; border-radius: 3px; }
.stroke { flex: none; width: 1.5rem; height: 0; }
.swatch, .stroke { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
details { margin-top: 1.25rem; font-size: .9375rem; }
summary { width: fit-content; padding: .25rem 0; color: var(--accent); cursor: pointer; }
.scroll { margin-top: 1rem; overflow-x: auto; max-width: 100%; }
table { width: 100%; border-collapse: collapse; font-size: .9375rem; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
th, td { padding: .5rem .75rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; font-weight: 400; }
th:first-child, td:first-child { padding-left: 0; }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--muted); font-size: .93em; vertical-align: bottom; white-space: normal; }
tbody tr:last-child > * { border-bottom: 0; }
tbody th { white-space: nowrap; }
tbody th:has(.policy) { white-space: normal; }
.number { text-align: right; white-space: nowrap; }
.policy { min-width: 11rem; max-width: 22rem; overflow-wrap: anywhere; font-weight: 600; }
.description { color: var(--muted); font-size: .87em; line-height: 1.4; font-weight: 400; }
.tag { margin-left: .5rem; padding: .0625rem .5rem; border-radius: 1rem; background: var(--soft); color: var(--muted); font-size: .75rem; font-weight: 500; white-space: nowrap; }
.trouble { color: var(--trouble); font-weight: 600; }
.choice { display: inline-flex; flex-wrap: wrap; align-items: center; gap: .25rem .75rem; max-width: 100%; }
section > .choice { margin-top: 1rem; }
select, .pager button {
  max-width: 100%; padding: .4375rem .75rem; border: 1px solid var(--muted); border-radius: 6px;
  background: var(--surface); color: var(--text); font: inherit; font-size: .9375rem;
}
.pager button { cursor: pointer; }
.pager button:disabled { border-color: var(--line); color: var(--muted); cursor: default; }
.controls { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .5rem 1.5rem; }
.status { color: var(--muted); font-size: .9375rem; }
.pager { display: flex; gap: .75rem; margin-top: 1.25rem; }
.items { font-size: .8125rem; }
.items th, .items td { padding-left: .5rem; padding-right: .5rem; }
.items td { padding-top: .3125rem; padding-bottom: .3125rem; white-space: nowrap; }
.items td:first-child { min-width: 9rem; max-width: 14rem; overflow: hidden; text-overflow: ellipsis; }
.items th { padding-top: .25rem; padding-bottom: .25rem; }
.items th button { padding: .25rem 0; border: 0; background: none; color: inherit; font: inherit; font-weight: 600; cursor: pointer; white-space: nowrap; }
.items th button::after { content: " \\2195"; opacity: .45; }
.items th[aria-sort] button { color: var(--accent); }
.items th[aria-sort="ascending"] button::after { content: " \\2191"; opacity: 1; }
.items th[aria-sort="descending"] button::after { content: " \\2193"; opacity: 1; }
.unit { color: var(--muted); }
.bar { display: block; max-width: 100%; }
figure > .bar { width: 100%; }
.timeline { display: block; width: 100%; height: auto; overflow: visible; }
.timeline text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
.account { font-size: .875rem; }
.account th, .account td { padding-top: .3125rem; padding-bottom: .3125rem; }
.account .words { min-width: 14rem; }
.account .more > * { border-bottom-color: transparent; padding-top: 0; }
.account tr:has(+ .more) > * { border-bottom-color: transparent; }
.account tr.more:not(:has(+ .more)) > * { border-bottom-color: var(--line); }
tfoot th, tfoot td { border-top: 2px solid var(--line); border-bottom: 0; font-weight: 600; }
.assumptions { display: grid; gap: 1rem; margin-top: 1rem; max-width: 50rem; }
.assumptions dt { font-size: inherit; }
.assumptions dt strong { color: var(--text); }
.assumptions dd { color: var(--muted); font-size: .9375rem; }
.notices { margin-top: 1rem; padding-left: 1.25rem; max-width: 50rem; }
.notices li { margin-top: .375rem; }
footer { margin-top: 4rem; padding-top: 1.5rem; border-top: 1px solid var(--line); color: var(--muted); font-size: .875rem; }
@media (max-width: 35rem) {
  main { padding: 1.75rem 1rem 3rem; }
  .verdict { font-size: 1.3125rem; }
  .facts { grid-template-columns: 1fr 1fr; gap: 1rem; margin-top: 1.75rem; }
  section { margin-top: 2.75rem; }
  figure, .items-box { padding: 1rem; border-radius: 8px; }
}
@media (prefers-reduced-motion: no-preference) {
  html { scroll-behavior: smooth; }
}
@media print {
  :root {
    color-scheme: light;
    --page: #ffffff; --surface: #ffffff; --text: #000000; --muted: #444c56; --line: #cfd4da; --soft: #ffffff;
    --accent: #1f5fa8; --caution: #5f3300; --caution-page: #ffffff; --trouble: #8f1f35;
  }
  @page { margin: 14mm; }
  html { font-size: 9.5pt; }
  body { font-size: 9.5pt; }
  main { max-width: none; padding: 0; }
  .skip, .choice, .pager, summary { display: none; }
  .verdict { font-size: 16pt; }
  tbody tr:first-child { break-before: avoid; }
  .legend input, .legend label:has(input:not(:checked)) { display: none; }
  section { margin-top: 2rem; }
  figure, .items-box { padding: 0; border: 0; }
  figcaption, h2, h3, h4, .note, .controls, .picture { break-after: avoid; }
  .picture, tr, .caution, .facts { break-inside: avoid; }
  .plot { height: auto !important; }
  canvas { width: 100% !important; height: auto !important; }
  .scroll { overflow: visible; }
  table { font-size: 8.5pt; }
  .items { font-size: 6.5pt; }
  .items .unit { display: block; }
  .items th button::after { content: none; }
  thead .number { white-space: normal; }
  .items td:first-child, .items td:nth-child(4) { white-space: normal; overflow-wrap: anywhere; min-width: 0; }
  th, td { padding: .2rem .35rem; }
}
`;
