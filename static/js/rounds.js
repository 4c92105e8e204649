// Ticking departments and units: filter by name, whole groups, all. Without this script every box can be ticked by hand.
"use strict";

document.querySelectorAll("[data-tick-all]").forEach((master) => {
  const boxes = [...master.form.querySelectorAll(`input[name="${master.dataset.tickAll}"]`)];
  master.addEventListener("change", () => boxes.forEach((box) => { box.checked = master.checked; }));
  boxes.forEach((box) => box.addEventListener("change", () => { master.checked = boxes.every((one) => one.checked); }));
});

document.querySelectorAll("[data-departments]").forEach((list) => {
  const rows = [...list.querySelectorAll("[data-row]")];
  const boxes = [...list.querySelectorAll("input[type=checkbox]")];
  const count = list.querySelector("[data-count]");
  const filter = list.querySelector("[data-filter]");
  const shown = (box) => !box.closest("[data-row]").hidden;

  const recount = () => {
    count.textContent = `已选 ${boxes.filter((box) => box.checked).length} 个，共 ${boxes.length} 个`;
  };
  const tick = (some, checked) => {
    some.forEach((box) => { box.checked = checked; });
    recount();
  };

  list.querySelectorAll("[data-needs-script]").forEach((tool) => { tool.hidden = false; });
  list.addEventListener("change", recount);
  list.querySelectorAll("[data-tick]").forEach((button) => {
    button.addEventListener("click", () => tick(boxes.filter(shown), button.dataset.tick === "all"));
  });
  list.querySelectorAll("[data-tick-group]").forEach((button) => {
    button.addEventListener("click", () => {
      const units = [...button.closest("[data-group]").querySelectorAll("ul input[type=checkbox]")].filter(shown);
      tick(units, !units.every((box) => box.checked));
    });
  });
  filter.addEventListener("input", () => {
    const words = filter.value.trim();
    list.querySelectorAll("[data-group]").forEach((group) => {
      const main = group.querySelector(".round-main");
      const whole = main.textContent.includes(words);
      const units = [...group.querySelectorAll("ul [data-row]")];
      units.forEach((row) => { row.hidden = !(whole || row.textContent.includes(words)); });
      group.hidden = !(whole || units.some((row) => !row.hidden));
      main.hidden = false;
    });
    rows.filter((row) => row.closest("[data-group]").hidden).forEach((row) => { row.hidden = true; });
  });
  // Enter in the filter looks for a department; it does not send the form.
  filter.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  recount();
});
