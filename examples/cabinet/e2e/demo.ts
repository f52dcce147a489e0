/** Runs a demo of its own with the built pages; `LK_URL` and `LK_TO_LINK` name one that runs already. */

import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";

export const PORT = Number(process.env.LK_PORT ?? 8010);

export default async function start() {
  if (process.env.LK_URL) return;
  const root = `${import.meta.dirname}/../../..`;
  const folder = `${import.meta.dirname}/../test-results/demo`; // its database, mails and files
  mkdirSync(folder, { recursive: true });
  const demo = spawn(`${root}/.venv/bin/lk`, ["demo", "--reset", "--frontend", `${import.meta.dirname}/../dist`], {
    cwd: folder,
    env: { ...process.env, LK_PORT: String(PORT) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let told = "";
  const [, number, surname, unified] = await new Promise<string[]>((resolve, reject) => {
    demo.stdout.on("data", (part) => {
      told += part;
      const account = told.match(/account (\d+), surname (\S+),[^]*ЕЛС (\S+)/);
      if (account && told.includes("Ctrl-C")) resolve(account);
    });
    demo.on("exit", () => reject(new Error(`The demo didn't start: ${told}`)));
  });
  process.env.LK_TO_LINK = JSON.stringify({ number, surname, unified });
  return () => {
    demo.removeAllListeners("exit");
    const stopped = new Promise((resolve) => demo.on("exit", resolve));
    demo.kill("SIGTERM");
    return stopped;
  };
}
