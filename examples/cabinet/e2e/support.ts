/** What the demo offers to tests: mails, SMS, codes of captchas; and the look at each page. */

import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";

export const PASSWORD = "Demo12345";

// prettier-ignore
export const PDF = { name: "договор.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n") };

export const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

export async function signIn(page: Page, email = "demo@example.com", password = PASSWORD) {
  await page.goto("/");
  await page.getByLabel("E-mail (логин)").fill(email);
  await page.getByLabel("Пароль").fill(password);
  await page.getByRole("button", { name: "Войти" }).click();
  await expect(page.getByRole("heading", { name: "Лицевые счета" })).toBeVisible();
}

/** The code of the newest captcha. */
export async function captchaCode(page: Page): Promise<string> {
  const codes = await (await page.request.get("/dev/captcha")).text();
  return codes.split("\n")[0]!;
}

/** The path of the cabinet's page in the newest mail to an address. */
export async function mailedLink(page: Page, address: string, path: string, rest = "#token="): Promise<string> {
  let found: string | undefined;
  await expect(async () => {
    const list = await (await page.request.get("/dev/mail")).text();
    const rows = list.split("<a ").filter((row) => row.includes(address));
    for (const row of rows) {
      const mail = await page.request.get(row.match(/href="([^"]+)"/)![1]!);
      found ??= (await mail.text()).match(new RegExp(rest ? `${path}${rest}[^\\s"'<&]+` : path))?.[0];
    }
    expect(found).toBeTruthy();
  }).toPass({ timeout: 60_000 });
  return found!;
}

/** The code in the newest SMS to a number. */
export async function smsCode(page: Page, to: string): Promise<string> {
  let code: string | undefined;
  await expect(async () => {
    const list = await (await page.request.get("/dev/sms")).text();
    code = list
      .split("<li>")
      .find((sms) => sms.includes(to))
      ?.match(/\b\d{4,6}\b/)?.[0];
    expect(code).toBeTruthy();
  }).toPass({ timeout: 60_000 });
  return code!;
}

/** An operation of the page's session. */
export async function ask(page: Page, query: string, variables: object = {}) {
  return page.evaluate(async (body) => {
    const headers = { "content-type": "application/json" };
    const answer = await fetch("/graphql", { method: "POST", headers, body });
    return (await answer.json()).data;
  }, JSON.stringify({ query, variables }));
}

/** Changes the answers to an operation on their way to the page; a `change` that returns null loses the answer. */
export async function answered(page: Page, operation: string, change: (answer: any) => object | null) {
  await page.route("/graphql", async (route) => {
    if (route.request().postDataJSON()?.operationName !== operation) return route.fallback();
    const response = await route.fetch();
    const answer = await response.json();
    // Without data it only asks for the text of the operation.
    const json = answer.data ? change(answer) : answer;
    return json ? route.fulfill({ response, json }) : route.abort("internetdisconnected");
  });
}

/** axe finds nothing, nothing is wider than the screen; with `SHOTS=folder` a picture is kept. */
export async function look(page: Page, name: string) {
  await expect(page.locator(".skeleton")).toHaveCount(0);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  const folder = process.env.SHOTS;
  const device = test.info().project.name.replace("own-", "");
  if (folder) await page.screenshot({ path: `${folder}/${name}-${device}.png` });
}

/** The same in light and in dark. */
export async function lookAtBoth(page: Page, name: string) {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await look(page, `${name}-${colorScheme}`);
  }
}

/** Every test fails if the browser's console has an error, or a script threw one. */
export const cabinet = test.extend<{ quiet: void; expected: RegExp }>({
  /** Errors that a test causes itself. */
  expected: [/ERR_INTERNET_DISCONNECTED/, { option: true }],
  quiet: [
    async ({ page, expected }, use) => {
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(String(error)));
      page.on("console", (message) => {
        if (message.type() === "error" && !expected.test(message.text())) errors.push(message.text());
      });
      await use();
      expect(errors).toEqual([]);
    },
    { auto: true },
  ],
});
