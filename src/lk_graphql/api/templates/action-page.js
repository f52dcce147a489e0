// Reads the token from the URL's fragment; the button calls the mutation with it.
"use strict";

const form = document.querySelector("form");
const status = document.querySelector("[role=status]");
const token = new URLSearchParams(location.hash.slice(1)).get("token");

function show(lines) {
  status.replaceChildren(...lines.flatMap((line) => [line, document.createElement("br")]));
}

async function call(mutation, input) {
  const type = mutation[0].toUpperCase() + mutation.slice(1) + "Input!";
  const query = `mutation($input: ${type}) { ${mutation}(input: $input) { errors { message } } }`;
  const response = await fetch("/graphql", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/graphql-response+json",
      "accept-language": document.documentElement.lang,
    },
    body: JSON.stringify({ query, variables: { input } }),
  });
  const { data } = await response.json();
  return data[mutation].errors.map((error) => error.message);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { mutation, success, failure } = form.dataset;
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const messages = await call(mutation, { token, ...Object.fromEntries(new FormData(form)) });
    show(messages.length ? messages : [success]);
    if (!messages.length) {
      form.remove();
      history.replaceState(null, "", location.pathname); // drops the used token from the browser's history
    }
  } catch {
    show([failure]);
  }
  button.disabled = false;
});

if (!token) {
  form.remove();
  show([form.dataset.noLink]);
}
