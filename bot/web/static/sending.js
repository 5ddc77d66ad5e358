// Sends what is typed and tapped, in order. What fails is sent again with the same id, so that the
// server handles it once; it is still there after the page was loaded again.

import { askedToWait, connectionBack, connectionLost, waitIsOver } from "./connection.js";
import { OUTBOX, recall, remember } from "./memory.js";
import {
  drawPending,
  dropPending,
  isAnswered,
  refreshChoices,
  scrollToNew,
  showTyping,
  takeIn,
} from "./page.js";

const RETRY_MS = [1000, 2000, 5000, 10000];
const TIMEOUT_MS = 15000;
const MAX_WAIT_S = 60;
const REFUSED = "Je bericht is niet verstuurd. Laad de pagina opnieuw.";

const outbox = recall(OUTBOX) ?? [];
let busy = false;
let failures = 0;
let retry = 0;
let accepted = () => {};
let refused = () => {};

/** Begin, with what was left: `onAccepted` is called after each message, `onRefused` with why. */
export function startSending({ onAccepted, onRefused }) {
  accepted = onAccepted;
  refused = onRefused;
  for (const entry of outbox) if (!entry.isTick) drawPending(entry.id, entry.says);
  flush();
}

/** Send these fields of a form; `says` is what is shown of it. A tick shows in its own list. */
export function send(fields, says, { isTick = false } = {}) {
  const entry = { id: newId(), fields, says, isTick };
  outbox.push(entry);
  remember(OUTBOX, outbox);
  if (!isTick) {
    drawPending(entry.id, says);
    scrollToNew();
  }
  flush();
}

/** Send what waits. */
export async function flush() {
  if (busy) return;
  busy = true;
  clearTimeout(retry);
  while (outbox.length) {
    const entry = outbox[0];
    let answer;
    try {
      answer = await post(entry);
    } catch {
      connectionLost("sending");
      retry = setTimeout(flush, RETRY_MS[Math.min(failures, RETRY_MS.length - 1)]);
      failures += 1;
      break;
    }
    failures = 0;
    connectionBack("sending");
    if (answer.waitS) {
      askedToWait(answer.waitS);
      retry = setTimeout(flush, answer.waitS * 1000);
      break;
    }
    waitIsOver();
    outbox.shift();
    remember(OUTBOX, outbox);
    dropPending(entry.id);
    if (answer.fout) {
      refreshChoices();
      refused(answer.fout, entry.fields.tekst ?? "");
      continue;
    }
    if (answer.html) takeIn(answer.html);
    if (!entry.isTick) {
      showTyping(!isAnswered());
      scrollToNew();
    }
    accepted();
  }
  busy = false;
}

async function post(entry) {
  const response = await fetch("/chat/bericht", {
    method: "POST",
    headers: { Accept: "application/json" },
    body: new URLSearchParams({ ...entry.fields, id: entry.id }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (response.status === 429) return { waitS: secondsToWait(response) };
  if (response.status >= 500) throw new Error("later");
  if (response.ok) return response.json();
  return response.json().catch(() => ({ fout: REFUSED }));
}

function secondsToWait(response) {
  const asked = Number(response.headers.get("Retry-After"));
  return Math.min(MAX_WAIT_S, Math.max(1, Math.ceil(asked) || 1));
}

function newId() {
  // randomUUID is only there over https
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
