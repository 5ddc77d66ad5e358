// Says when the server cannot be reached, and when it can again.

const BANNER_AFTER_MS = 1500;
const GOOD_NEWS_MS = 3000;

const banner = document.getElementById("banner");
// which of sending and receiving does not work
const lost = new Set();
let timer = 0;

export function connectionLost(what) {
  if (lost.size === 0) {
    clearTimeout(timer);
    timer = setTimeout(() => {
      banner.className = "banner";
      banner.textContent = "Geen verbinding. Ik probeer het opnieuw.";
    }, BANNER_AFTER_MS);
  }
  lost.add(what);
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
