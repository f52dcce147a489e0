import { defineConfig, devices } from "@playwright/test";

/** A demo of its own beside the built pages, unless `LK_URL` says where one runs. */
const port = 8360;
const baseURL = process.env.LK_URL ?? `http://127.0.0.1:${port}`;
const launchOptions = { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] };

export default defineConfig({
  testDir: "e2e",
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: "list",
  use: { baseURL, locale: "ru-RU", timezoneId: "Asia/Novokuznetsk", launchOptions, trace: "retain-on-failure" },
  projects: [
    { name: "phone", use: devices["Pixel 7"] },
    { name: "desktop", use: { ...devices["Desktop Chrome"], viewport: { width: 1200, height: 800 } } },
  ],
});
