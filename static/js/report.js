// The report's page: from a finding to the place in the preview, from a place in the preview to the comment form.
"use strict";

(() => {
  const preview = document.querySelector("[data-preview]");
  if (!preview) return;
  const picker = document.getElementById("comment-where");

  const showTab = (id) => {
    const tab = document.getElementById(`tab-${id}`);
    if (tab && window.bootstrap) window.bootstrap.Tab.getOrCreateInstance(tab).show();
  };

  // The element of a place, or of the nearest place above it.
  const find = (where) => {
    for (let path = where; path; path = path.includes(".") ? path.slice(0, path.lastIndexOf(".")) : "") {
      const exact = preview.querySelector(`[data-where="${CSS.escape(path)}"]`);
      if (exact) return exact;
      const below = preview.querySelector(`[data-where^="${CSS.escape(path)}."]`);
      if (below) return below;
    }
    return null;
  };

  const mark = (element) => {
    preview.querySelectorAll(".is-marked").forEach((old) => old.classList.remove("is-marked"));
    if (element) element.classList.add("is-marked");
  };

  document.querySelectorAll("[data-goto]").forEach((link) => {
    link.addEventListener("click", (event) => {
      const target = find(link.dataset.goto);
      event.preventDefault();
      if (!target) {
        preview.scrollIntoView({ block: "start" });
        preview.focus({ preventScroll: true });
        return;
      }
      mark(target);
      target.scrollIntoView({ block: "center" });
    });
  });

  if (picker) {
    preview.classList.add("can-comment");
    preview.addEventListener("click", (event) => {
      const element = event.target.closest("[data-where]");
      if (!element || String(window.getSelection())) return;
      const option = [...picker.options].find((item) => item.value === element.dataset.where);
      if (!option) return;
      option.selected = true;
      mark(element);
      showTab("comments");
      document.getElementById("comment-text").focus({ preventScroll: window.innerWidth >= 992 });
    });
    picker.addEventListener("change", () => {
      const target = picker.value ? find(picker.value) : null;
      mark(target);
      if (target && window.innerWidth >= 992) target.scrollIntoView({ block: "center" });
    });
  }

  document.querySelectorAll("[data-tab]").forEach((link) => {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      showTab(link.dataset.tab);
      document.getElementById(`tab-${link.dataset.tab}`).focus();
    });
  });
})();
