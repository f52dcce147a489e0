// A visit proves no payment: poll its state until it is final.
"use strict";

const main = document.querySelector("main");
const query = `query ($id: ID!) { payment(id: $id) { number state total pageUrl } }`;
const open = ["CREATED", "REGISTERED", "PENDING"];
const paid = ["SUCCEEDED", "PARTIALLY_REFUNDED", "REFUNDED"];

function put(selector, text) {
  const element = main.querySelector(selector);
  element.hidden = !text;
  (element.querySelector("b") ?? element).textContent = text;
}

function show(payment) {
  const texts = document.querySelector(`template[data-state=${payment.state}]`).dataset;
  const [whole, rest] = payment.total.split(".");
  main.classList.toggle("over", !open.includes(payment.state));
  main.classList.toggle("paid", paid.includes(payment.state));
  put("h1", texts.title);
  put(".more", texts.more);
  put(".sum", `${whole.replace(/\B(?=(\d{3})+$)/g, "\u202f")},${rest}\u00a0₽`);
  put(".number", payment.number);
  const button = main.querySelector(".button");
  button.hidden = !payment.pageUrl;
  if (payment.pageUrl) button.href = payment.pageUrl;
}

async function poll(attempts) {
  let wait = Math.min(1000 + 500 * attempts, 10000);
  try {
    const answer = await fetch("/graphql", {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/graphql-response+json" },
      body: JSON.stringify({ query, variables: { id: location.hash.slice(1) } }),
    });
    const { data } = await answer.json();
    if (!data.payment) {
      put("h1", main.dataset.unknown);
      main.classList.add("over");
      return;
    }
    show(data.payment);
    if (!open.includes(data.payment.state)) return;
  } catch {
    put(".more", main.dataset.outage);
  }
  setTimeout(() => poll(attempts + 1), wait);
}

poll(0);
