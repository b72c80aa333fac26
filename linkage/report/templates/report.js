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
  const filter = () => {
    const words = fold(text.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const card of cards) {
      card.hidden = !fits(card, words);
      shown += !card.hidden;
    }
    count.textContent = `${number(shown)} of ${number(cards.length)} shown`;
  };
  for (const input of [text, size, doubt]) input?.addEventListener("input", filter);
  for (const button of bar.querySelectorAll("button")) {
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
