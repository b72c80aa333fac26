"use strict";
let busy = false;
const said = () => document.getElementById("said");

function tell(text, bad) {
  const box = said();
  box.classList.toggle("bad", Boolean(bad));
  box.textContent = "";
  setTimeout(() => { box.textContent = text; }, 20); // so that the same words are read out again
}

function show(html, address, keep) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const fresh = page.querySelector("main");
  if (!fresh) { tell(page.body.textContent.slice(0, 300), true); return; }
  document.querySelector("main").replaceWith(fresh);
  document.title = page.title;
  if (address && !address.includes("back=")) history.replaceState(null, "", address);
  ready();
  const place = keep && document.getElementById(keep);
  if (place) (place.nextElementSibling || place).querySelector("button").focus();
  else { fresh.querySelector("h1").focus(); scrollTo(0, 0); }
  tell(page.getElementById("said").dataset.now);
}

async function load(address, options, keep) {
  if (busy) return;
  busy = true;
  try {
    const answer = await fetch(address, options);
    show(await answer.text(), answer.redirected || !options.method ? answer.url : null, keep);
  } catch {
    tell(document.body.dataset.notSaved, true);
  } finally {
    busy = false;
  }
}

addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-swap]")) return;
  event.preventDefault();
  const fields = new URLSearchParams(new FormData(form, event.submitter));
  load(form.action, { method: "POST", body: fields, headers: { "x-swap": "1" } }, form.dataset.keep);
});

addEventListener("click", (event) => {
  const link = event.target.closest("a[data-swap]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  load(link.href, {});
});

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.closest("input:not([type=checkbox]), select, textarea")) return;
  const pressed = event.key === "ArrowLeft" ? "b" : event.key.toLowerCase();
  if (pressed === "enter" && event.target.closest("a, button, summary")) return;
  const one = document.querySelector(`[data-key="${CSS.escape(pressed)}"]`);
  if (!one || one.disabled) return;
  event.preventDefault();
  one.click();
});

function ready() {
  for (const form of document.querySelectorAll("form[data-split]")) {
    const boxes = [...form.querySelectorAll("input[type=checkbox]")];
    const effect = form.querySelector("#effect");
    const count = () => {
      const stay = boxes.filter((box) => box.checked).length;
      const told = form.dataset.split.replace("#", stay).replace("%", boxes.length - stay);
      if (effect) effect.textContent = stay < boxes.length ? told : "";
    };
    form.addEventListener("change", count);
    count();
  }
}
ready();
