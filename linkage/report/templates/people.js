"use strict";
const people = [...document.querySelectorAll("details")];
const count = document.getElementById("count");
const all = count.textContent;
const box = document.getElementById("name");
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const texts = people.map((one) => plain(one.querySelector("summary").textContent) + " " + one.dataset.names);
function search() {
  const words = plain(box.value).split(/[\s,.]+/).filter(Boolean);
  let found = 0;
  people.forEach((one, k) => {
    one.hidden = !words.every((word) => texts[k].includes(word));
    found += !one.hidden;
  });
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
box.addEventListener("input", search);
addEventListener("hashchange", show);
show();
