"use strict";
const number = document.querySelector("input[name=number]");
const expiry = document.querySelector("input[name=expiry]");

function spaced(text) {
  return (text.replace(/\D/g, "").slice(0, 16).match(/.{1,4}/g) || []).join(" ");
}

number?.addEventListener("input", () => { number.value = spaced(number.value); });
expiry?.addEventListener("input", (event) => {
  const digits = expiry.value.replace(/\D/g, "").slice(0, 4);
  const grows = !(event.inputType || "").startsWith("delete");
  expiry.value = digits.length > 2 || (grows && digits.length === 2)
    ? `${digits.slice(0, 2)}/${digits.slice(2)}` : digits;
});
for (const button of document.querySelectorAll("[data-number]")) {
  button.addEventListener("click", () => {
    number.value = button.dataset.number;
    expiry.value = `12/${String(new Date().getFullYear() + 3).slice(2)}`;
    document.querySelector("input[name=code]").value = "123";
    number.scrollIntoView({ block: "center" });
  });
}
for (const form of document.querySelectorAll("[data-once]")) {
  form.addEventListener("submit", () => { form.querySelector(":scope > button").disabled = true; });
}
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("form > button")) button.disabled = false;
});
