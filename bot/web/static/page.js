// The messages on the page: where they go, which of their buttons work, and what is in view.

import { CHOSE, recall } from "./memory.js";

const BELOW_TOP_PX = 12;
const NEAR_END_PX = 160;
const SLOW_ANSWER_MS = 30000;
// a second click that was meant for what stood here before comes within this time
const FRESH_MS = 700;

export const log = document.getElementById("log");
const typing = document.getElementById("typing");
const status = document.getElementById("status");
const jump = document.getElementById("jump");
const numberHint = document.getElementById("number-hint");
const toChoices = document.getElementById("to-choices");
const topBar = document.querySelector(".top");
const composer = document.querySelector(".composer");

// messages that a later one says again
const leftOut = new Set();

export const lines = () => [...log.querySelectorAll(".line")];
export const liveButtons = () => [...log.querySelectorAll(".live .choices button")];
const isSaid = (line) => line.classList.contains("said") && !line.classList.contains("tick");

/** Tell those who do not see the page. */
export function announce(text) {
  status.textContent = text;
}

/**
 * Buttons stand under what came after the last thing that was said, and of the steps of a
 * procedure only under the current one; the others are folded away. As `is_live` in show.py.
 */
export function refreshChoices() {
  const all = lines();
  const isStep = (line) => line.querySelector(".choices.in-flow") !== null;
  const step = all.findLast(isStep);
  const lastSaid = all.findLastIndex(isSaid);
  all.forEach((line, place) => {
    const live = place > lastSaid && (!isStep(line) || line === step);
    if (line.classList.contains("live") !== live) {
      line.classList.toggle("live", live);
      line.querySelector(".choices")?.toggleAttribute("open", live);
      if (live) freshen(line.querySelectorAll(".choice"));
    }
  });
  // over all messages, so that a number stands for one button
  for (const number of log.querySelectorAll(".number")) number.textContent = "";
  const buttons = liveButtons();
  buttons.forEach((button, place) => {
    button.querySelector(".number").textContent = String(place + 1);
  });
  toChoices.hidden = buttons.length === 0;
  numberHint.hidden = buttons.length === 0 || recall(CHOSE) !== null;
}

/** New buttons let clicks pass for a moment, since they may appear under a pointer that clicks. */
function freshen(buttons) {
  for (const button of buttons) button.classList.add("fresh");
  setTimeout(() => {
    for (const button of buttons) button.classList.remove("fresh");
  }, FRESH_MS);
}

/** Copying needs a script, so its buttons appear here. */
export function armCopying(part) {
  for (const button of part.querySelectorAll(".copy-button")) button.hidden = false;
}

/** What the server made, as elements. It escapes all texts. */
export function nodesOf(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return [...template.content.children];
}

/** Put messages of the server in their place; what is there already stays. */
export function takeIn(html) {
  for (const line of nodesOf(html)) {
    const id = Number(line.dataset.id);
    if (!id || leftOut.has(id) || log.querySelector(`[data-id="${id}"]`)) continue;
    const boxes = line.dataset.replaces ? boxesInView() : null;
    for (const gone of (line.dataset.replaces ?? "").split(" ").filter(Boolean)) {
      leftOut.add(Number(gone));
      log.querySelector(`[data-id="${gone}"]`)?.remove();
    }
    const next = lines().find((other) => Number(other.dataset.id || Infinity) > id);
    log.insertBefore(line, next ?? null);
    armCopying(line);
    freshen([...line.querySelectorAll(".choice")].filter((button) => !boxes?.had(button)));
    if (boxes) boxes.moveTo(line);
    if (line.classList.contains("reply")) showTyping(false);
  }
  refreshChoices();
}

/** A list of boxes comes again after each tick: it stays where it was, and the focus in it. */
function boxesInView() {
  const old = [...log.querySelectorAll(".choices[open]")].at(-1);
  const top = old?.getBoundingClientRect().top;
  const buttons = [...(old?.querySelectorAll("button") ?? [])];
  const focused = buttons.indexOf(document.activeElement);
  const values = new Set(buttons.map((button) => button.value));
  return {
    had: (button) => button.matches(".box") || values.has(button.value),
    moveTo(line) {
      refreshChoices();
      const choices = line.querySelector(".choices");
      if (top !== undefined) {
        window.scrollBy({ top: choices.getBoundingClientRect().top - top });
      }
      choices.querySelectorAll("button")[focused]?.focus({ preventScroll: true });
    },
  };
}

/** Put messages from before the first one above it, without moving what is in view. */
export function putAbove(html) {
  const height = document.documentElement.scrollHeight;
  // nobody has to hear all of it
  log.setAttribute("aria-live", "off");
  const found = nodesOf(html);
  const first = lines()[0];
  if (found.at(-1)?.dataset.day === first?.dataset.day) first?.querySelector(".day")?.remove();
  log.prepend(...found);
  armCopying(log);
  refreshChoices();
  window.scrollBy({ top: document.documentElement.scrollHeight - height });
  setTimeout(() => log.setAttribute("aria-live", "polite"), 500);
}

/** Show what is being sent, until the server has it. */
export function drawPending(id, says) {
  const line = document.createElement("div");
  line.className = "line said pending";
  line.dataset.entry = id;
  line.setAttribute("aria-live", "off");
  const article = document.createElement("article");
  const who = document.createElement("p");
  who.className = "sr-only";
  who.textContent = "Jij:";
  const bubble = document.createElement("div");
  bubble.className = "bubble";
  const text = document.createElement("p");
  says.split("\n").forEach((part, place) => {
    if (place) text.append(document.createElement("br"));
    text.append(part);
  });
  const time = document.createElement("p");
  time.className = "time";
  time.textContent = "Wordt verstuurd…";
  bubble.append(text);
  article.append(who, bubble, time);
  line.append(article);
  log.append(line);
  refreshChoices();
}

export function dropPending(id) {
  log.querySelector(`[data-entry="${id}"]`)?.remove();
}

/** Whether a reply has come since the last thing that was said. */
export function isAnswered() {
  return lines().at(-1)?.classList.contains("reply") ?? false;
}

export function showTyping(on) {
  clearTimeout(showTyping.timer);
  typing.hidden = !on;
  if (!on) return;
  showTyping.timer = setTimeout(() => {
    typing.hidden = true;
    announce("Het antwoord duurt langer dan normaal. Het komt hier vanzelf.");
  }, SLOW_ANSWER_MS);
}

export function isNearEnd() {
  const end = document.documentElement;
  return end.scrollHeight - window.scrollY - window.innerHeight < NEAR_END_PX;
}

/** Show what is new from its beginning: a long answer is read from the top. */
export function scrollToNew() {
  jump.hidden = true;
  const all = lines();
  const first = all[all.findLastIndex(isSaid) + 1];
  const end = document.documentElement.scrollHeight - window.innerHeight;
  const below = topBar.offsetHeight + BELOW_TOP_PX;
  const top = first ? first.getBoundingClientRect().top + window.scrollY - below : end;
  window.scrollTo({ top: Math.min(top, end) });
}

/** Offer to go to a new message, to someone who reads further up. */
export function offerJump() {
  jump.hidden = false;
}

window.addEventListener("scroll", () => {
  if (isNearEnd()) jump.hidden = true;
});

// the bar below may grow, for instance to say that there is no connection: what stood above it
// moves up with it
let composerHeight = composer.offsetHeight;
new ResizeObserver(() => {
  const grown = composer.offsetHeight - composerHeight;
  composerHeight = composer.offsetHeight;
  if (grown > 0 && getComputedStyle(composer).position === "sticky") {
    window.scrollBy({ top: grown });
  }
}).observe(composer);
