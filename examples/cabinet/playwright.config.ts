import { defineConfig, devices } from "@playwright/test";

import { PORT } from "./e2e/demo.ts";

const phone = devices["Pixel 7"];
const desktop = { ...devices["Desktop Chrome"], viewport: { width: 1200, height: 800 } };

export default defineConfig({
  testDir: "e2e",
  globalSetup: "./e2e/demo.ts",
  workers: 1, // one after the other: they use the same customers
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: "list",
  use: {
    baseURL: `http://127.0.0.1:${PORT}`,
    locale: "ru-RU",
    timezoneId: "Asia/Novokuznetsk",
    actionTimeout: 20_000,
    trace: "retain-on-failure",
    launchOptions: { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] },
  },
  projects: [
    // What fails on the way has no layout: once each, as a customer may write ten appeals an hour.
    { name: "phone", use: phone, testMatch: ["manual.spec.ts", "faults.spec.ts", "endings.spec.ts"] },
    { name: "desktop", use: desktop, testMatch: ["manual.spec.ts", "interruptions.spec.ts"] },
    // Afterwards: it takes up links of mails, payments and files of the customers before.
    { name: "own-phone", use: phone, testMatch: "own-pages.spec.ts", dependencies: ["phone", "desktop"] },
    { name: "own-desktop", use: desktop, testMatch: "own-pages.spec.ts", dependencies: ["phone", "desktop"] },
  ],
});
