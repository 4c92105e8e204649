// The queue: a current row for the keys, ticks for what is done with many reports.
"use strict";

(() => {
  const table = document.querySelector("[data-rows]");
  if (!table) return;
  const rows = [...table.querySelectorAll("[data-row]")];
  const count = document.querySelector("[data-bulk-count]");
  const all = table.querySelector("[data-tick-all]");
  const everything = document.getElementById("bulk-everything");
  const ticks = rows.map((row) => row.querySelector("[data-tick]")).filter(Boolean);

  const current = () => rows.findIndex((row) => row.contains(document.activeElement));

  const move = (step) => {
    const at = current();
    const to = at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1);
    rows[to].querySelector("[data-open]").focus();
    rows[to].scrollIntoView({ block: "nearest" });
  };

  const told = () => {
    const chosen = ticks.filter((tick) => tick.checked).length;
    if (count) count.textContent = chosen ? `已勾选 ${chosen} 份：` : "勾选后批量办理：";
    if (all) {
      all.checked = chosen > 0 && chosen === ticks.length;
      all.indeterminate = chosen > 0 && chosen < ticks.length;
    }
    rows.forEach((row) => row.classList.toggle("row-ticked", Boolean(row.querySelector("[data-tick]:checked"))));
  };

  document.addEventListener("evalsite:key", (event) => {
    const row = rows[current()];
    if (event.detail === "j") move(1);
    else if (event.detail === "k") move(-1);
    else if (event.detail === "x" && row && row.querySelector("[data-tick]")) {
      const tick = row.querySelector("[data-tick]");
      tick.checked = !tick.checked;
      told();
    } else if (event.detail === "c" && row && row.querySelector("[data-claim]")) row.querySelector("[data-claim]").click();
    else return;
    event.preventDefault();
  });

  if (all) {
    all.addEventListener("change", () => {
      ticks.forEach((tick) => (tick.checked = all.checked));
      told();
    });
  }
  if (everything) {
    everything.addEventListener("change", () => {
      if (!everything.checked) return;
      ticks.forEach((tick) => (tick.checked = true));
      told();
    });
  }
  table.addEventListener("change", told);
  window.addEventListener("pageshow", told);
})();
