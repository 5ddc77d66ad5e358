/* What was typed in a form with data-keep and not saved comes back, as on the page of a report.
   desk.js ends what was kept, on a page that says that something was saved. */
"use strict";

for (const form of document.querySelectorAll("form[data-keep]")) {
  const fields = [...form.elements].filter(
    (field) => field.name && field.type !== "hidden" && field.tagName !== "BUTTON",
  );
  const boxes = (field) => field.type === "checkbox" || field.type === "radio";
  const key = (field) =>
    `concept:${form.dataset.keep}:${field.name}${boxes(field) ? `=${field.value}` : ""}`;
  const value = (field) => (boxes(field) ? String(field.checked) : field.value);
  const before = (field) => (boxes(field) ? String(field.defaultChecked) : field.defaultValue);
  const keep = (field) => sessionStorage.setItem(key(field), value(field));
  let restored = false;
  for (const field of fields) {
    const kept = sessionStorage.getItem(key(field));
    if (kept !== null && kept !== value(field) && value(field) === before(field)) {
      if (boxes(field)) field.checked = kept === "true";
      else field.value = kept;
      restored = true;
    }
    field.addEventListener("input", () => keep(field));
  }
  const notice = form.querySelector("[data-restored]");
  if (notice && restored) notice.hidden = false;
  form.addEventListener("submit", () => {
    for (const field of fields) {
      // also what was typed before this ran
      if (value(field) !== before(field)) keep(field);
      sessionStorage.setItem(`${key(field)}:verstuurd`, "ja");
    }
  });
}
