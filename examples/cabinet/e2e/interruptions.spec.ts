/** What is kept when the network, the session or a subscription ends in the middle. */

import { expect, type Page, type Request } from "@playwright/test";

import { cabinet as test, PASSWORD, PDF, press, signIn } from "./support.ts";

test.use({ expected: /ERR_INTERNET_DISCONNECTED|status of 40[48]/ });

const PUT = "**/uploads/**";

/** Enters a reading below the last one, with a photo: it is refused when it arrives, and changes nothing. */
async function enterReading(page: Page) {
  await page.goto("/readings");
  await page
    .locator("input[type=file]")
    .first()
    .setInputFiles({ name: "meter.png", mimeType: "image/png", buffer: await page.screenshot() });
  await page
    .getByLabel(/^Показание/)
    .first()
    .fill("1");
}

async function arrives(page: Page) {
  await expect(page.getByText("Не принято.")).toBeVisible({ timeout: 15_000 });
  await expect(page.getByRole("alert")).toContainText("меньше предыдущего");
  await press(page, "Убрать");
  await expect(page.getByText("Не принято.")).toHaveCount(0);
}

/** The network is back for the browser. */
const online = (page: Page) => page.evaluate(() => void dispatchEvent(new Event("online")));

const isOperation = (request: Request, name: string) => request.postDataJSON()?.operationName === name;

test("a reading that waits is sent when the cabinet is opened with a network", async ({ page, context }) => {
  await signIn(page);
  await enterReading(page);
  await context.setOffline(true);
  await press(page, "Передать");
  await expect(page.getByText("Ждёт связи")).toBeVisible();
  await page.close();
  await context.setOffline(false);
  const later = await context.newPage();
  await later.goto("/readings");
  await arrives(later);
});

test("a reading outlasts the end of the session", async ({ page, context, browser, baseURL }) => {
  await signIn(page);
  await enterReading(page);
  await context.setOffline(true);
  await press(page, "Передать");
  await expect(page.getByText("Ждёт связи")).toBeVisible();
  const other = await browser.newContext({ baseURL: baseURL! });
  const there = await other.newPage();
  await signIn(there);
  await there.evaluate(async () => {
    const query = "mutation { sessionsRevokeOthers(input: {}) { errors { reason } } }";
    await fetch("/graphql", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query }),
    });
  });
  await other.close();
  await context.setOffline(false);
  await expect(page.getByText("Сеанс закончился. Войдите ещё раз.")).toBeVisible();
  await page.getByLabel("E-mail (логин)").fill("demo@example.com");
  await page.getByLabel("Пароль").fill(PASSWORD);
  await press(page, "Войти");
  await arrives(page);
});

test("a photo that was too slow is sent again to the same address", async ({ page }) => {
  await signIn(page);
  const addresses: string[] = [];
  await page.route(PUT, async (route) => {
    addresses.push(route.request().url());
    if (addresses.length > 2) return route.fallback();
    if (addresses.length === 2) return route.abort("internetdisconnected");
    const error = { code: "TOO_SLOW", reason: "TOO_SLOW", message: "Файл не загрузился вовремя.", path: [] };
    return route.fulfill({ status: 408, json: { errors: [error] } });
  });
  await enterReading(page);
  await press(page, "Передать");
  await expect(page.getByText("Отправим сами позже.")).toBeVisible();
  await online(page);
  await expect(page.getByText("Ждёт связи")).toBeVisible();
  await online(page);
  await arrives(page);
  expect(addresses).toEqual([addresses[0], addresses[0], addresses[0]]);
});

test("a photo arrives although the answer to it was lost", async ({ page }) => {
  await signIn(page);
  let count = 0;
  await page.route(PUT, async (route) => {
    if (count++) return route.fallback();
    await route.fetch();
    return route.abort("internetdisconnected");
  });
  await enterReading(page);
  await press(page, "Передать");
  await expect(page.getByText("Ждёт связи")).toBeVisible();
  await online(page);
  await arrives(page);
});

test("a photo that was deleted meanwhile is sent again, with another key", async ({ page }) => {
  await signIn(page);
  const inputs: {
    idempotencyKey: string;
    takenAt: string;
    entries: { registerId: string; photoUploadId: string }[];
  }[] = [];
  await page.route("**/graphql", async (route) => {
    if (!isOperation(route.request(), "SendReadings")) return route.fallback();
    const { input } = route.request().postDataJSON().variables;
    inputs.push(input);
    if (inputs.length === 1) return route.abort("internetdisconnected");
    if (inputs.length > 2) return route.fallback();
    const error = { __typename: "ReadingError", reason: "PHOTO_UNUSABLE", message: "…", path: ["entries", "0"] };
    const { registerId } = input.entries[0];
    const entry = { __typename: "ReadingEntryOutcome", registerId, status: "REJECTED", reading: null, errors: [error] };
    const payload = { __typename: "ReadingsSubmitPayload", entries: [entry], confirmToken: null, errors: [] };
    return route.fulfill({ json: { data: { readingsSubmit: payload } } });
  });
  await enterReading(page);
  await press(page, "Передать");
  await expect(page.getByText("Ждёт связи")).toBeVisible();
  await online(page);
  await expect(page.getByText("Отправим сами позже.")).toBeVisible();
  await online(page);
  await arrives(page);
  const [first, second, third] = inputs;
  expect(second).toEqual(first);
  expect(third!.takenAt).toBe(first!.takenAt);
  expect(third!.idempotencyKey).not.toBe(first!.idempotencyKey);
  expect(third!.entries[0]!.photoUploadId).not.toBe(first!.entries[0]!.photoUploadId);
});

/** Opens a new appeal's thread. */
async function writeAppeal(page: Page) {
  await page.goto("/appeals/new");
  await page.getByRole("button", { name: "Тема" }).click();
  await page.getByRole("option", { name: "Приборы учета" }).click();
  await page.getByLabel("Текст обращения").fill("Прошу проверить прибор учёта.");
  await press(page, "Отправить");
  await expect(page.getByLabel("Ваш ответ")).toBeVisible();
}

async function reply(page: Page, text: string) {
  await page.getByLabel("Ваш ответ").fill(text);
  await press(page, "Отправить");
  await expect(page.getByRole("listitem").filter({ hasText: text })).toBeVisible();
}

test("a reply that is typed stays when a message comes", async ({ page, context }) => {
  await signIn(page);
  await writeAppeal(page);
  await page.locator("input[type=file]").setInputFiles(PDF);
  const remove = page.getByRole("button", { name: `Убрать: ${PDF.name}` });
  await expect(remove).toBeVisible();
  await page.getByLabel("Ваш ответ").fill("Ещё не всё");
  const other = await context.newPage();
  await other.goto(page.url());
  await reply(other, "Из другой вкладки");
  await expect(page.getByText("Из другой вкладки")).toBeVisible();
  await expect(page.getByLabel("Ваш ответ")).toHaveValue("Ещё не всё");
  await expect(remove).toBeVisible();
  await reply(page, "Теперь всё");
  await expect(page.getByRole("link", { name: new RegExp(PDF.name) })).toBeVisible();
  await expect(page.getByLabel("Ваш ответ")).toHaveValue("");
  await expect(remove).toHaveCount(0);
});

test("a subscription that ended with an outage begins again", async ({ page, context }) => {
  let count = 0;
  await page.routeWebSocket("**/graphql", (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((text) => {
      const { id, type, payload } = JSON.parse(String(text));
      if (type !== "subscribe" || !payload.query.includes("appealMessageAdded") || count++) return server.send(text);
      const fault = { message: "Unavailable", extensions: { code: "UNAVAILABLE" } };
      return socket.send(JSON.stringify({ id, type: "error", payload: [fault] }));
    });
  });
  await signIn(page);
  await writeAppeal(page);
  const other = await context.newPage();
  await other.goto(page.url());
  await reply(other, "Из другой вкладки");
  await expect(page.getByText("Из другой вкладки")).toBeVisible();
});
