// The open chat page: what someone types, taps and chooses. Without scripts the page works too.

import { CHOSE, DRAFT, recall, remember } from "./memory.js";
import {
  announce,
  armCopying,
  lines,
  liveButtons,
  log,
  putAbove,
  refreshChoices,
  scrollToNew,
  showTyping,
} from "./page.js";
import { connect, ensureConnected } from "./receiving.js";
import { send, startSending } from "./sending.js";

const MAX_CHARACTERS = 20000;
const EMPTY = "Typ eerst iets, of kies een knop.";

const byId = (id) => document.getElementById(id);
const composer = byId("composer");
const input = byId("tekst");
const problem = byId("problem");
const nudge = byId("nudge");
const menu = byId("menu");

// -- typing and tapping -----------------------------------------------------------------------

function fieldsOf(form, button) {
  const fields = Object.fromEntries(new FormData(form));
  fields[button.name] = button.value;
  delete fields.id;
  return fields;
}

function atDesk() {
  return matchMedia("(hover: hover) and (pointer: fine)").matches;
}

function focusInput() {
  input.focus({ preventScroll: true });
}

function fitInput() {
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight + 2}px`;
}

function sendTyped() {
  const text = input.value.trim();
  nudge.textContent = text ? "" : EMPTY;
  if (!text) {
    focusInput();
    return;
  }
  if (text.length > MAX_CHARACTERS) {
    problem.textContent = "Je bericht is te lang. Zet je vraag in een paar zinnen.";
    return;
  }
  input.value = "";
  remember(DRAFT, "");
  fitInput();
  problem.textContent = "";
  // the number of a button stands for it, as in the terminal
  const button = /^\d{1,2}$/.test(text) ? liveButtons()[Number(text) - 1] : undefined;
  if (button) button.form.requestSubmit(button);
  else send({ tekst: text }, text);
  focusInput();
}

function tapped(form, button) {
  problem.textContent = "";
  nudge.textContent = "";
  if (button.matches(".choice")) remember(CHOSE, "ja");
  const fields = fieldsOf(form, button);
  if (button.matches(".live .box")) {
    button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
    send(fields, button.dataset.says, { isTick: true });
    return;
  }
  const byKey = !form.matches(":hover");
  send(fields, button.dataset.says);
  menu.removeAttribute("open");
  // on a phone no keyboard may spring up
  if (byKey || atDesk()) focusInput();
}

document.addEventListener("submit", (event) => {
  if (event.target.getAttribute("action") !== "/chat/bericht") return;
  event.preventDefault();
  if (event.target === composer) sendTyped();
  else tapped(event.target, event.submitter);
});

input.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  sendTyped();
});

input.addEventListener("input", () => {
  remember(DRAFT, input.value);
  problem.textContent = "";
  nudge.textContent = "";
  fitInput();
});

// from the input on to the choices, in reading order, and back
byId("to-choices").addEventListener("click", () => liveButtons()[0]?.focus());

log.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.closest(".live .choices")) focusInput();
});

function refused(why, text) {
  problem.textContent = why;
  input.value ||= text;
  fitInput();
}

// -- the menu, copying, earlier messages ------------------------------------------------------

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !menu.open) return;
  menu.removeAttribute("open");
  menu.querySelector("summary").focus();
});

document.addEventListener("click", (event) => {
  if (!menu.contains(event.target)) menu.removeAttribute("open");
});

byId("jump").addEventListener("click", () => {
  scrollToNew();
  focusInput();
});

log.addEventListener("click", async (event) => {
  const button = event.target.closest(".copy-button");
  if (!button) return;
  if (await copied(button.parentElement.querySelector(".copy-text"))) {
    button.textContent = "Gekopieerd";
    announce("Gekopieerd");
  } else {
    announce("Kopiëren lukte niet. De tekst is geselecteerd: kopieer met Ctrl en C.");
  }
  setTimeout(() => {
    button.textContent = "Kopieer";
  }, 2500);
});

async function copied(element) {
  try {
    await navigator.clipboard.writeText(element.textContent);
    return true;
  } catch {
    // not over https: select the text, and ask the browser
    getSelection().selectAllChildren(element);
    return document.execCommand("copy");
  }
}

byId("earlier")?.addEventListener("click", async (event) => {
  event.preventDefault();
  const link = event.currentTarget;
  let answer;
  try {
    answer = await (await fetch(`${link.getAttribute("href")}&deel=1`)).json();
  } catch {
    problem.textContent = "Eerdere berichten ophalen lukte niet. Probeer het zo nog eens.";
    return;
  }
  putAbove(answer.html);
  announce("Eerdere berichten staan nu boven het gesprek.");
  if (answer.voor) link.setAttribute("href", `/chat/eerder?voor=${answer.voor}`);
  else link.parentElement.remove();
});

// -- begin ------------------------------------------------------------------------------------

armCopying(log);
refreshChoices();
input.value ||= recall(DRAFT) ?? "";
fitInput();
if (!byId("typing").hidden) showTyping(true);
if (atDesk()) focusInput();
startSending({ onAccepted: ensureConnected, onRefused: refused });
if (lines().length) scrollToNew();
if (log.dataset.known === "ja") connect();
