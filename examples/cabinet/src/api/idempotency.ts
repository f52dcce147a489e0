/**
 * Idempotency keys that outlive a lost answer, also a reload of the page.
 *
 * A key belongs to an operation and its input. It is made when the person presses the button, and
 * forgotten when an answer is there: until then the same input is sent with the same key.
 */

import type { Outcome } from "./mutate.ts";
import { isUncertain } from "./problems.ts";

export async function once<Payload>(
  operation: string,
  input: unknown,
  send: (key: string) => Promise<Outcome<Payload>>,
): Promise<Outcome<Payload>> {
  const place = `lk.key.${operation}`;
  const text = JSON.stringify(input);
  const [known, sent] = JSON.parse(sessionStorage.getItem(place) ?? "[]") as string[];
  const key = known && sent === text ? known : crypto.randomUUID();
  sessionStorage.setItem(place, JSON.stringify([key, text]));
  const outcome = await send(key);
  if (!outcome.problems?.some(isUncertain)) sessionStorage.removeItem(place);
  return outcome;
}
