// A visit proves no payment: poll its state until it is final.
"use strict";

const main = document.querySelector("main");
const id = location.hash.slice(1);
const open = ["CREATED", "REGISTERED", "PENDING"];
const paid = ["SUCCEEDED", "PARTIALLY_REFUNDED", "REFUNDED"];

function put(selector, text) {
  const element = main.querySelector(selector);
  element.hidden = !text;
  (element.querySelector("b") ?? element).textContent = text;
}

function offer(selector, isOffered) {
  main.querySelector(selector).hidden = !isOffered;
}

function show(payment) {
  const texts = document.querySelector(`template[data-state=${payment.state}]`).dataset;
  const [whole, rest] = payment.total.split(".");
  const isOpen = open.includes(payment.state), isPaid = paid.includes(payment.state);
  main.className = isOpen ? "" : isPaid ? "paid" : "failed";
  put("h1", texts.title);
  put(".more", texts.more);
  put(".sum", `${whole.replace(/\B(?=(\d{3})+$)/g, "\u202f")},${rest}\u00a0₽`);
  put(".number", payment.number);
  offer(".go-on", isOpen && payment.pageUrl);
  if (payment.pageUrl) main.querySelector(".go-on").href = payment.pageUrl;
  offer(".again", !isOpen && !isPaid);
  if (main.dataset.payments) {
    for (const link of main.querySelectorAll(".again, .cabinet")) link.href = main.dataset.payments + id;
  }
}

// Without a session of the payer, the page doesn't even show whether the payment exists.
function showUnknown() {
  main.className = "unknown";
  put("h1", main.dataset.unknown);
  put(".more", main.dataset.unknownMore);
  offer(".sign-in", true);
}

async function poll(attempts) {
  let wait = Math.min(1000 + 500 * attempts, 10000);
  try {
    const answer = await fetch("/graphql", {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/graphql-response+json" },
      body: JSON.stringify({ query: main.dataset.query, variables: { id } }),
    });
    const { data } = await answer.json();
    if (!data.payment) return showUnknown();
    show(data.payment);
    if (!open.includes(data.payment.state)) return;
  } catch {
    put(".more", main.dataset.outage);
  }
  setTimeout(() => poll(attempts + 1), wait);
}

poll(0);
