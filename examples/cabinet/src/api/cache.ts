import { type Cache, cacheExchange } from "@urql/exchange-graphcache";
import { relayPagination } from "@urql/exchange-graphcache/extras";

import result from "./generated/possible-types.ts";

/** Types without an id: parts of the object that holds them. `lk schema client graphcache` prints all. */
// prettier-ignore
const parts = [
  "AccountBalance", "AccountHolder", "AccountLinkPreview", "ContractApplicationStep", "ContractGap", "ContractPlace", "ContractRules",
  "EnumLabel", "EnumLabels", "InvoiceChange", "InvoiceExplanation", "InvoiceReading", "LinkField", "LinkFields",
  "NotificationSettings", "PasswordRequirement", "PasswordRules", "PaymentPayer", "PaymentPreview",
  "PaymentPreviewLine", "PaymentPreviewPart", "PreviewFinding", "PublicSettings", "ReadingEntryOutcome", "ReadingFinding",
  "ReadingPreviewEntry", "ReadingRules", "ReadingWindow", "ReadingsPreview", "UploadForm", "UploadRules",
];

/**
 * A normalised cache: what a mutation or a subscription returns is at once on all pages.
 *
 * Payloads carry what they change, and lists are asked for again when their page is opened, so only
 * what comes by itself needs code here.
 */
export const cache = () =>
  cacheExchange({
    possibleTypes: result.possibleTypes,
    keys: Object.fromEntries(parts.map((type) => [type, () => null])),
    resolvers: {
      Account: { invoiceArchive: relayPagination() },
      User: {
        appeals: relayPagination(),
        invoices: relayPagination(),
        notices: relayPagination(),
        payments: relayPagination(),
      },
      Appeal: { messages: relayPagination() },
    },
    updates: {
      // What was added isn't in the lists yet, so they are asked for again.
      Subscription: {
        noticeAdded: (_result, _args, store) => forget(store, store.resolve("Query", "viewer"), ["notices"]),
        appealMessageAdded({ appealMessageAdded: message }, _args, store) {
          const { appeal } = (message ?? {}) as { appeal?: { id: string } };
          if (!appeal) return;
          forget(store, store.keyOfEntity({ __typename: "Appeal", ...appeal }), ["messages"]);
          forget(store, store.resolve("Query", "viewer"), ["appeals"]);
        },
      },
    },
  });

/** Makes queries ask again for these fields of an object, whatever their arguments. */
function forget(store: Cache, entity: unknown, fields: readonly string[]) {
  if (typeof entity !== "string") return;
  for (const { fieldName, arguments: args } of store.inspectFields(entity))
    if (fields.includes(fieldName)) store.invalidate(entity, fieldName, args);
}
