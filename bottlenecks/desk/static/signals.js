/* The page of a rule: tries the rule out while it is filled in. Without this file a button does. */
"use strict";

(() => {
  const form = document.querySelector("form[data-rule]");
  const shown = document.getElementById("proef");
  if (!form || !shown) return;
  const counting = ["soort", "ernst", "regio", "tellen", "meer_dan", "dagen"];
  let waits;
  let asked = 0;

  async function tryOut() {
    const mine = ++asked;
    shown.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch("/beheer/signalen/proef", {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        redirect: "error",
      });
      const html = await answer.text();
      // an answer that a later one overtook is not shown
      if (mine === asked && (answer.ok || answer.status === 422)) shown.innerHTML = html;
    } catch {
      // out of reach or signed out: the button still works
    } finally {
      if (mine === asked) shown.removeAttribute("aria-busy");
    }
  }

  form.addEventListener("input", (event) => {
    if (!counting.includes(event.target.name)) return;
    clearTimeout(waits);
    waits = setTimeout(tryOut, 300);
  });
  // the Enter key takes the first button of a form: now that is the one that saves
  form.querySelector("[data-try]").remove();
})();
