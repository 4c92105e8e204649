// The filling-in pages: rows, saving while typing, messages at the fields. Without it every page still saves by its buttons.
"use strict";

(() => {
  document.documentElement.classList.add("js");
  const form = document.getElementById("fill");
  const PAUSE = 800; // milliseconds without a key before a save
  const RETRY = 10000;

  // ---------------------------------------------------------------- finding the way to a field
  function reveal(id) {
    const target = id && document.getElementById(decodeURIComponent(id));
    if (!target) return;
    for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    target.scrollIntoView({ block: target.offsetHeight > innerHeight / 2 ? "start" : "center" });
    const field = target.matches("input, select, textarea") ? target
      : target.closest(".row-item, .block")?.querySelector("input:not([type=hidden]), textarea, select");
    const inside = target.matches("input, select, textarea") ? target : target.querySelector("input:not([type=hidden]), textarea, select");
    (inside || field)?.focus({ preventScroll: true });
    const shown = target.classList.contains("anchor") ? target.parentElement : target;
    shown.classList.add("pointed-at");
    setTimeout(() => shown.classList.remove("pointed-at"), 2500);
  }
  window.addEventListener("load", () => reveal(location.hash.slice(1)));
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#"]');
    if (!link || link.classList.contains("skip-link")) return;
    event.preventDefault();
    history.replaceState(null, "", link.getAttribute("href"));
    reveal(link.getAttribute("href").slice(1));
  });

  // ---------------------------------------------------------------- questions before a removal
  document.addEventListener("submit", (event) => {
    const asked = event.target.dataset?.confirm;
    if (asked && !window.confirm(asked)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);

  // ---------------------------------------------------------------- choosing between two versions
  document.querySelectorAll("[data-choose]").forEach((button) => button.addEventListener("click", () => {
    document.querySelectorAll(`input[data-side="${button.dataset.choose}"]`).forEach((radio) => { radio.checked = true; });
  }));

  // Boxes grow with their text where the style sheet alone cannot make them.
  const growsAlone = window.CSS && CSS.supports("field-sizing", "content");
  function grow(box) {
    if (growsAlone || !box.classList.contains("grows")) return;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight + 2}px`;
  }
  document.querySelectorAll("textarea.grows").forEach(grow);
  document.addEventListener("input", (event) => { if (event.target.matches("textarea.grows")) grow(event.target); });

  if (!form) return;

  // ---------------------------------------------------------------- saving while typing
  const saves = form.hasAttribute("data-autosave");
  const state = document.getElementById("save-state");
  const bar = document.getElementById("conflict");
  let timer = 0;
  let edits = 0; // edits so far
  let sent = 0; // edits that the save on its way holds
  let saved = 0; // edits that are written
  let stopped = false; // somebody else saved, or the report was locked: nothing goes on by itself
  let failing = false; // the last save did not reach the server
  let goOn = ""; // where to go once all is saved
  let answered = null;

  function tell(text, kind) {
    if (!state) return;
    state.textContent = text;
    state.className = `save-state ${kind ? `save-${kind}` : ""}`;
  }

  // Where somebody else saved in between, only what was typed here is set against it.
  const typedInto = new Set();
  form.elements.touched.disabled = false;

  function touched(field) {
    if (field) typedInto.add(field.name);
    form.elements.touched.value = [...typedInto].join(" ");
    edits += 1;
    if (!saves || stopped) return;
    tell("正在填写…", "");
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  }

  function save() {
    clearTimeout(timer);
    if (saves && !stopped && saved < edits) htmx.trigger(form, "autosave");
  }

  // A value that was imported and is typed over is marked as changed; the page as loaded knows which are.
  form.addEventListener("input", (event) => {
    const origin = event.target.closest(".placed")?.querySelector(".origin");
    if (!origin) return;
    const same = event.target.value.trim() === origin.dataset.read.trim();
    origin.querySelectorAll(".origin-changed, .origin-read").forEach((mark) => { mark.hidden = same; });
  });

  function ours(target) {
    return target.form === form && target.name && target.type !== "hidden";
  }
  form.addEventListener("input", (event) => { if (ours(event.target)) touched(event.target); });
  form.addEventListener("change", (event) => { if (ours(event.target)) touched(event.target); });

  document.body.addEventListener("workspace:answer", (event) => {
    const answer = event.detail;
    answered = answer;
    if (answer.state === "saved") {
      form.elements.version.value = answer.version;
      saved = Math.max(saved, sent);
      if (saved >= edits) {
        typedInto.clear();
        form.elements.touched.value = "";
      }
      failing = false;
      bar.hidden = true;
      tell(answer.errors ? `已保存 ${answer.saved_at}，${answer.errors}处没有看懂，请改正` : `已保存 ${answer.saved_at}`, answer.errors ? "partly" : "done");
    } else {
      stopped = true;
      tell(`未保存：${answer.message}`, "failed");
      document.getElementById("conflict-message").textContent = answer.message;
      bar.hidden = false;
      bar.querySelector("button").hidden = answer.state !== "conflict";
    }
  });

  document.body.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt !== form) return;
    sent = edits;
    answered = null;
    tell("正在保存…", "");
  });

  // Only an answer of ours goes into the page; a log-in page that came instead does not.
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.requestConfig?.elt !== form || answered) return;
    event.detail.shouldSwap = false;
    failed("服务器没有接受，稍后自动再试");
  });

  // Signed in again over this page (session.js): what waited is saved at once.
  document.addEventListener("session:renewed", () => {
    clearTimeout(timer);
    save();
  });

  document.body.addEventListener("htmx:sendError", () => failed("网络不通，稍后自动再试"));
  const REFUSALS = {
    401: "登录已超时，重新登录后自动保存",
    403: "没有权限或页面已过期，请刷新页面",
    503: "系统正在重启或维护，稍后自动再试",
  };
  document.body.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    if (event.detail.elt === form || status !== 401) failed(REFUSALS[status] || "服务器没有接受，稍后自动再试");
  });

  function failed(why) {
    goOn = "";
    failing = true;
    sent = -1;
    tell(`未保存：${why}`, "failed");
    clearTimeout(timer);
    timer = setTimeout(save, RETRY);
  }

  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.requestConfig?.elt === form && answered?.state === "saved") showMessages();
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt !== form || !goOn) return;
    if (answered?.state === "saved" && saved >= edits) location.assign(goOn);
  });

  function showMessages() {
    const list = document.getElementById("save-answer");
    if (!list) return;
    const told = new Map([...list.children].map((item) => [item.dataset.field, item.textContent]));
    form.querySelectorAll("[data-field]").forEach((box) => {
      const input = form.elements.namedItem(box.dataset.field);
      const place = document.getElementById(`f-${box.dataset.field}_error`);
      if (!(input instanceof HTMLElement) || !place) return;
      const text = told.get(box.dataset.field) || "";
      if (place.textContent === text) return;
      place.textContent = text;
      const described = (input.getAttribute("aria-describedby") || "").split(" ").filter((id) => id && id !== place.id);
      if (text) {
        input.setAttribute("aria-invalid", "true");
        described.push(place.id);
      } else input.removeAttribute("aria-invalid");
      if (described.length) input.setAttribute("aria-describedby", described.join(" "));
      else input.removeAttribute("aria-describedby");
    });
    const summary = document.getElementById("refused");
    if (summary && !told.size) summary.hidden = true;
  }

  // Leaving by one of the page's own links: first save, then go.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.leaving");
    if (!link || !saves || stopped || saved >= edits || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    goOn = link.href;
    save();
  });
  form.addEventListener("submit", () => { clearTimeout(timer); saved = edits; });
  // Leaving in any other way: the browser sends what is not saved yet.
  window.addEventListener("pagehide", () => {
    if (!saves || stopped || saved >= edits || sent === edits) return;
    const data = new FormData(form);
    data.set("quiet", "1");
    navigator.sendBeacon(location.pathname, data);
  });

  // What cannot be sent at all is not left behind without a question.
  window.addEventListener("beforeunload", (event) => {
    if (saves && saved < edits && (stopped || failing)) event.preventDefault();
  });

  // ---------------------------------------------------------------- rows
  function newName(prefix) {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    if (prefix === "money.project_detail") return `row-${hex}`;
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  function addRow(prefix) {
    const pattern = form.querySelector(`template[data-pattern="${CSS.escape(prefix)}"]`);
    const made = document.createElement("template");
    made.innerHTML = pattern.innerHTML.replaceAll("__ROW__", newName(prefix));
    const row = made.content.querySelector(".row-item");
    form.querySelector(`[data-rows="${CSS.escape(prefix)}"]`).append(made.content);
    number(row.parentElement);
    return row;
  }

  function number(rows) {
    rows.querySelectorAll(":scope > .row-item").forEach((row, position) => {
      if (row.getAttribute("role") === "group") row.setAttribute("aria-label", `第${position + 1}行`);
      row.querySelector(":scope > .anchor")?.setAttribute("id", `f-${rows.dataset.rows}.${position}`);
    });
    rows.classList.toggle("no-rows", !rows.querySelector(":scope > .row-item"));
  }

  // The empty row that a browser without scripts needs is only kept where there is no other.
  form.querySelectorAll("[data-rows]").forEach((rows) => {
    const extra = rows.querySelector(":scope > [data-extra]");
    if (extra && rows.querySelectorAll(":scope > .row-item").length > 1) extra.remove();
    number(rows);
  });

  form.addEventListener("click", (event) => {
    const add = event.target.closest("[data-add]");
    if (add) {
      addRow(add.dataset.add).querySelector("input:not([type=hidden]), select, textarea").focus();
      return;
    }
    const row = event.target.closest("[data-remove], [data-move]")?.closest(".row-item");
    if (!row) return;
    const rows = row.parentElement;
    const button = event.target.closest("button");
    if (button.hasAttribute("data-remove")) {
      const filled = [...row.querySelectorAll("input:not([type=hidden]):not([type=checkbox]), textarea")].some((field) => field.value.trim());
      if (filled && !window.confirm(row.dataset.confirm || "确定删除这一行吗？")) return;
      const next = row.nextElementSibling || row.previousElementSibling;
      row.remove();
      (next?.querySelector?.("[data-remove]") || form.querySelector(`[data-add="${CSS.escape(rows.dataset.rows)}"]`))?.focus();
    } else if (button.dataset.move === "up") {
      const before = row.previousElementSibling;
      if (!before?.classList.contains("row-item")) return;
      before.before(row);
      button.focus();
    } else {
      const after = row.nextElementSibling;
      if (!after) return;
      after.after(row);
      button.focus();
    }
    number(rows);
    touched();
  });

  // Second-level names follow the first-level one.
  function offer(row) {
    const first = row.querySelector('select[name$=".level1"]');
    const second = row.querySelector('input[name$=".level2"]');
    if (!first || !second) return;
    const list = [...document.querySelectorAll("datalist[data-level1]")].find((item) => item.dataset.level1 === first.value);
    second.setAttribute("list", list ? list.id : "level2");
    if (list && list.options.length === 1 && !second.value) second.value = list.options[0].value;
  }
  form.querySelectorAll(".indicator-row").forEach(offer);
  form.addEventListener("change", (event) => {
    if (event.target.name?.endsWith(".level1")) offer(event.target.closest(".indicator-row"));
  });
})();
