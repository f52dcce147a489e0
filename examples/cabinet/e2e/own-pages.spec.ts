/** What the API shows people itself, beside any frontend: mails, the pages that they lead to, the archive of one's data. */

import { mkdirSync, readdirSync, writeFileSync } from "node:fs";

import { expect, test } from "@playwright/test";

import { OWN_PAGES, run } from "./demo.ts";
import { ask, look, lookAtBoth, mailedLink, PASSWORD, signIn } from "./support.ts";

test("every mail: light on a telephone, dark on a desktop", async ({ page }, { outputDir, project }) => {
  test.setTimeout(600_000);
  await page.emulateMedia({ colorScheme: project.name === "own-phone" ? "light" : "dark" });
  await run("lk", "mail", "preview", outputDir);
  const mails = readdirSync(outputDir).filter((name) => name.endsWith(".ru.html"));
  expect(mails.length).toBeGreaterThan(30);
  for (const name of mails) {
    await page.goto(`file://${outputDir}/${name}`);
    await look(page, `mail-${name.replace(".ru.html", "")}`);
  }
});

test("pages that links of mails lead to, with a link that is incomplete", async ({ page }) => {
  for (const name of ["activate", "reset-password", "confirm-email", "undo-account-link", "unsubscribe"]) {
    await page.goto(`${OWN_PAGES}/${name}`);
    await expect(page.getByRole("alert")).toHaveText("В адресе нет ссылки. Откройте её из письма целиком.");
    await expect(page.locator(".otherwise a")).toBeVisible();
    await lookAtBoth(page, `own-${name}-incomplete`);
  }
});

test("the question of a link in a mail", async ({ page }) => {
  // Both walks have linked the same account, so the first of them got a mail about the second.
  await page.goto(`${OWN_PAGES}${await mailedLink(page, "@", "/undo-account-link")}`);
  await expect(page.getByText("Кто подключил")).toBeVisible();
  await lookAtBoth(page, "own-undo-account-link");
});

test("a member of staff chooses a password", async ({ page }) => {
  const link = await run("lk", "staff", "invite", "clerk@example.com");
  await page.goto(link.match(/http\S+/)![0]);
  await expect(page.getByText("Каким должен быть пароль:")).toBeVisible();
  await lookAtBoth(page, "own-staff-password");
  await page.getByLabel("Новый пароль").fill("short");
  await page.getByRole("button", { name: "Сохранить" }).click();
  await expect(page.getByRole("alert")).toContainText("не короче");
  await lookAtBoth(page, "own-staff-password-refused");
  await page.getByLabel("Новый пароль").fill(`${PASSWORD}-staff`);
  await page.getByRole("button", { name: "Сохранить" }).click();
  await expect(page.getByText("Пароль сохранён.")).toBeVisible();
  await lookAtBoth(page, "own-staff-password-saved");
});

test("back from the bank: a stranger's view of a payment, and its customer's", async ({ page }) => {
  await page.goto(`${OWN_PAGES}/payment#pay_unknown`);
  await expect(page.getByRole("link", { name: "Войти" })).toBeVisible();
  await lookAtBoth(page, "own-payment-stranger");
  await signIn(page); // cookies are the same for all ports
  const { viewer } = await ask(page, "{ viewer { payments(first: 1) { nodes { id } } } }");
  await page.goto(`${OWN_PAGES}/payment#${viewer.payments.nodes[0].id}`);
  await expect(page.getByRole("heading", { name: "Оплачено" })).toBeVisible();
  await lookAtBoth(page, "own-payment");
});

test("the archive of one's personal data", async ({ page }, { outputDir }) => {
  await signIn(page);
  await ask(
    page,
    "mutation ($password: String!) { personalDataExport(input: { password: $password }) { errors { reason } } }",
    { password: PASSWORD },
  );
  let url: string | null = null;
  await expect(async () => {
    const { viewer } = await ask(page, "{ viewer { personalDataExports(first: 1) { downloadUrl } } }");
    url = viewer.personalDataExports[0].downloadUrl;
    expect(url).toBeTruthy();
  }).toPass({ timeout: 100_000 });
  mkdirSync(outputDir, { recursive: true });
  writeFileSync(`${outputDir}/data.zip`, await (await page.request.get(url!)).body());
  await run("python", "-m", "zipfile", "-e", `${outputDir}/data.zip`, outputDir);
  await page.goto(`file://${outputDir}/index.html`);
  await expect(page.getByRole("heading", { name: "Ваши персональные данные" })).toBeVisible();
  // Some rows of each listing: axe needs minutes for all.
  await page.evaluate(() => document.querySelectorAll(".row:nth-of-type(n + 4)").forEach((row) => row.remove()));
  await lookAtBoth(page, "own-export");
});

test("the demo's mailbox, SMS and codes", async ({ page }) => {
  for (const name of ["mail", "sms", "staff"]) {
    await page.goto(`/dev/${name}`);
    await lookAtBoth(page, `own-dev-${name}`);
  }
});

test("GraphiQL runs a subscription", async ({ page }) => {
  await signIn(page);
  await page.goto("/graphiql");
  await page.locator(".graphiql-query-editor .CodeMirror").click();
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText("subscription { viewerChanged { email } }");
  await expect(async () => {
    await page.keyboard.press("Control+Enter"); // ignored until the editor has read the document
    await expect(page.locator(".result-window")).toContainText('"email": "demo@example.com"', { timeout: 3000 });
  }).toPass({ timeout: 60_000 });
});
