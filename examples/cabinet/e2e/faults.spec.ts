/** The same customers when something fails on the way, or two things happen at once. */

import { expect, type Page } from "@playwright/test";

import { answered, cabinet as test, PDF, press, signIn } from "./support.ts";

const saved = (page: Page) => page.getByText("✓ Всё сохранено");

/** A draft of an application with one object, which is saved. */
async function draft(page: Page) {
  await signIn(page);
  await page.goto("/contracts");
  await press(page, "Новая заявка");
  await press(page, "Добавить объект");
  await page.getByLabel("Мощность").fill("1");
  await expect(saved(page)).toBeVisible();
}

async function withdraw(page: Page) {
  await press(page, "Отозвать заявку");
  await page.getByRole("alertdialog").getByRole("button", { name: "Отозвать заявку" }).click();
  await expect(page.getByText("Отозвана").first()).toBeVisible();
}

test("a draft is saved once the network is back, and called saved only then", async ({ page, context }) => {
  await draft(page);
  await context.setOffline(true);
  await page.getByLabel("Мощность").fill("15");
  await expect(page.getByText("Не сохранено")).toBeVisible();
  await expect(saved(page)).toHaveCount(0);
  await context.setOffline(false);
  await expect(saved(page)).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("Мощность")).toHaveValue(/^15/);
  await withdraw(page);
});

test("a draft goes on after a save without an answer", async ({ page }) => {
  await draft(page);
  let isLost = true;
  await answered(page, "SaveApplication", (answer) => (isLost ? null : answer));
  await page.getByLabel("Мощность").fill("15");
  await expect(page.getByText("Не сохранено")).toBeVisible();
  isLost = false;
  await expect(saved(page)).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("Мощность")).toHaveValue(/^15/);
  await withdraw(page);
});

test("an application that is submitted at once has the last change", async ({ page }) => {
  await draft(page);
  await page.getByLabel("Адрес").fill("г. Новокузнецк, ул. Кирова, д. 1");
  await page.getByRole("button", { name: "Вид объекта" }).click();
  await page.getByRole("option", { name: "Гараж" }).click();
  await page.getByLabel("Цель").fill("Освещение");
  const documents = page.getByRole("listitem");
  for (const kind of ["Паспорт", "Право собственности", "Акт технологического присоединения"]) {
    const item = documents.filter({ hasText: kind });
    if ((await item.count()) === 0) continue;
    await item.locator("input[type=file]").setInputFiles(PDF);
    await expect(item.getByText(PDF.name)).toBeVisible();
  }
  await expect(page.getByRole("button", { name: "Подать заявку" })).toBeVisible();
  await page.getByLabel("Мощность").fill("15");
  await press(page, "Подать заявку");
  await expect(page.getByText("Подана").first()).toBeVisible();
  await expect(page.getByText(/, 15(\.0+)? kW,/)).toBeVisible();
  await withdraw(page);
});

test("a draft that is left at once has the last change", async ({ page }) => {
  await draft(page);
  const path = new URL(page.url()).pathname;
  await page.getByLabel("Мощность").fill("15");
  await page.getByRole("link", { name: "← Назад" }).click();
  await page.locator(`a[href="${path}"]`).click();
  await expect(page.getByLabel("Мощность")).toHaveValue(/^15/);
  await page.reload();
  await expect(page.getByLabel("Мощность")).toHaveValue(/^15/);
  await withdraw(page);
});

test("a draft doesn't overwrite what another window has saved", async ({ page, context }) => {
  await draft(page);
  const other = await context.newPage();
  await other.goto(page.url());
  await other.getByLabel("Адрес").fill("г. Новокузнецк, ул. Кирова, д. 2");
  await expect(other.getByText("Сохраняем…")).toBeVisible();
  await expect(saved(other)).toBeVisible();
  await page.getByLabel("Мощность").fill("15");
  await expect(page.getByText("Заявка изменилась в другом окне.")).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("Адрес")).toHaveValue(/д. 2$/);
  await withdraw(page);
});

/** The form of a new appeal, filled in but for its files. */
async function newAppeal(page: Page) {
  await signIn(page);
  await page.goto("/appeals/new");
  await page.getByRole("button", { name: "Тема" }).click();
  await page.getByRole("option", { name: "Приборы учета" }).click();
  await page.getByLabel("Текст обращения").fill("Прошу проверить прибор учёта.");
}

test("an appeal waits for its file", async ({ page }) => {
  await newAppeal(page);
  await page.route("/uploads/**", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await route.continue();
  });
  await page.locator("input[type=file]").setInputFiles(PDF);
  await press(page, "Отправить");
  await expect(page.getByRole("link", { name: new RegExp(PDF.name) })).toBeVisible();
});

test("an appeal isn't sent without a file that failed, unless the file is removed", async ({ page }) => {
  await newAppeal(page);
  await page.route("/uploads/**", (route) => route.abort("internetdisconnected"));
  await page.locator("input[type=file]").setInputFiles(PDF);
  await expect(page.getByRole("alert")).toContainText("Нет связи");
  await press(page, "Отправить");
  await expect(page.getByText(`прикрепите ещё раз: ${PDF.name}`)).toBeVisible();
  await press(page, `Убрать: ${PDF.name}`);
  await press(page, "Отправить");
  await expect(page.getByLabel("Ваш ответ")).toBeVisible();
});

test("two files that are chosen at once are both sent", async ({ page }) => {
  await page.addInitScript(() => {
    const exact = performance.now.bind(performance);
    performance.now = () => Math.floor(exact() / 1000) * 1000; // browsers round it, Firefox to a millisecond
  });
  await newAppeal(page);
  await page.locator("input[type=file]").setInputFiles([PDF, { ...PDF, name: "акт.pdf" }]);
  await press(page, "Отправить");
  await expect(page.getByRole("link", { name: new RegExp(PDF.name) })).toBeVisible();
  await expect(page.getByRole("link", { name: /акт\.pdf/ })).toBeVisible();
});

test("a payment that the bank doesn't answer yet is shown, and goes on when it does", async ({ page }) => {
  await signIn(page, "family@example.com");
  await answered(page, "StartPayment", (answer) => {
    answer.data.paymentStart.payment.pageUrl = null;
    return answer;
  });
  await page.getByRole("link", { name: "Оплатить" }).first().click();
  await page
    .getByLabel(/^Сумма/)
    .first()
    .fill("100,50");
  await expect(page.getByRole("button", { name: "Оплатить" })).toBeDisabled(); // nothing was reviewed yet
  await expect(page.getByRole("heading", { name: "Проверьте данные" })).toBeVisible();
  await press(page, "Оплатить");
  await expect(page.getByRole("heading", { name: "Ваш платёж" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Продолжить оплату" })).toBeVisible();
});

test("subscriptions are shown only with their topics", async ({ page }) => {
  await signIn(page);
  let isBusy = true;
  const busy = { data: null, errors: [{ message: "Busy", extensions: { code: "UNAVAILABLE" } }] };
  await answered(page, "EnumLabels", (answer) => (isBusy ? busy : answer));
  await page.goto("/settings/notifications");
  await expect(page.getByText("Сервис сейчас занят.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Сохранить" })).toHaveCount(0);
  isBusy = false;
  await press(page, "Ещё раз");
  await expect(page.getByRole("button", { name: "Сохранить" })).toBeVisible();
  await expect(page.getByRole("row")).not.toHaveCount(1);
});
