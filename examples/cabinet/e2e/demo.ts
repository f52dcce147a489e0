/**
 * Runs a demo of its own with the built pages, and beside it a server without them for the same
 * database, which shows the API's own pages.
 */

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";

export const PORT = Number(process.env.LK_PORT ?? 8010);
export const OWN_PAGES = `http://127.0.0.1:${PORT + 1}`;

const BIN = `${import.meta.dirname}/../../../.venv/bin`;
const folder = `${import.meta.dirname}/../test-results/demo`; // its database, mails and files

export default async function start() {
  mkdirSync(folder, { recursive: true });
  const demo = spawn(`${BIN}/lk`, ["demo", "--reset", "--frontend", `${import.meta.dirname}/../dist`], {
    cwd: folder,
    env: { ...process.env, LK_PORT: String(PORT) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const facts = /account (\d+), surname (\S+),[^]*ЕЛС (\S+)\s+Database +(\S+)[^]*Ctrl-C/;
  const [, number, surname, unified, database] = await told(demo, facts);
  process.env.LK_TO_LINK = JSON.stringify({ number, surname, unified });
  // Also for `run`: the tests' processes inherit it.
  Object.assign(process.env, {
    LK_DATABASE_URL: database,
    LK_SECRET_KEY: readFileSync(`${folder}/.lk/secret_key`, "utf8"),
    LK_PUBLIC_URL: OWN_PAGES,
  });
  const server = spawn(`${BIN}/lk`, ["serve"], {
    cwd: folder,
    env: { ...process.env, LK_PORT: String(PORT + 1), LK_SMTP_URL: "smtp://127.0.0.1:1", LK_METRICS_PORT: "" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await told(server, /running on/);
  return async () => {
    await stopped(server);
    await stopped(demo);
  };
}

/** What a command of the project's environment prints, in the demo's folder. */
export async function run(command: string, ...args: string[]): Promise<string> {
  return (await promisify(execFile)(`${BIN}/${command}`, args, { cwd: folder })).stdout;
}

function told(program: ChildProcess, pattern: RegExp): Promise<string[]> {
  let text = "";
  return new Promise((resolve, reject) => {
    program.stdout!.on("data", (part) => {
      text += part;
      const match = text.match(pattern);
      if (match) resolve(match);
    });
    program.on("exit", () => reject(new Error(`It didn't start: ${text}`)));
  });
}

function stopped(program: ChildProcess): Promise<void> {
  program.removeAllListeners("exit");
  program.kill("SIGTERM");
  return new Promise((resolve) => program.on("exit", () => resolve()));
}
