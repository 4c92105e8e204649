// The idle time-out: a warning before it, and signing in again over the page, so that nothing typed is lost.
"use strict";

(() => {
  const body = document.body;
  if (!body.dataset.idle) return;
  const idle = Number(body.dataset.idle) * 1000;
  const warn = Number(body.dataset.warn) * 1000;
  const url = body.dataset.sessionUrl;
  let until = Date.now() + idle; // when the server ends the session, as far as this page knows
  let typed = 0; // when somebody last touched the page
  let asked = Date.now(); // when the server was last told
  let timer = 0;

  const token = () => document.querySelector("input[name=csrfmiddlewaretoken]").value;
  function renew(fresh) {
    document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((input) => { input.value = fresh; });
  }

  // The two dialogs are made when the page opens and are put into it only while they are shown.
  function dialog(id, content) {
    const made = document.createElement("dialog");
    made.id = id;
    made.className = "session-dialog";
    made.setAttribute("aria-labelledby", `${id}-title`);
    made.innerHTML = content;
    made.addEventListener("close", () => made.remove());
    return made;
  }
  function show(made) {
    if (made.open) return;
    body.append(made);
    made.showModal();
  }
  const warning = dialog("session-warning", `
    <h2 id="session-warning-title">即将自动退出</h2>
    <p>您已有一段时间没有操作，<span data-left></span>后将自动退出登录。</p>
    <button class="btn btn-primary" type="button">继续使用</button>`);
  const again = dialog("session-again", `
    <h2 id="session-again-title">登录已超时</h2>
    <p>您填写的内容还在本页，没有丢失。请输入密码重新登录，登录后自动继续保存。</p>
    <form method="post">
      <input type="hidden" name="username">
      <p class="mb-2">账号：<b></b></p>
      <label class="form-label" for="again-password">密码</label>
      <input class="form-control" id="again-password" type="password" name="password"
        autocomplete="current-password" required aria-describedby="again-complaint">
      <div class="mt-2" data-code hidden>
        <label class="form-label" for="again-code">动态码</label>
        <input class="form-control" id="again-code" name="code" maxlength="20" autocomplete="one-time-code"
          placeholder="手机验证器上的 6 位数字" aria-describedby="again-complaint">
      </div>
      <p id="again-complaint" class="field-error" role="alert"></p>
      <button class="btn btn-primary w-100">重新登录</button>
    </form>
    <p class="mb-0 mt-2"><a href="${body.dataset.loginUrl}">不保留本页，换一个账号登录</a></p>`);
  const form = again.querySelector("form");
  const complaint = again.querySelector("#again-complaint");
  form.elements.username.value = body.dataset.username;
  again.querySelector("b").textContent = body.dataset.username;

  function wait() {
    clearTimeout(timer);
    const left = until - Date.now();
    timer = setTimeout(look, Math.max(500, left > warn ? left - warn : Math.min(left, 1000)));
  }

  function over() {
    clearTimeout(timer);
    if (warning.open) warning.close();
    if (again.open) return;
    complaint.textContent = "";
    show(again);
    form.elements.password.focus();
  }

  async function state() {
    const response = await fetch(url, { headers: { Accept: "application/json" } });
    return response.json();
  }

  async function keep() {
    asked = Date.now();
    const response = await fetch(`${url}keep/`, {
      method: "POST", headers: { "X-CSRFToken": token(), "HX-Request": "true" },
    });
    if (response.status === 401) { over(); return; }
    if (response.ok) until = Date.now() + (await response.json()).left * 1000;
    if (warning.open) warning.close();
    wait();
  }

  // Another tab may have been used meanwhile: what counts is what the server says.
  async function look() {
    if (again.open) return;
    try {
      if (typed > asked) { await keep(); return; }
      const now = await state();
      if (now.user !== body.dataset.username || now.left <= 0) { over(); return; }
      until = Date.now() + now.left * 1000;
    } catch { // no network: ask later, nothing is lost meanwhile
      timer = setTimeout(look, 5000);
      return;
    }
    const left = until - Date.now();
    if (left <= warn) {
      const seconds = Math.max(1, Math.round(left / 1000));
      warning.querySelector("[data-left]").textContent = seconds > 90 ? "两分钟" : `${seconds}秒`;
      show(warning);
    } else if (warning.open) warning.close();
    wait();
  }

  // Typing into a form that is not saved by itself is activity too; it is told to the server now and then.
  function touched() {
    typed = Date.now();
    if (!warning.open && !again.open && typed - asked > idle / 6) keep().catch(() => {});
  }
  for (const event of ["input", "keydown", "pointerdown"]) document.addEventListener(event, touched, { passive: true });

  warning.querySelector("button").addEventListener("click", () => keep().catch(() => {}));
  warning.addEventListener("cancel", (event) => { event.preventDefault(); keep().catch(() => {}); });
  again.addEventListener("cancel", (event) => event.preventDefault());

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    complaint.textContent = "";
    try {
      const response = await fetch(`${url}again/`, {
        method: "POST", body: new FormData(form), headers: { "X-CSRFToken": token() },
      });
      if (response.status === 429) {
        complaint.textContent = "多次输错密码，账号已暂停登录，请稍后再试。本页内容仍在，请不要关闭。";
        return;
      }
      if (response.status === 403) {
        complaint.textContent = "本页的安全标识已过期，请再点一次“重新登录”。";
        await refreshToken();
        return;
      }
      const answer = await response.json();
      if (!response.ok) {
        complaint.textContent = answer.complaint;
        askForCode(answer.code);
        form.elements[answer.code ? "code" : "password"].select();
        return;
      }
      signedIn(answer.token);
    } catch {
      complaint.textContent = "网络不通，请稍后再试。本页内容仍在。";
    }
  });

  // The second step: the password stays in its field and is sent again together with the code.
  function askForCode(needed) {
    form.querySelector("[data-code]").hidden = !needed;
    form.elements.code.required = Boolean(needed);
  }

  function signedIn(fresh) {
    form.elements.password.value = "";
    form.elements.code.value = "";
    askForCode(false);
    renew(fresh);
    again.close();
    until = Date.now() + idle;
    asked = Date.now();
    wait();
    document.dispatchEvent(new CustomEvent("session:renewed"));
    tabs.postMessage("signed in");
  }

  // The same person signed in again in another tab: only the token of this page is old.
  async function refreshToken() {
    const now = await state();
    if (!now.token) return false;
    if (now.user !== body.dataset.username) return false;
    if (again.open) { signedIn(now.token); return true; }
    renew(now.token);
    document.dispatchEvent(new CustomEvent("session:renewed"));
    return true;
  }

  // An answer may be late: by now somebody has signed in again, over this page or in another tab.
  let refreshed = 0; // when that was last found; an answer that refuses at once again is believed
  async function signedInMeanwhile() {
    if (Date.now() - refreshed < 5000 || !await refreshToken()) return false;
    refreshed = Date.now();
    return true;
  }
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    if (status === 401) signedInMeanwhile().then((fresh) => { if (!fresh) over(); }, over);
    if (status === 403) signedInMeanwhile().catch(() => {});
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful && event.detail.requestConfig?.triggeringEvent?.isTrusted) until = Date.now() + idle;
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });

  // A sign-in in one tab is enough for all: the others need not ask for the password any more.
  const tabs = new BroadcastChannel("evalsite-session");
  tabs.addEventListener("message", () => { if (again.open) refreshToken().catch(() => {}); });
  tabs.postMessage("signed in");

  wait();
})();
