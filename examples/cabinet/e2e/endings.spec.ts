/** Dead ends that lead on again, and what is kept when a tab, a subscription or a way to the API is closed. */

import { expect, type Page } from "@playwright/test";

import { ask, cabinet as test, captchaCode, look, mailedLink, PASSWORD, PDF, press, signIn } from "./support.ts";

test.use({ expected: /ERR_INTERNET_DISCONNECTED|WebSocket connection to/ });

const FAMILY = "family@example.com";
const off = (page: Page) => page.getByText("Связь прервана: новое пока не появляется само.");

/** Each subscription of the page is refused with a fault while `isBroken` holds; and how many there were. */
async function brokenSubscriptions(page: Page, isBroken: (count: number) => boolean) {
  const counts = new Map<string, number>();
  await page.routeWebSocket("**/graphql", (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((text) => {
      const { id, type, payload } = JSON.parse(String(text));
      if (type !== "subscribe") return server.send(text);
      const count = (counts.get(payload.query) ?? 0) + 1;
      counts.set(payload.query, count);
      if (!isBroken(count)) return server.send(text);
      const fault = { message: "Broken", extensions: { code: "INTERNAL" } };
      return socket.send(JSON.stringify({ id, type: "error", payload: [fault] }));
    });
  });
  return () => Math.max(...counts.values());
}

test("the mail about an erasure leads to where it is cancelled", async ({ page }) => {
  await signIn(page, FAMILY);
  await page.goto("/profile");
  await page.getByRole("link", { name: /^Персональные данные/ }).click();
  await expect(page.getByRole("heading", { name: "Персональные данные", level: 1 })).toBeVisible();
  await look(page, "personal-data");
  const erasure = page.locator("form", { hasText: "Вы отзываете согласие" });
  await erasure.getByText("Я понимаю, что кабинет закроется").click();
  await erasure.getByLabel("Текущий пароль").fill("Wrong12345");
  await press(page, "Отозвать согласие и закрыть кабинет");
  await expect(erasure.getByLabel("Текущий пароль")).toHaveAttribute("aria-invalid", "true");
  await erasure.getByLabel("Текущий пароль").fill(PASSWORD);
  await press(page, "Отозвать согласие и закрыть кабинет");
  await expect(page.getByRole("heading", { name: /^Ваши данные будут уничтожены/ })).toBeVisible();
  await expect(erasure).toHaveCount(0);

  await page.goto(await mailedLink(page, FAMILY, "/settings/personal-data", ""));
  await expect(page.getByRole("heading", { name: /^Ваши данные будут уничтожены/ })).toBeVisible();
  await look(page, "personal-data-erasure");
  const states = "{ viewer { erasureRequests { state } } }";
  const [request] = (await ask(page, states)).viewer.erasureRequests;
  expect(request).toEqual({ state: "WAITING" });
  await page.getByText("Я согласен на обработку").click();
  await press(page, "Отменить заявление");
  await expect(page.getByText("Заявление отменено, кабинет остаётся открытым.")).toBeVisible();
  await expect(erasure).toBeVisible();
  expect((await ask(page, states)).viewer.erasureRequests[0]).toEqual({ state: "WITHDRAWN" });
});

test("an export of personal data is requested and downloaded", async ({ page }) => {
  test.setTimeout(240_000);
  await signIn(page, FAMILY);
  await page.goto("/settings/personal-data");
  const requested = page.locator("form", { hasText: "Архив со всем" });
  await requested.getByLabel("Текущий пароль").fill(PASSWORD);
  await press(page, "Заказать выгрузку");
  await expect(page.getByText("готовится")).toBeVisible();
  const link = page.getByRole("link", { name: "Скачать архив" });
  await expect(link).toBeVisible({ timeout: 120_000 });
  await look(page, "personal-data-export");
  const download = page.waitForEvent("download");
  await link.click();
  expect((await download).suggestedFilename()).toMatch(/\.zip$/);
});

test("a login that isn't activated gets the mail again", async ({ page }) => {
  const email = `late-${Date.now()}@example.com`;
  await page.goto("/register");
  await page.getByLabel("Фамилия").fill("Носкова");
  await page.getByLabel("Имя").fill("Анна");
  await page.getByText("Нет отчества").click();
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Телефон").fill("8 (913) 123-45-68");
  await page.getByLabel("Пароль").fill(PASSWORD);
  await page.getByText("Я принимаю условия").click();
  await page.getByText("Я согласен на обработку").click();
  await page.getByLabel("Символы с картинки").fill(await captchaCode(page));
  await press(page, "Зарегистрироваться");
  await expect(page.getByRole("heading", { name: "Почти готово" })).toBeVisible();
  await expect(page.getByText(`Мы отправили письмо на ${email}`)).toBeVisible();
  await look(page, "register-sent");
  const first = await mailedLink(page, email, "/activate");

  await page.goto("/");
  await page.getByLabel("E-mail (логин)").fill(email);
  await page.getByLabel("Пароль").fill("Wrong12345");
  await press(page, "Войти");
  await expect(page.getByText("Неверный e-mail или пароль.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Отправить письмо ещё раз" })).toHaveCount(0);
  await page.getByLabel("Пароль").fill(PASSWORD);
  await press(page, "Войти");
  await expect(page.getByText("Учётная запись ещё не активирована.")).toBeVisible();
  await press(page, "Отправить письмо ещё раз");
  await expect(page.getByText(`Мы отправили письмо на ${email}`)).toBeVisible();
  await look(page, "sign-in-not-activated");
  await press(page, "Отправить письмо ещё раз");
  await expect(page.getByText("Слишком много попыток. Повторите через")).toBeVisible();
  await expect(page.getByText("Мы отправили письмо на")).toHaveCount(0);
  await look(page, "sign-in-too-many-mails");

  let second = first;
  await expect(async () => expect((second = await mailedLink(page, email, "/activate"))).not.toBe(first)).toPass();
  await page.goto(second);
  await press(page, "Активировать");
  await expect(page.getByText("Учётная запись активирована.")).toBeVisible();
  await page.goto(first);
  await page.reload();
  await press(page, "Активировать");
  await expect(page.getByRole("alert")).toBeVisible();
  await page.getByRole("link", { name: "Войти или запросить новую ссылку" }).click();
  await expect(page.getByRole("heading", { name: "Вход" })).toBeVisible();
});

test("subscriptions that a fault has ended begin again, and meanwhile the page says so", async ({ page, context }) => {
  const most = await brokenSubscriptions(page, (count) => count <= 3);
  await signIn(page, FAMILY);
  await expect(off(page)).toBeVisible();
  await look(page, "live-off");
  await expect(off(page)).toHaveCount(0, { timeout: 60_000 });
  expect(most()).toBe(4);
  const other = await context.newPage();
  await other.goto("/profile");
  await page.getByRole("link", { name: "Ещё" }).click();
  await other.getByLabel("Отчество").fill("Ивановна");
  await press(other, "Сохранить");
  await expect(page.getByText(/Ивановна/)).toBeVisible();
});

test("the end of the session leads to the sign-in, also while subscriptions are broken", async ({
  page,
  browser,
  baseURL,
}) => {
  await brokenSubscriptions(page, () => true);
  await signIn(page, FAMILY);
  await expect(off(page)).toBeVisible();
  const other = await browser.newContext({ baseURL: baseURL! });
  const there = await other.newPage();
  await signIn(there, FAMILY);
  await ask(there, "mutation { sessionsRevokeOthers(input: {}) { errors { reason } } }");
  await other.close();
  await expect(page.getByText("Сеанс закончился. Войдите ещё раз.")).toBeVisible();
  await expect(off(page)).toHaveCount(0);
});

test("where WebSockets are blocked, a file is uploaded all the same", async ({ page }) => {
  await page.addInitScript(() => {
    window.WebSocket = class extends WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(`${url}/blocked`, protocols);
      }
    };
  });
  await signIn(page, FAMILY);
  await page.goto("/appeals/new");
  await page.locator("input[type=file]").setInputFiles(PDF);
  await expect(page.getByRole("progressbar")).toHaveCount(0, { timeout: 30_000 });
  await expect(page.getByRole("button", { name: `Убрать: ${PDF.name}` })).toBeVisible();
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("an appeal that is typed outlasts the tab, and not the sign-out", async ({ page, context }) => {
  await signIn(page, FAMILY);
  await page.goto("/appeals/new");
  await page.getByRole("button", { name: "Тема" }).click();
  await page.getByRole("option", { name: "Приборы учета" }).click();
  await page.getByLabel("Текст обращения").fill("Прошу проверить");
  await page.close();
  const later = await context.newPage();
  await later.goto("/appeals/new");
  await expect(later.getByLabel("Текст обращения")).toHaveValue("Прошу проверить");
  await expect(later.getByRole("button", { name: "Тема" })).toContainText("Приборы учета");
  await later.goto("/menu");
  await press(later, "Выйти");
  await expect(later.getByRole("heading", { name: "Вход" })).toBeVisible();
  await signIn(later, FAMILY);
  await later.goto("/appeals/new");
  await expect(later.getByLabel("Текст обращения")).toHaveValue("");
});

test("the last change of an application outlasts the tab, also without a network", async ({ page, context }) => {
  await signIn(page, FAMILY);
  await page.goto("/contracts");
  await press(page, "Новая заявка");
  await press(page, "Добавить объект");
  await page.getByLabel("Мощность").fill("1,5");
  await expect(page.getByText("✓ Всё сохранено")).toBeVisible();
  const path = new URL(page.url()).pathname;
  await context.setOffline(true);
  await page.getByLabel("Мощность").fill("15");
  await page.close();
  await context.setOffline(false);
  const later = await context.newPage();
  await later.goto(path);
  await expect(later.getByLabel("Мощность")).toHaveValue(/^15/);
  await expect(later.getByText("✓ Всё сохранено")).toBeVisible();
  await later.reload();
  await expect(later.getByLabel("Мощность")).toHaveValue(/^15/);
  await press(later, "Отозвать заявку");
  await later.getByRole("alertdialog").getByRole("button", { name: "Отозвать заявку" }).click();
  await expect(later.getByText("Отозвана").first()).toBeVisible();
});
