"use strict";
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const number = (value) => value.toLocaleString("en");

function watchList(bar) {
  const cards = [...document.querySelectorAll(`#${bar.dataset.list} > details`)];
  const [text, size, doubt] = ["text", "size", "doubt"].map((name) => bar.querySelector(`[name=${name}]`));
  const count = bar.querySelector("[role=status]");
  const texts = new Map();
  const textOf = (card) => {
    if (!texts.has(card)) texts.set(card, fold(card.textContent));
    return texts.get(card);
  };
  const fits = (card, words) =>
    (!size || !size.value || (size.value === "4" ? card.dataset.size >= 4 : card.dataset.size === size.value)) &&
    (!doubt || !doubt.value || card.dataset.doubt === doubt.value) &&
    words.every((word) => textOf(card).includes(word));
  const all = bar.querySelector("[name=all]");
  let most = 25; // cards on the page until all are asked for
  const filter = () => {
    const words = fold(text.value).split(/\s+/).filter(Boolean);
    let found = 0;
    for (const card of cards) {
      const fitting = fits(card, words);
      card.hidden = !fitting || found >= most;
      found += fitting;
    }
    all.hidden = found <= most;
    all.textContent = `Show all ${number(found)}`;
    count.textContent = `${number(Math.min(found, most))} of ${number(cards.length)} shown`;
  };
  all.addEventListener("click", () => {
    most = Infinity;
    filter();
  });
  for (const input of [text, size, doubt]) input?.addEventListener("input", filter);
  for (const button of bar.querySelectorAll("[name=open], [name=close]")) {
    button.addEventListener("click", () => {
      for (const card of cards) if (!card.hidden) card.open = button.name === "open";
    });
  }
  bar.hidden = false;
  filter();
}

function watchThreshold(box) {
  const points = JSON.parse(box.dataset.points);
  const slider = box.querySelector("input");
  const told = box.querySelector("output");
  const dot = document.getElementById(box.dataset.dot);
  const tell = () => {
    const [threshold, found, wrong, missed] = points[slider.value];
    const precision = found + wrong ? found / (found + wrong) : NaN;
    const recall = found / (found + missed);
    const share = (value) => (Number.isNaN(value) ? "undefined" : value.toFixed(3));
    told.textContent =
      `At ${threshold.toFixed(2)}: ${number(found)} pairs rightly put together, ${number(wrong)} wrongly, ` +
      `${number(missed)} missed; precision ${share(precision)}, recall ${share(recall)}.`;
    slider.setAttribute("aria-valuetext", threshold.toFixed(2));
    const place = (value) => (260 * (value - box.dataset.low)) / (1 - box.dataset.low);
    dot.setAttribute("cx", 40 + place(recall));
    dot.setAttribute("cy", 270 - place(Number.isNaN(precision) ? 1 : precision));
  };
  slider.addEventListener("input", tell);
  box.hidden = false;
  tell();
}

const answers = new Map(); // pair -> [left, right, 1, 0 or nothing, title, title]
let unsaved = false;
const cell = (text) => `"${(/^[=+\-@\t\r]/.test(text) ? "'" : "") + text.replaceAll('"', '""')}"`;

function tellAnswers() {
  for (const box of document.querySelectorAll(".decide")) {
    box.querySelector("[name=save]").disabled = !answers.size;
    box.querySelector("[role=status]").textContent = answers.size ? `${number(answers.size)} decided${unsaved ? ", not saved yet" : ", saved"}` : "";
  }
}

function saveAnswers() {
  const head = "left_id,right_id,same,left_title,right_title";
  const lines = [...answers.values()].map((row) => row.map(cell).join(","));
  const file = new Blob(["\ufeff" + [head, ...lines].join("\n") + "\n"], { type: "text/csv" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = "decisions.csv";
  link.click();
  unsaved = false;
  tellAnswers();
}

function watchVerdicts(box) {
  const buttons = [...box.querySelectorAll("button")];
  const { left, right, titles } = box.dataset;
  const choose = (button) => {
    const taken = button.getAttribute("aria-pressed") === "true";
    for (const one of buttons) one.setAttribute("aria-pressed", String(one === button && !taken));
    const key = JSON.stringify([left, right]);
    if (taken) answers.delete(key);
    else answers.set(key, [left, right, button.value, ...JSON.parse(titles)]);
    unsaved = answers.size > 0;
    tellAnswers();
  };
  for (const button of buttons) button.addEventListener("click", () => choose(button));
  box.closest("details").addEventListener("keydown", (event) => {
    const place = "sdc".indexOf(event.key.toLowerCase());
    if (place >= 0 && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) choose(buttons[place]);
  });
  box.hidden = false;
}

document.querySelectorAll(".verdicts").forEach(watchVerdicts);
for (const box of document.querySelectorAll(".decide")) {
  box.hidden = false;
  box.querySelector("[name=save]").addEventListener("click", saveAnswers);
}
addEventListener("beforeunload", (event) => {
  if (unsaved) event.preventDefault();
});
document.querySelectorAll(".filter").forEach(watchList);
document.querySelectorAll(".slider").forEach(watchThreshold);

let closed = []; // cards that only printing opened; those with `more` are printed as they stand
addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll("details:not([open], .more)")];
  for (const card of closed) card.open = true;
});
addEventListener("afterprint", () => {
  for (const card of closed) card.open = false;
});
