"use strict";
// Shows new rows without a reload, which would lose the focus and the place on the page.
async function renew() {
  if (document.hidden) return;
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const [shown, news] = [document, page].map((one) => one.querySelector("main"));
  if (shown.innerHTML === news.innerHTML) return;
  const focused = document.activeElement?.getAttribute("href");
  shown.replaceChildren(...news.childNodes);
  document.title = page.title;
  if (focused) [...shown.querySelectorAll("a")].find((link) => link.getAttribute("href") === focused)?.focus();
}
setInterval(renew, 5000);
