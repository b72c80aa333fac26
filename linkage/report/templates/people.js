"use strict";
const people = [...document.querySelectorAll("details")];
const count = document.getElementById("count");
const all = count.textContent;
const box = document.getElementById("name");
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const texts = people.map((one) => plain(one.querySelector("summary").textContent) + " " + one.dataset.names);
const hidden = JSON.parse(document.getElementById("people")?.textContent ?? "[]"); // those without a card
const hiddenTexts = hidden.map(([, name, , , names]) => plain([name, ...names].join(" ")));
const others = document.getElementById("others");
const MOST = 200; // of those without a card that are shown at a time

function element(name, text, parent) {
  const made = document.createElement(name);
  made.textContent = text;
  parent?.append(made);
  return made;
}

const answers = document.getElementById("answers");
const cards = new Map(); // of those without one, made when first found; kept, as answers are on them

function card([id, name, papers, years, names, titles]) {
  const made = document.createElement("details");
  const head = element("summary", "", made);
  element("b", name, head).dir = "auto";
  element("span", `${papers} paper${papers === 1 ? "" : "s"}${years ? `, ${years}` : ""}`, head);
  const body = element("div", "", made);
  body.className = "body";
  element("code", id, element("p", "", body));
  if (answers) {
    const button = element("button", "This is me", element("p", "", body));
    element("span", `: ${name}`, button).className = "sr";
    button.type = "button";
    button.className = "me";
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => chooseMe(made));
  }
  if (names.length) element("p", `Also printed as ${names.join("; ")}`, body).dir = "auto";
  const list = element("ul", "", body);
  list.className = "papers";
  for (const [title, mentions] of titles) {
    const item = element("li", title, list);
    item.dir = "auto";
    if (mentions.length) item.dataset.mentions = JSON.stringify(mentions);
  }
  if (papers > titles.length) element("li", `and ${papers - titles.length} more`, list).className = "soft";
  return made;
}

function cardOf(k) {
  if (!cards.has(k)) {
    cards.set(k, card(hidden[k]));
    if (me) askOf(cards.get(k));
  }
  return cards.get(k);
}

function search() {
  const words = plain(box.value).split(/[\s,.]+/).filter(Boolean);
  let found = 0;
  people.forEach((one, k) => {
    one.hidden = !words.every((word) => texts[k].includes(word));
    found += !one.hidden;
  });
  const more = words.length ? [...hidden.keys()].filter((k) => words.every((word) => hiddenTexts[k].includes(word))) : [];
  others.replaceChildren(...more.slice(0, MOST).map(cardOf));
  found += more.length;
  count.textContent = words.length ? `${found.toLocaleString("en")} of ${all}` : all;
}

function show() {
  const one = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (one && one.tagName === "DETAILS") {
    box.value = "";
    search();
    one.open = true;
    one.scrollIntoView();
  }
}

// "not mine" and "mine, too": what one person says of the papers, saved as constraints
let me = null;
const mentionsOf = (item) => JSON.parse(item.dataset.mentions);
const everywhere = (selector) => [...people, ...cards.values()].flatMap((one) => [...one.querySelectorAll(selector)]);

function decisions() {
  const items = [...me.querySelectorAll("li[data-mentions]")];
  const own = items.filter((item) => !item.classList.contains("not")).flatMap(mentionsOf);
  const rows = [];
  for (const item of items.filter((one) => one.classList.contains("not"))) {
    for (const gone of mentionsOf(item)) for (const mine of own) rows.push([gone, mine, 0]);
  }
  for (const mention of everywhere("li.too").flatMap(mentionsOf)) rows.push([mention, own[0], 1]);
  return own.length ? rows : [];
}

function tellAnswers() {
  const n = everywhere("li.not, li.too").length;
  const rows = n ? decisions() : [];
  answers.querySelector("[name=save]").disabled = !rows.length;
  const name = me.querySelector("summary b").textContent;
  answers.querySelector("[role=status]").textContent =
    n && !rows.length ? "One paper at least must stay yours." : `You are ${name}: ${n} paper${n === 1 ? "" : "s"} changed.`;
}

function askOf(one) {
  for (const item of one.querySelectorAll("li[data-mentions]")) {
    item.classList.remove("not", "too");
    item.querySelector("button")?.remove();
    const mine = me.contains(item);
    const button = element("button", mine ? "Not mine" : "Mine, too", null);
    button.type = "button";
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => {
      const said = item.classList.toggle(mine ? "not" : "too");
      button.setAttribute("aria-pressed", String(said));
      tellAnswers();
    });
    item.append(" ", button);
  }
}

function chooseMe(one) {
  me = one;
  [...people, ...cards.values()].forEach(askOf);
  for (const button of everywhere("button.me")) button.setAttribute("aria-pressed", String(me.contains(button)));
  tellAnswers();
}

if (answers) {
  answers.hidden = false;
  for (const button of document.querySelectorAll("button.me")) {
    button.hidden = false;
    button.addEventListener("click", () => chooseMe(button.closest("details")));
  }
  const cell = (text) => `"${(/^[=+\-@\t\r]/.test(text) ? "'" : "") + String(text).replaceAll('"', '""')}"`;
  answers.querySelector("[name=save]").addEventListener("click", () => {
    const lines = [["left_id", "right_id", "same"], ...decisions()].map((row) => row.map(cell).join(","));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff" + lines.join("\n") + "\n"], { type: "text/csv" }));
    link.download = "decisions.csv";
    link.click();
  });
}

box.addEventListener("input", search);
addEventListener("hashchange", show);
show();
