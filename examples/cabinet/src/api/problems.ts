/** Refusals and faults in one form: a text and, if it concerns one, the field of a form. */

import type { CombinedError } from "@urql/core";

import type { ProblemFragment } from "./generated/graphql.ts";

export interface Problem {
  /** `path` of the API joined by dots, which is the name of the field: `proof.billTotal`. */
  readonly field: string;
  readonly message: string;
  /** The code of a refusal, or of `extensions` for a fault. */
  readonly reason: string;
  /** Set where another try is taken from then on. */
  readonly retryAt?: string | null;
}

/** Refusals by business rules: data, in the language of the request. */
export function refusals(errors: readonly ProblemFragment[]): Problem[] {
  return errors.map(({ path, message, reason, ...rest }) => ({
    field: path.join("."),
    message,
    reason,
    retryAt: "retryAt" in rest ? (rest.retryAt as string | null) : null,
  }));
}

/** Faults of the network, the server or this program. */
export function fault(error: CombinedError, texts: Record<FaultKind, string>): Problem {
  const kind = faultKind(error);
  return { field: "", message: texts[kind], reason: kind };
}

export type FaultKind = "offline" | "busy" | "ended" | "broken";

export function faultKind({ networkError, graphQLErrors, response }: CombinedError): FaultKind {
  const code = graphQLErrors[0]?.extensions.code;
  if (code === "UNAUTHENTICATED") return "ended";
  if (code === "UNAVAILABLE" || code === "RATE_LIMITED" || response?.status === 503) return "busy";
  return networkError ? "offline" : "broken";
}

/** Whether the request may have come through, so that a repeat needs the same idempotency key. */
export function isUncertain({ reason }: Problem): boolean {
  return reason === "offline" || reason === "busy" || reason === "broken";
}

const LATER = new Set(["ended", "TOO_SLOW", "UPLOAD_NOT_FOUND", "QUOTA_EXCEEDED"]);

/** Whether the same may be accepted later: after a new try, the next sign-in, or a day. */
export function isTemporary(problem: Problem): boolean {
  return isUncertain(problem) || LATER.has(problem.reason);
}
