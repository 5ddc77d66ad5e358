/* Keyboard shortcuts of the desk, and small helps. Every page works without this file. */
"use strict";

(() => {
  const STORE = "regiowijzer-toetsen-uit";
  const page = document.body.dataset.page;
  const rows = [...document.querySelectorAll("[data-row]")];
  const help = document.getElementById("toetsen");
  let at = -1;

  // on a phone the bar of sections scrolls
  document.querySelector(".sections [aria-current]")?.scrollIntoView({ block: "nearest" });

  const keysOn = () => localStorage.getItem(STORE) !== "ja";

  function go(step) {
    if (!rows.length) return;
    at = Math.min(Math.max(at + step, 0), rows.length - 1);
    rows.forEach((row, number) => row.classList.toggle("is-current", number === at));
    rows[at].querySelector("a.open").focus();
  }

  function focus(id) {
    const field = document.getElementById(id);
    field?.scrollIntoView({ block: "center" });
    field?.focus();
    return Boolean(field);
  }

  function follow(selector) {
    const link = document.querySelector(selector);
    if (link) link.click();
    return Boolean(link);
  }

  const inbox = {
    j: () => go(1),
    k: () => go(-1),
    o: () => at >= 0 && rows[at].querySelector("a.open").click(),
    x: () => at >= 0 && rows[at].querySelector("input[type=checkbox]")?.click(),
    "/": () => focus("zoek"),
  };
  const report = {
    j: () => follow("a[rel=next]"),
    k: () => follow("a[rel=prev]"),
    r: () => focus("antwoord"),
    n: () => focus("notitie"),
    i: () => follow("a[data-list]"),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help?.open) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (event.key === "?" && help) {
      help.showModal();
      event.preventDefault();
      return;
    }
    const action = keysOn() && { inbox, report }[page]?.[event.key];
    if (action) {
      action();
      event.preventDefault();
    }
  });

  rows.forEach((row, number) => row.addEventListener("focusin", () => (at = number)));

  if (help) {
    const toggle = help.querySelector("[data-keys-on]");
    toggle.checked = keysOn();
    toggle.addEventListener("change", () => localStorage.setItem(STORE, toggle.checked ? "nee" : "ja"));
    for (const button of document.querySelectorAll("[data-help]")) {
      button.hidden = false;
      button.addEventListener("click", () => help.showModal());
    }
  }

  const all = document.querySelector("[data-all]");
  const boxes = [...document.querySelectorAll("input[name=melding]")];
  const chosen = document.querySelector("[data-chosen]");
  const count = () => {
    const number = boxes.filter((box) => box.checked).length;
    chosen.textContent = number ? `${number} aangevinkt:` : "Aangevinkt:";
  };
  if (all && boxes.length) {
    all.hidden = false;
    all.querySelector("input").addEventListener("change", (event) => {
      boxes.forEach((box) => (box.checked = event.target.checked));
      count();
    });
    boxes.forEach((box) => box.addEventListener("change", count));
  }

  // clicking anywhere in a row opens its report
  rows.forEach((row) =>
    row.addEventListener("click", (event) => {
      if (!event.target.closest("a, input, label") && !getSelection().toString()) {
        row.querySelector("a.open").click();
      }
    }),
  );

  const standard = document.getElementById("standaard");
  const reply = document.getElementById("antwoord");
  const status = document.getElementById("status");
  if (standard && reply) {
    let inserted = "";
    let chosenByHand = false;
    status.addEventListener("change", () => (chosenByHand = true));
    standard.addEventListener("change", () => {
      const { text = "", status: wanted = "" } = standard.selectedOptions[0].dataset;
      if (!text) return;
      if (inserted && reply.value.includes(inserted)) {
        reply.value = reply.value.replace(inserted, text);
      } else {
        reply.value = reply.value.trim() ? `${reply.value.trim()}\n\n${text}` : text;
      }
      inserted = text;
      // a state that the report cannot go to is not proposed; one that was chosen stays
      const offered = [...status.options].some((option) => option.value === wanted);
      if (!chosenByHand) status.value = offered ? wanted : "";
      reply.dispatchEvent(new Event("input"));
      status.dispatchEvent(new Event("input"));
    });
    reply.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) reply.form.requestSubmit();
    });
  }

  // what was typed and not saved comes back: after another form, a lost session, another page;
  // only a page that says that something was saved ends the drafts that were sent
  const SENT = ":verstuurd";
  const wasSaved = document.querySelector("[data-saved]") !== null;
  for (const flag of Object.keys(sessionStorage).filter((key) => key.endsWith(SENT))) {
    if (wasSaved) sessionStorage.removeItem(flag.slice(0, -SENT.length));
    sessionStorage.removeItem(flag);
  }
  for (const field of document.querySelectorAll("#antwoord, #notitie, #status")) {
    const key = `concept:${document.body.dataset.draft}:${field.id}`;
    const before = field.value;
    field.value ||= sessionStorage.getItem(key) || "";
    // a state that is not offered any more
    if (field.value !== (sessionStorage.getItem(key) || before)) field.value = before;
    field.addEventListener("input", () => sessionStorage.setItem(key, field.value));
    field.form.addEventListener("submit", () => sessionStorage.setItem(key + SENT, "ja"));
  }
})();
