// The host's page: shows what the desk says, counts its time down, and goes grey when the desk is silent.
"use strict";

const STALE_MS = 2500; // since the desk last said that it holds: less than the three seconds after which nothing old may be shown
const STEP_MS = 100;
const MOST_RING_MARKS = 6;

const at = (id) => document.getElementById(id);
const root = document.documentElement;
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let words = null;
let state = null;
let came = -Infinity; // when the state came, on the browser's monotonic clock
let said = -Infinity; // when the desk said it, which is earlier where the desk hangs

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const around = (name, values = {}) => filled(words.around[name], values);

function text(id, value) {
  const element = at(id);
  if (element.textContent !== value) element.textContent = value;
}

function number(value, digits) {
  return value.toLocaleString(root.lang, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function isStale() {
  return performance.now() - said > STALE_MS;
}

function show() {
  if (words === null) return;
  const stale = state === null || isStale();
  if (root.hasAttribute("data-stale") !== stale) root.toggleAttribute("data-stale", stale);
  const tone = stale ? "off" : state.tone;
  if (document.body.dataset.tone !== tone) document.body.dataset.tone = tone;
  const shape = "#" + (stale ? "stale" : state.cue);
  if (at("use").getAttribute("href") !== shape) at("use").setAttribute("href", shape);
  text("word", stale ? around("stale_word") : words.large[state.cue]);
  text("small", stale ? around("stale") : words.small[state.cue]);
  const measuring = !stale && state.measuring;
  at("measuring").classList.toggle("on", measuring);
  text("measuring-text", around(stale ? "measuring_unknown" : measuring ? "measuring" : "not_measuring"));
  const person = stale ? null : state.person;
  at("signed-in").classList.toggle("on", person !== null);
  text("signed-in-text", stale ? around("signed_in_unknown") : person === null ? around("nobody") : around("signed_in", { person }));
  text("sign", around(person === null ? "sign_in" : "sign_out"));
  at("sign").hidden = !stale && person === null && !state.takes_pin;
  at("contest").hidden = person === null;
  for (const id of ["sign", "help", "contest"]) at(id).disabled = stale;
  showTime(stale);
  showRings(stale ? null : state.rings);
  showDay(stale ? null : state.day);
}

function showTime(stale) {
  const counts = !stale && state.left_s !== null;
  at("time").hidden = !counts;
  if (!counts) return;
  const exact = state.left_s - (performance.now() - came) / 1000;
  const left = calm.matches ? Math.ceil(exact) : exact; // for whoever asks for less motion it moves once a second
  const share = Math.max(0, Math.min(1, left / state.within_s));
  at("left").style.transform = `scaleX(${share.toFixed(3)})`;
  const seconds = number(Math.abs(left), calm.matches ? 0 : 1);
  text("left-text", around(left >= 0 ? "left" : "over", { seconds }));
}

function showRings(rings) {
  at("rings").hidden = rings === null;
  if (rings === null) return;
  text("ring-marks", "●".repeat(Math.min(rings, MOST_RING_MARKS)));
  text("ring-text", around("ring", { rings }));
}

function showDay(day) {
  at("day").hidden = day === null;
  if (day === null) return;
  text("day-title", around("today", { since: state.since }));
  const share = (count, all) => (all === 0 ? around("none") : around("of", { count, all }));
  const rows = [
    ["visits", String(day.visits)],
    ["in_time", share(day.in_time, day.judged)],
    ["wait", day.wait_s === null ? around("none") : around("seconds", { seconds: number(day.wait_s, 1) })],
    ["calls", share(day.calls_in_time, day.calls)],
  ];
  if (day.visits > day.judged) rows.splice(2, 0, ["not_told", String(day.visits - day.judged)]);
  const shown = JSON.stringify([root.lang, rows]);
  if (at("numbers").dataset.shown === shown) return;
  at("numbers").dataset.shown = shown;
  at("numbers").replaceChildren(...rows.map(([name, value]) => {
    const row = document.createElement("div");
    const term = document.createElement("dt");
    const told = document.createElement("dd");
    term.textContent = around(name);
    told.textContent = value;
    row.append(term, told);
    return row;
  }));
}

function label() {
  document.title = around("title");
  for (const [id, name] of [
    ["help", "help"], ["contest", "contest"], ["pin-title", "sign_in"], ["pin-hint", "pin_hint"], ["pin-label", "pin"], ["pin-ok", "ok"],
    ["help-title", "help_title"], ["technical", "technical"], ["administrative", "administrative"],
    ["contest-title", "contest_title"], ["contest-day", "contest_day"],
  ]) text(id, around(name));
  for (const cancel of document.querySelectorAll(".cancel")) cancel.textContent = around("cancel");
  at("languages").setAttribute("aria-label", around("language"));
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === root.lang));
  }
}

async function speak(language) {
  const answer = await fetch("/words/" + language);
  if (!answer.ok) return;
  words = await answer.json();
  root.lang = language;
  sessionStorage.setItem("language", language);
  label();
  show();
}

async function ask(what) {
  try {
    const answer = await fetch("/do", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(what) });
    return answer.ok ? await answer.json() : { ok: false };
  } catch {
    return { ok: false };
  }
}

async function tell(what, dialog) {
  if (dialog) dialog.close();
  const told = await ask(what);
  text("said", around(told.ok ? "sent" : "failed"));
  setTimeout(() => text("said", ""), 8000);
}

async function tryPin(event) {
  event.preventDefault();
  const pin = at("pin").value;
  at("pin").value = "";
  const told = await ask({ do: "pin", pin });
  if (told.ok) at("pin-dialog").close();
  else if (told.wait_s) text("pin-said", around("wait_for", { seconds: Math.ceil(told.wait_s) }));
  else text("pin-said", around("answers" in told ? "wrong" : "failed"));
}

function buildPad() {
  for (const key of ["1", "2", "3", "4", "5", "6", "7", "8", "9", "⌫", "0"]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = key;
    if (key === "⌫") button.setAttribute("aria-label", "Backspace");
    button.addEventListener("click", () => {
      const pin = at("pin");
      pin.value = key === "⌫" ? pin.value.slice(0, -1) : (pin.value + key).slice(0, 12);
    });
    at("pad").append(button);
  }
}

function listen() {
  const events = new EventSource("/events");
  events.addEventListener("message", (event) => {
    state = JSON.parse(event.data);
    came = performance.now();
    said = came - 1000 * state.age_s;
    show();
  });
}

at("sign").addEventListener("click", () => {
  if (state.person !== null) ask({ do: "sign_out" });
  else {
    text("pin-said", "");
    at("pin").value = "";
    at("pin-dialog").showModal();
    at("pin").focus();
  }
});
at("pin-dialog").querySelector("form").addEventListener("submit", tryPin);
at("help").addEventListener("click", () => at("help-dialog").showModal());
for (const kind of ["technical", "administrative"]) {
  at(kind).addEventListener("click", () => tell({ do: "help", kind }, at("help-dialog")));
}
at("contest").addEventListener("click", () => {
  const latest = state.latest_visit;
  at("contest-visit").hidden = latest === null;
  if (latest !== null) text("contest-visit", around("contest_visit", { at: latest }));
  at("contest-dialog").showModal();
});
at("contest-visit").addEventListener("click", () => tell({ do: "contest", about: "visit" }, at("contest-dialog")));
at("contest-day").addEventListener("click", () => tell({ do: "contest", about: "day" }, at("contest-dialog")));
for (const cancel of document.querySelectorAll(".cancel")) {
  cancel.addEventListener("click", () => cancel.closest("dialog").close());
}
for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => speak(button.dataset.language));
}
buildPad();
listen();
speak(sessionStorage.getItem("language") || root.lang);
(function step() {
  show();
  setTimeout(step, STEP_MS);
})();
