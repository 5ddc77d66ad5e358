/* Copies what is shown once. Without this file it can still be selected and copied. */
"use strict";

for (const button of document.querySelectorAll("[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  const told = button.closest(".field").querySelector("[data-copied]");
  // browsers offer no clipboard to a page that came over plain http
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    source.select();
    try {
      await navigator.clipboard.writeText(source.value);
      told.textContent = "Gekopieerd.";
    } catch {
      told.textContent = "Kopiëren lukt niet. Kopieer de tekst die nu geselecteerd is.";
    }
  });
  source.addEventListener("focus", () => source.select());
}
