// Keys that lead to what the page marks with data-key="a": they move the focus, Enter then does it. "?" shows the list.
// No key does anything while somebody types, with a modifier held, or when the person has switched keys off.
"use strict";

(() => {
  const OFF = "evalsite-keys-off";
  const help = document.getElementById("keys-help");
  const box = document.getElementById("keys-off");

  const stored = () => {
    try {
      return window.localStorage.getItem(OFF) === "1";
    } catch {
      return false;
    }
  };

  const typing = (element) =>
    element instanceof HTMLElement &&
    (element.isContentEditable ||
      element.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])"));

  const visible = (element) => element.getClientRects().length > 0;

  // What stands in a closed tab or a closed disclosure is opened first.
  const reveal = (element) => {
    const pane = element.closest(".tab-pane");
    if (pane && !pane.classList.contains("active") && window.bootstrap) {
      window.bootstrap.Tab.getOrCreateInstance(document.getElementById(`tab-${pane.id}`)).show();
    }
    for (let details = element.closest("details"); details; details = details.parentElement.closest("details")) {
      if (element !== details.querySelector(":scope > summary")) details.open = true;
    }
  };

  const go = (key) => {
    const targets = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].filter(
      (element) => !element.disabled,
    );
    const target = targets.find(visible) || targets[0];
    if (!target) return false;
    reveal(target);
    if (target.matches("summary")) {
      const details = target.parentElement;
      const field = details.querySelector("textarea, input:not([type=hidden]), select");
      details.open = true;
      (field || target).focus();
    } else {
      target.focus();
      if (target.matches("input, textarea")) target.select();
    }
    target.scrollIntoView({ block: "nearest" });
    return true;
  };

  const showHelp = () => {
    if (!help || help.open) return;
    if (box) box.checked = stored();
    help.showModal();
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (typing(event.target) || document.querySelector("dialog[open], .modal.show")) return;
    if (event.key === "?") {
      event.preventDefault();
      showHelp();
      return;
    }
    if (event.key.length !== 1 || event.key === " " || stored()) return;
    const taken = !document.dispatchEvent(
      new CustomEvent("evalsite:key", { detail: event.key, cancelable: true }),
    );
    if (taken || go(event.key)) event.preventDefault();
  });

  document.querySelectorAll("[data-keys-help]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", showHelp);
  });
  if (box) {
    box.addEventListener("change", () => {
      try {
        if (box.checked) window.localStorage.setItem(OFF, "1");
        else window.localStorage.removeItem(OFF);
      } catch {
        box.checked = false; // a browser that keeps nothing cannot keep this either
      }
    });
  }
})();
