// The rectification notice: one more empty row of items, numbered on.
"use strict";

document.querySelectorAll("[data-add-row]").forEach((button) => {
  const rows = button.parentElement.querySelector("[data-rows]");
  button.hidden = false;
  button.addEventListener("click", () => {
    const all = rows.querySelectorAll("[data-row]");
    const number = all.length + 1;
    const row = all[all.length - 1].cloneNode(true);
    row.querySelectorAll("textarea").forEach((area) => {
      const name = area.name.split("-")[0];
      area.value = "";
      area.textContent = "";
      area.name = `${name}-${number}`;
      area.id = area.name;
      const label = area.parentElement.querySelector("label");
      label.htmlFor = area.id;
      label.querySelector(".visually-hidden").textContent = String(number);
    });
    row.querySelectorAll(".form-error").forEach((error) => error.remove());
    row.querySelector(".item-number").textContent = String(number);
    rows.append(row);
    row.querySelector("textarea").focus();
    if (number >= Number(rows.dataset.most)) button.hidden = true;
  });
});
