import { defineConfig, devices } from "@playwright/test";

import { PORT } from "./e2e/demo.ts";

export default defineConfig({
  testDir: "e2e",
  globalSetup: "./e2e/demo.ts",
  workers: 1, // one after the other: they use the same customers
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: "list",
  use: {
    baseURL: process.env.LK_URL ?? `http://127.0.0.1:${PORT}`,
    locale: "ru-RU",
    timezoneId: "Asia/Novokuznetsk",
    actionTimeout: 20_000,
    trace: "retain-on-failure",
    launchOptions: { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] },
  },
  projects: [
    { name: "phone", use: devices["Pixel 7"] },
    { name: "desktop", use: { ...devices["Desktop Chrome"], viewport: { width: 1200, height: 800 } } },
  ],
});
