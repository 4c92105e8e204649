// Small behaviours of every page. No framework, no inline handlers: elements say what they want by data attributes.
"use strict";

// A form that must not be sent twice: the second click does nothing while the first is on its way.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.dataset.once === undefined) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
});

// The browser's back button brings a page back as it was left: its forms may be sent again.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-once]").forEach((form) => delete form.dataset.sent);
});

// A limit on characters cuts a pasted text without a word: instead all of it stays, and what is too much is said and not sent.
function limit(field) {
  const most = Number(field.getAttribute("maxlength"));
  field.removeAttribute("maxlength");
  const note = document.createElement("div");
  note.className = "form-text character-count";
  note.setAttribute("role", "status");
  field.after(note);
  const tell = () => {
    const count = Array.from(field.value).length;
    const over = count > most;
    note.textContent = over
      ? `最多${most}个字，现有${count}个字，请删减`
      : count * 10 > most * 8 ? `还可以写${most - count}个字` : "";
    note.classList.toggle("over", over);
    field.setCustomValidity(over ? note.textContent : "");
  };
  field.addEventListener("input", tell);
  tell();
}
const limited = "textarea[maxlength], input[type=text][maxlength], input:not([type])[maxlength]";
document.querySelectorAll(limited).forEach(limit);
document.addEventListener("htmx:load", (event) => event.target.querySelectorAll?.(limited).forEach(limit));

// Every htmx request carries the page's form token (the cookie is not readable by scripts).
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]");
  if (token) event.detail.headers["X-CSRFToken"] = token.value;
});

// A group of the main menu closes when another one opens, on a click beside it, on Escape and when the focus leaves it.
const menus = document.querySelectorAll("details[data-menu]");
menus.forEach((menu) => {
  menu.addEventListener("toggle", () => {
    if (menu.open) menus.forEach((other) => { if (other !== menu) other.open = false; });
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
});
document.addEventListener("click", (event) => {
  menus.forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
});

// One form of the steps at a time; it opens below the buttons, and the page makes room for it.
document.querySelectorAll(".step-reason").forEach((details) => {
  const form = details.querySelector("form"), steps = details.closest(".steps");
  if (!form || !steps) return;
  const room = () => {
    const open = steps.querySelector(".step-reason[open] > form");
    steps.style.marginBottom = open ? `${open.offsetHeight + 16}px` : "";
  };
  new ResizeObserver(room).observe(form);  // a textarea can be drawn larger
  details.addEventListener("toggle", () => {
    room();
    if (!details.open) return;
    document.querySelectorAll(".step-reason[open]").forEach((other) => {
      if (other !== details) other.open = false;
    });
    const field = details.querySelector("textarea, input:not([type=hidden]), select");
    if (field) field.focus();
  });
  if (details.open) room();
});
