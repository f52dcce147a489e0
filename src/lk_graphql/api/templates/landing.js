// Takes the token up from behind the `#` and, at the press of the button, calls the mutation.
"use strict";

const form = document.querySelector("form");
const status = document.querySelector("[role=status]");
const token = new URLSearchParams(location.hash.slice(1)).get("token");

function say(lines) {
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
  const { mutation, done, outage } = form.dataset;
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const faults = await call(mutation, { token, ...Object.fromEntries(new FormData(form)) });
    say(faults.length ? faults : [done]);
    if (!faults.length) {
      form.remove();
      history.replaceState(null, "", location.pathname); // a used token needn't stay in the history
    }
  } catch {
    say([outage]);
  }
  button.disabled = false;
});

if (!token) {
  form.remove();
  say([form.dataset.noLink]);
}
