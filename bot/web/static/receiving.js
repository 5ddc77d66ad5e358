// Takes in what the server streams, and keeps the connection alive.

import { connectionBack, connectionLost } from "./connection.js";
import {
  isAnswered,
  isNearEnd,
  log,
  nodesOf,
  offerJump,
  scrollToNew,
  takeIn,
} from "./page.js";
import { flush } from "./sending.js";

const RECONNECT_MS = 3000;
const SILENCE_MS = 40000;
const HIDDEN_TOO_LONG_MS = 10 * 60 * 1000;

const title = document.title;
let source = null;
let lastSeen = Number(log.dataset.last);
let heardAt = Date.now();
let unread = 0;
let reconnecting = 0;
let hiding = 0;

/** Connect when that was not done yet: there is nothing to receive before something was said. */
export function ensureConnected() {
  if (source === null) connect();
}

export function connect() {
  clearTimeout(reconnecting);
  source?.close();
  const opened = new EventSource(`/chat/stroom?na=${lastSeen}`);
  source = opened;
  heardAt = Date.now();
  opened.addEventListener("open", () => {
    heardAt = Date.now();
    connectionBack("receiving");
    flush();
  });
  opened.addEventListener("message", received);
  opened.addEventListener("hartslag", () => {
    heardAt = Date.now();
  });
  opened.addEventListener("dicht", () => location.reload());
  opened.addEventListener("error", () => {
    connectionLost("receiving");
    // the browser tries again by itself, unless the server answered with something else
    if (opened.readyState !== EventSource.CLOSED) return;
    clearTimeout(reconnecting);
    reconnecting = setTimeout(connect, RECONNECT_MS);
  });
}

function received(event) {
  heardAt = Date.now();
  lastSeen = Math.max(lastSeen, Number(event.lastEventId));
  const follow = isNearEnd();
  const isRepeat = nodesOf(event.data).some((line) => line.dataset.replaces);
  takeIn(event.data);
  if (!isAnswered()) return;
  if (!isRepeat) {
    if (follow) scrollToNew();
    else offerJump();
  }
  if (document.hidden) countUnread(unread + 1);
  else markRead();
}

function countUnread(count) {
  unread = count;
  document.title = unread ? `(${unread}) ${title}` : title;
}

function markRead() {
  clearTimeout(markRead.timer);
  markRead.timer = setTimeout(() => {
    const body = new URLSearchParams({ tot: String(lastSeen) });
    fetch("/chat/gelezen", { method: "POST", body }).catch(() => {});
  }, 500);
}

window.addEventListener("online", () => {
  if (source) connect();
  flush();
});

window.addEventListener("offline", () => connectionLost("receiving"));

// a connection can die without anyone being told, for instance while a computer sleeps
setInterval(() => {
  if (source && source.readyState !== EventSource.CLOSED && Date.now() - heardAt > SILENCE_MS) {
    connect();
  }
}, 5000);

// a browser allows few open connections: a page that nobody looks at gives its own back
document.addEventListener("visibilitychange", () => {
  clearTimeout(hiding);
  if (document.hidden) {
    hiding = setTimeout(() => source?.close(), HIDDEN_TOO_LONG_MS);
    return;
  }
  if (source?.readyState === EventSource.CLOSED) connect();
  if (unread) markRead();
  countUnread(0);
});
