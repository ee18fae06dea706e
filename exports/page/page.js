"use strict";
// The page is whole without this: it adds the switch of languages, sorting and filtering.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
let language = "vi";

// Headings get buttons before their words are collected. Their own words stay for paper: browsers leave buttons out of the
// headings that they repeat on every sheet.
for (const label of all("th .sort")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "sort";
  button.textContent = label.textContent;
  if (label.dataset.en) button.dataset.en = label.dataset.en;
  label.className = "printed";
  label.after(button);
}

const words = all("[data-en]").map((element) => ({ element, vi: element.textContent, en: element.dataset.en }));
const labels = all("[data-en-label]").map((element) => ({
  element, vi: element.getAttribute("aria-label"), en: element.dataset.enLabel,
}));
const vietnamese = new Map(words.map(({ element, vi }) => [element, vi]));
const inVietnamese = (cell) => vietnamese.get(cell) ?? cell.textContent;

// Sorting: by the numbers as they are written; what is no number stands last.
const collator = new Intl.Collator("vi");
const amount = (cell) => {
  const found = /^-?[\d.]+(,\d+)?/.exec(inVietnamese(cell));
  return found ? Number(found[0].replaceAll(".", "").replace(",", ".")) : null;
};
const moment = (cell) => inVietnamese(cell).replace(/^(\d\d)\/(\d\d)\/(\d{4})/, "$3$2$1");

function sortBy(heading, column) {
  const descending = heading.getAttribute("aria-sort") === "ascending";
  const table = heading.closest("table");
  const key = heading.classList.contains("number") ? amount : moment;
  const rows = all("tbody tr", table).map((row) => ({ row, key: row.cells[column] && key(row.cells[column]) }));
  rows.sort((one, other) => {
    if (one.key === null || other.key === null) return (one.key === null) - (other.key === null);
    const order = typeof one.key === "number" ? one.key - other.key : collator.compare(one.key, other.key);
    return descending ? -order : order;
  });
  for (const other of all("th[aria-sort]", table)) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
  table.tBodies[0].append(...rows.map(({ row }) => row));
}

for (const table of all("table")) {
  // Where groups of columns have a heading of their own, the columns stand in the row below, from left to right.
  const [first, second] = table.tHead.rows;
  let below = 0;
  let column = 0;
  const place = (heading) => {
    const own = column;
    column += 1;
    heading.querySelector("button").addEventListener("click", () => sortBy(heading, own));
  };
  for (const heading of [...first.cells]) {
    if (heading.scope !== "colgroup") place(heading);
    else for (let left = heading.colSpan; left > 0; left -= 1) place(second.cells[below++]);
  }
}

// Filtering: without accents, as people type.
const folded = (text) => text.toLowerCase().replaceAll("đ", "d").normalize("NFD").replace(/[\u0300-\u036f]/g, "");

function narrow(box) {
  const level = box.querySelector("select")?.value ?? "";
  const asked = folded(box.querySelector("input").value.trim());
  const table = box.parentElement.querySelector("table");
  const rows = [...table.tBodies[0].rows];
  for (const row of rows) {
    row.hidden = (level && row.dataset.level !== level) || !folded(row.textContent).includes(asked);
  }
  for (const row of table.tFoot?.rows ?? []) row.hidden = Boolean(level) && row.dataset.level !== level;
  const left = rows.filter((row) => !row.hidden).length;
  box.querySelector("[role=status]").textContent =
    language === "en" ? `${left} of ${rows.length} rows` : `${left} trên ${rows.length} dòng`;
}

for (const box of all(".filter")) {
  box.hidden = false;
  box.addEventListener("input", () => narrow(box));
}

// Languages.
const button = document.getElementById("language");

function speak(chosen) {
  language = chosen;
  document.documentElement.lang = chosen;
  for (const word of words) word.element.textContent = word[chosen];
  for (const label of labels) label.element.setAttribute("aria-label", label[chosen]);
  for (const chart of all(".chart")) chart.hidden = chart.lang !== chosen;
  for (const box of all(".filter")) narrow(box);
  button.lang = chosen === "en" ? "vi" : "en";
  button.textContent = chosen === "en" ? "Tiếng Việt" : "English";
}

button.hidden = false;
button.addEventListener("click", () => speak(language === "en" ? "vi" : "en"));
speak(new URLSearchParams(location.search).get("lang") === "en" ? "en" : "vi");
