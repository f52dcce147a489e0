/** All that pages use of this folder, and what another frontend copies. */

export * as api from "./generated/graphql.ts";
export { createApi, fileUrl } from "./client.ts";
export { type Draft, draftOf } from "./drafts.ts";
export { once } from "./idempotency.ts";
export { useLabel, useOptions } from "./labels.ts";
export { useMutate } from "./mutate.ts";
export { forget, type Sending, useOutbox, useResend, useSend } from "./outbox.ts";
export { usePolling } from "./polling.ts";
export { usePreview } from "./preview.ts";
export { faultKind, isTemporary, isUncertain, type Problem, refusals } from "./problems.ts";
export { isDecimal, isPositive } from "./scalars.ts";
export { mayBeSignedIn, sessionBegan, sessionEnded, useSession } from "./session.ts";
export { useIsLiveOff } from "./socket.ts";
export { useUpload } from "./uploads.ts";
