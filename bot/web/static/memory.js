// What this tab remembers when its page is loaded again: what was not sent yet, and the draft.

export const OUTBOX = "regiowijzer-onverstuurd";
export const DRAFT = "regiowijzer-concept";
export const CHOSE = "regiowijzer-koos";

export function recall(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key));
  } catch {
    return null;
  }
}

/** Remember a text or list; an empty one is forgotten. */
export function remember(key, value) {
  try {
    if (value.length === 0) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    // the browser keeps nothing: what is unsent is lost when the page is left
  }
}
