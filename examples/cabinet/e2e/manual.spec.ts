/** The supplier's manual, chapter by chapter, as a customer would follow it. */

import { mkdirSync, writeFileSync } from "node:fs";

import { expect, type Page } from "@playwright/test";

import { run } from "./demo.ts";
import {
  ask,
  cabinet as test,
  captchaCode,
  look,
  mailedLink,
  PASSWORD,
  PDF,
  press,
  signIn,
  smsCode,
} from "./support.ts";

const heading = (page: Page, name: string) => page.getByRole("heading", { name, level: 1 });

test("1, 2. registers, activates, signs in and links an account", async ({ page }, { project }) => {
  const email = `${project.name}-${Date.now()}@example.com`;
  await page.goto("/");
  await look(page, "sign-in");
  await page.getByRole("link", { name: "Забыли пароль?" }).click();
  await look(page, "forgot-password");
  await page.goBack();
  await page.getByRole("link", { name: "Зарегистрироваться" }).click();
  await page.getByLabel("Фамилия").fill("Носкова");
  await page.getByLabel("Имя").fill("Анна");
  await page.getByText("Нет отчества").click();
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Телефон").fill("8 (913) 123-45-67");
  await page.getByLabel("Пароль").fill("short");
  await page.getByText("Я принимаю условия").click();
  await page.getByText("Я согласен на обработку").click();
  await page.getByLabel("Символы с картинки").fill(await captchaCode(page));
  await look(page, "register");
  await press(page, "Зарегистрироваться");
  await expect(page.getByLabel("Пароль")).toHaveAccessibleDescription(/не короче 8/);
  await page.getByLabel("Пароль").fill(PASSWORD);
  await press(page, "Зарегистрироваться");
  await expect(heading(page, "Почти готово")).toBeVisible();

  await page.goto(await mailedLink(page, email, "/activate"));
  await press(page, "Активировать");
  await expect(page.getByText("Учётная запись активирована.")).toBeVisible();
  await look(page, "activate");
  await page.getByRole("link", { name: "Войти" }).click();
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Пароль").fill("Wrong12345");
  await press(page, "Войти");
  await expect(page.getByRole("alert")).toHaveText("Неверный e-mail или пароль.");
  await page.getByLabel("Пароль").fill(PASSWORD);
  await press(page, "Войти");
  await expect(page.getByText("Подключите свой лицевой счёт")).toBeVisible();

  const { number, surname, unified } = JSON.parse(process.env.LK_TO_LINK!);
  await page.getByRole("link", { name: "Подключить лицевой счёт" }).click();
  await press(page, "Вперёд");
  await page.getByLabel("лицевого счёта").fill(number);
  await page.getByLabel("Фамилия").fill(surname);
  await page
    .getByText(/ЕЛС|Единый/)
    .first()
    .click();
  await page.locator("[name='proof.unifiedNumber']").fill(unified);
  await look(page, "link-account");
  await press(page, "Вперёд");
  await expect(page.getByText("Проверьте, что это ваш счёт.")).toBeVisible();
  await look(page, "link-review");
  await press(page, "Сохранить");
  await expect(page.getByRole("heading", { name: new RegExp(number) })).toBeVisible();
});

test("3. sees the accounts and contracts, and applies for a contract", async ({ page }) => {
  await signIn(page);
  await look(page, "accounts");
  await page.getByRole("link", { name: "Дом", exact: true }).click();
  await expect(page.getByText("Приборы учёта")).toBeVisible();
  await look(page, "account");
  await page.goto("/contracts");
  await expect(page.getByRole("heading", { name: "Заявки на заключение договора" })).toBeVisible();
  await look(page, "contracts");
  await press(page, "Новая заявка");
  await press(page, "Добавить объект");
  await page.getByLabel("Адрес").fill("г. Новокузнецк, ул. Кирова, д. 1");
  await page.getByRole("button", { name: "Вид объекта" }).click();
  await page.getByRole("option", { name: "Гараж" }).click();
  await page.getByLabel("Мощность").fill("5,5");
  await page.getByLabel("Цель").fill("Освещение");
  await expect(page.getByText("✓ Всё сохранено")).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("Мощность")).toHaveValue(/^5[.,]5/);
  const documents = page.getByRole("listitem");
  await expect(documents.filter({ hasText: "Паспорт" })).toBeVisible(); // the words have come
  for (const kind of ["Паспорт", "Право собственности", "Акт технологического присоединения"]) {
    const item = documents.filter({ hasText: kind });
    if ((await item.count()) === 0) continue;
    await item.locator("input[type=file]").setInputFiles(PDF);
    await expect(item.getByText(PDF.name)).toBeVisible();
  }
  await look(page, "application");
  await press(page, "Подать заявку");
  await expect(page.getByText("Подана").first()).toBeVisible();
  await press(page, "Отозвать заявку");
  await page.getByRole("alertdialog").getByRole("button", { name: "Отозвать заявку" }).click();
  await expect(page.getByText("Отозвана").first()).toBeVisible();
});

test("4. reads the bills of six periods, a receipt and why the sum is what it is", async ({ page }) => {
  await signIn(page);
  await page.getByRole("link", { name: "Счета", exact: true }).first().click();
  await expect(page.getByRole("row")).toHaveCount(7);
  await look(page, "bills");
  const download = page.waitForEvent("download", { timeout: 60_000 }); // the first one starts the printing
  await page
    .getByRole("link", { name: /^Скачать/ })
    .first()
    .click();
  expect((await download).suggestedFilename()).toMatch(/\.pdf$/);
  await press(page, "Все прежние счета");
  await expect(page.getByRole("row")).toHaveCount(13);
  await press(page, "Показать ещё");
  await expect(page.getByRole("row")).toHaveCount(25);
  await page.getByRole("row").nth(1).getByRole("link").first().click();
  await expect(page.getByRole("heading", { name: "Почему столько" })).toBeVisible();
  await look(page, "bill");

  await page.goto("/menu");
  await page.getByRole("link", { name: "Неоплаченные счета" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "оплатить до" }).first()).toBeVisible();
  await look(page, "unpaid");
});

test("5. sends readings, confirms unusual ones, and takes one back", async ({ page }) => {
  await signIn(page);
  await page.goto("/readings");
  const field = page.getByLabel(/^Показание/).first();
  const hint = await field.evaluate(
    (input) => document.getElementById(input.getAttribute("aria-describedby")!.split(" ").at(-1)!)!.textContent,
  );
  const last = Number(hint!.match(/: ([\d\s]+)/)![1]!.replaceAll(/\s/g, ""));
  await field.fill("12x");
  await press(page, "Передать");
  await expect(page.getByText("Введите число с экрана прибора.")).toBeVisible();
  await field.fill(String(last + 3000));
  await expect(page.getByText(/Расход:/).first()).toBeVisible();
  await look(page, "readings");
  await press(page, "Передать");
  await expect(page.getByText("Расход необычный.")).toBeVisible();
  await press(page, "Всё верно, подтвердить");
  await expect(page.getByText("На проверке")).toBeVisible();
  await page.getByRole("button", { name: "Отозвать" }).first().click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Отозвать" }).click();
  await expect(page.getByText("Отозвано")).toBeVisible();
});

test("5. sends readings with a photo later, when there was no network", async ({ page, context }) => {
  await signIn(page);
  await page.goto("/readings");
  const field = page.getByLabel(/^Показание/).first();
  await page
    .locator("input[type=file]")
    .first()
    .setInputFiles({ name: "meter.png", mimeType: "image/png", buffer: await page.screenshot() });
  await field.fill("1");
  await context.setOffline(true);
  await press(page, "Передать");
  await expect(page.getByText("Ждёт связи")).toBeVisible();
  await look(page, "readings-offline");
  await context.setOffline(false);
  await expect(page.getByText("Не принято.")).toBeVisible(); // a reading below the last one
  await press(page, "Убрать");
  await expect(page.getByText("Не принято.")).toHaveCount(0);
});

test("5. sees the last readings of the zones that a meter had before", async ({ page }, { outputDir }) => {
  await signIn(page);
  const former = page.getByRole("region", { name: "Прежние тарифные зоны" });
  await page.goto("/readings");
  await expect(page.getByLabel("Показание: день")).toBeVisible();
  await expect(former).toHaveCount(0);

  const cottage = async (fields: string) => {
    const { viewer } = await ask(page, `{ viewer { accounts { name number meters { ${fields} } } } }`);
    return viewer.accounts.find(({ name }: { name: string }) => name === "Дача");
  };
  const { number, meters } = await cottage("serial model installedOn");
  const [{ serial, model, installedOn }] = meters;
  const today = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Novokuznetsk" }).format(new Date());
  const zones = [`PEAK;1;T1;6;${today}`, `HALF_PEAK;3;T3;6;${today}`, "DAY;1;T1;6;", "NIGHT;2;T2;6;"];
  const registers = zones.map((zone) => `${number};${serial};${zone}\n`).join("");
  const files = [`${outputDir}/meters.csv`, `${outputDir}/registers.csv`] as const;
  mkdirSync(outputDir, { recursive: true });
  writeFileSync(files[0], `account;serial;model;installed_on\n${number};${serial};${model};${installedOn}\n`);
  writeFileSync(files[1], `account;meter;zone;position;label;digits;removed_on\n${registers}`);
  await run("lk", "import", "meters", ...files);

  await page.goto("/");
  await page.getByRole("link", { name: "Дача", exact: true }).click();
  await expect(heading(page, "Дача")).toBeVisible();
  await page.getByRole("link", { name: "Показания", exact: true }).last().click();
  await expect(page.getByRole("textbox", { name: "Показание" })).toHaveCount(2);
  const day = new Intl.DateTimeFormat("ru-RU", { dateStyle: "long" }).format(new Date(today)).replace(" г.", "");
  await expect(former.getByText(`Прибор учёта № ${serial}: пик, по ${day}`)).toBeVisible();
  await expect(former.getByText(`Прибор учёта № ${serial}: полупик, по ${day}`)).toBeVisible();
  const known = await cottage("formerRegisters { readings(first: 3) { nodes { value } } }");
  const values = known.meters[0].formerRegisters.flatMap((it: any) => it.readings.nodes.map(({ value }: any) => value));
  expect(values).toHaveLength(6);
  const shown = await former.getByRole("definition").allTextContents();
  expect(shown.map((text) => text.replaceAll(/\D/g, ""))).toEqual(values);
  await former.scrollIntoViewIfNeeded();
  await look(page, "former-zones");
});

test("6. writes an appeal with a document, and goes on with the thread", async ({ page }) => {
  await signIn(page);
  await page.getByRole("link", { name: /^Общение/ }).click();
  await page.getByRole("link", { name: "Написать обращение" }).click();
  await page.getByRole("button", { name: "Тема" }).click();
  await expect(page.getByRole("option")).toHaveCount(10);
  await page.getByRole("option", { name: "Приборы учета" }).click();
  await page.getByLabel("Текст обращения").fill("Прошу проверить прибор учёта.");
  await page.locator("input[type=file]").setInputFiles(PDF);
  await expect(page.getByRole("button", { name: `Убрать: ${PDF.name}` })).toBeVisible();
  await look(page, "appeal-new");
  await press(page, "Отправить");
  await expect(page.getByRole("link", { name: new RegExp(PDF.name) })).toBeVisible();
  await page.getByLabel("Ваш ответ").fill("Удобно в любой день.");
  await press(page, "Отправить");
  await expect(page.getByText("Удобно в любой день.")).toBeVisible();
  await look(page, "appeal");
  await page.getByRole("link", { name: "← Назад" }).click();
  await look(page, "appeals");
});

test("7. changes profile, subscriptions and password", async ({ page }) => {
  const phone = `+7913${String(Date.now()).slice(-7)}`; // a new one, which isn't confirmed yet
  await signIn(page, "family@example.com");
  await page.goto("/profile");
  await page.getByLabel("Отчество").fill("Петровна");
  await page.getByLabel("Телефон").fill("12");
  await press(page, "Сохранить");
  await expect(page.getByLabel("Телефон")).toHaveAttribute("aria-invalid", "true");
  await page.getByLabel("Телефон").fill(phone);
  await press(page, "Сохранить");
  await expect(page.getByText("Сохранено.")).toBeVisible();
  await look(page, "profile");
  await press(page, "Получить код по SMS");
  await page.getByLabel("Код из SMS").fill(await smsCode(page, phone));
  await press(page, "Подтвердить");
  await expect(page.getByText("Подтверждение телефона")).toHaveCount(0);

  await page.goto("/settings/notifications");
  await page.getByText("Получать SMS").click();
  await look(page, "subscriptions");
  await press(page, "Сохранить");
  await expect(page.getByText("Сохранено.")).toBeVisible();

  await page.goto("/password");
  for (const [old, fresh] of [
    [PASSWORD, "Better12345"],
    ["Better12345", PASSWORD],
  ] as const) {
    await page.getByLabel("Текущий пароль").fill(old);
    await page.getByLabel("Новый пароль").fill(fresh);
    await press(page, "Сменить пароль");
    await expect(page.getByText("Пароль изменён.")).toBeVisible();
  }
  await look(page, "password");
});

test("8. pays by card, comes back, and sees it live", async ({ page }) => {
  await signIn(page);
  await page.getByRole("link", { name: "Оплатить" }).first().click();
  await page.getByLabel(/^Сумма/).fill("100,50");
  await expect(page.getByRole("heading", { name: "Проверьте данные" })).toBeVisible();
  await expect(page.getByText("Номер договора")).toBeVisible();
  await look(page, "pay");
  await press(page, "Оплатить");
  await page.getByLabel(/Номер карты/).fill("2200 0000 0000 0004");
  await page.getByLabel(/Месяц и год/).fill("12/30");
  await page.getByLabel(/CVC/).fill("123");
  await page.getByRole("button", { name: /Оплатить/ }).click();
  await page
    .getByRole("link", { name: /Вернуться/ })
    .click({ timeout: 5000 })
    .catch(() => undefined);
  await expect(page.getByRole("heading", { name: "Оплачен" })).toBeVisible();
  await look(page, "payment");
  await page.getByRole("link", { name: "Мои платежи" }).click();
  await expect(page.getByText("100,50").first()).toBeVisible();
  await look(page, "payments");
  await page.goto("/notices");
  await look(page, "notices");
});

test("signs out, and a session ended elsewhere is told", async ({ page, browser }) => {
  await signIn(page);
  const other = await (await browser.newContext()).newPage();
  await signIn(other);
  await other.goto("/password");
  await expect(other.getByText("это устройство")).toBeVisible();
  while (await other.getByRole("button", { name: "Завершить" }).count()) {
    const count = await other.getByRole("button", { name: "Завершить" }).count();
    await other.getByRole("button", { name: "Завершить" }).first().click();
    await expect(other.getByRole("button", { name: "Завершить" })).toHaveCount(count - 1);
  }
  await expect(page.getByText("Сеанс закончился. Войдите ещё раз.")).toBeVisible();
  await other.goto("/menu");
  await look(other, "menu");
  await press(other, "Выйти");
  await expect(heading(other, "Вход")).toBeVisible();
});

test("speaks English, and is dark where the system is", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await signIn(page);
  await page.getByRole("button", { name: "EN" }).click();
  await expect(heading(page, "Accounts")).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await look(page, "dark");
});
