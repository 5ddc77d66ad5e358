// Says when the server cannot be reached, and when it can again.

const BANNER_AFTER_MS = 1500;
const GOOD_NEWS_MS = 3000;

const banner = document.getElementById("banner");
// which of sending and receiving does not work
const lost = new Set();
let timer = 0;
let asked = false;

export function connectionLost(what) {
  if (lost.size === 0) {
    clearTimeout(timer);
    timer = setTimeout(() => {
      banner.className = "banner";
      banner.textContent = "Geen verbinding. Ik probeer het opnieuw.";
    }, BANNER_AFTER_MS);
  }
  lost.add(what);
  markUnsent();
}

/** Say that the server asks to wait, and that sending goes on by itself after it. */
export function askedToWait(seconds) {
  clearTimeout(timer);
  asked = true;
  banner.className = "banner";
  banner.textContent =
    "Je stuurt veel berichten achter elkaar. " +
    `Ik verstuur de rest vanzelf, over ${seconds} ${seconds === 1 ? "seconde" : "seconden"}.`;
  markUnsent();
}

/** The server takes messages again. */
export function waitIsOver() {
  if (!asked) return;
  asked = false;
  banner.textContent = "";
}

function markUnsent() {
  for (const time of document.querySelectorAll(".pending .time")) {
    time.textContent = "Nog niet verstuurd";
  }
}

export function connectionBack(what) {
  if (!lost.delete(what) || lost.size) return;
  clearTimeout(timer);
  if (!banner.textContent) return;
  banner.className = "banner good";
  banner.textContent = "De verbinding is er weer.";
  timer = setTimeout(() => {
    banner.textContent = "";
  }, GOOD_NEWS_MS);
}
