import { defineConfig, devices } from "@playwright/test";

/** A demo of its own beside the built pages, unless `LK_URL` says where one runs. */
const port = 8360;
const baseURL = process.env.LK_URL ?? `http://127.0.0.1:${port}`;
const launchOptions = { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] };

export default defineConfig({
  testDir: "e2e",
  workers: 1,
  timeout: Number(process.env.T ?? 120) * 1000,
  expect: { timeout: Number(process.env.X ?? 20) * 1000 },
  reporter: "list",
  use: { baseURL, locale: "ru-RU", timezoneId: "Asia/Novokuznetsk", launchOptions, actionTimeout: 15_000, trace: "retain-on-failure" },
  projects: [
    { name: "phone", use: devices["Pixel 7"] },
    { name: "desktop", use: { ...devices["Desktop Chrome"], viewport: { width: 1200, height: 800 } } },
  ],
});
