// Reads the token from the URL's fragment, and shows the preview; the button calls the mutation.
// The documents are the page's: servers that execute only trusted documents trust those.
"use strict";

const main = document.querySelector("main");
const form = main.querySelector("form");
const texts = main.dataset;
const fragment = new URLSearchParams(location.hash.slice(1));
const token = fragment.get("token");
const language = document.documentElement.lang;

function show(role, lines) {
  for (const element of main.querySelectorAll("[role=status], [role=alert]")) {
    const own = element.getAttribute("role") === role ? lines : [];
    element.replaceChildren(...own.map((line) => Object.assign(document.createElement("p"), { textContent: line })));
  }
}

function end(role, lines, next) {
  form.remove();
  show(role, lines);
  main.querySelector(`.${next}`).hidden = false;
}

async function ask(query, variables) {
  const response = await fetch("/graphql", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/graphql-response+json",
      "accept-language": language,
    },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()).data;
}

function word(value) {
  const label = main.querySelector(`template[data-value="${CSS.escape(value)}"]`);
  if (label) return label.content.textContent;
  const isTime = /^\d{4}-\d\d-\d\dT/.test(value);
  return isTime ? new Date(value).toLocaleString(language, { dateStyle: "long", timeStyle: "short" }) : value;
}

async function preview() {
  const data = await ask(texts.preview, { token });
  if (!data.preview) return end("alert", [texts.dead], "otherwise");
  for (const element of main.querySelectorAll("[data-field]")) {
    element.textContent = word(data.preview[element.dataset.field]);
  }
  main.querySelector("dl").hidden = false;
}

async function rules() {
  const data = await ask(texts.rules);
  const items = data.rules.passwordRules.requirements.map(({ text }) =>
    Object.assign(document.createElement("li"), { textContent: text }));
  main.querySelector("#rules ul").replaceChildren(...items);
  main.querySelector("#rules").hidden = false;
}

async function act(input) {
  return (await ask(texts.mutation, { input })).result.errors;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  const password = form.querySelector("#password");
  button.disabled = true;
  show("status", [texts.waiting]);
  try {
    const errors = await act({ token, ...(password && { newPassword: password.value }) });
    const messages = errors.map((error) => error.message);
    password?.setAttribute("aria-invalid", errors.length > 0);
    if (!errors.length) {
      history.replaceState(null, "", location.pathname); // drops the used token from the browser's history
      end("status", [texts.success], "then");
    } else if (errors.some((error) => error.path[0] === "token")) {
      end("alert", messages, "otherwise");
    } else {
      show("alert", messages);
      password?.focus();
    }
  } catch {
    show("alert", [texts.failure]);
  }
  button.disabled = false;
});

form.querySelector("#show")?.addEventListener("change", (event) => {
  form.querySelector("#password").type = event.target.checked ? "text" : "password";
});

if (!token) {
  end("alert", [texts.noLink], "otherwise");
} else {
  const username = form.querySelector("[name=username]");
  if (username) username.value = fragment.get("login") ?? ""; // for password managers
  if (texts.preview) preview().catch(() => show("alert", [texts.failure]));
  if (texts.rules) rules().catch(() => {}); // the refusal names the violated rule
}
