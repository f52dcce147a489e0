import { type Cache, cacheExchange, type UpdateResolver } from "@urql/exchange-graphcache";
import { relayPagination } from "@urql/exchange-graphcache/extras";

import result from "./generated/possible-types.ts";

/** Types without an id: they are parts of the object that holds them. */
// prettier-ignore
const parts = [
  "Abilities", "AccountBalance", "AccountHolder", "AppealAttachment", "AppealTopic", "Captcha",
  "Consent", "Contract", "ContractDocument", "ContractGap", "ContractPlace", "ContractRules",
  "ContractApplicationStep", "EnumLabel", "EnumLabels", "FiscalReceipt", "InvoiceChange", "InvoiceExplanation", "InvoiceLine",
  "InvoiceReading", "LinkField", "LinkFields", "MonthlyConsumption", "NotificationSettings",
  "PasswordRequirement", "PasswordRules", "PaymentPart", "PublicSettings", "ReadingFinding",
  "ReadingRules", "ReadingWindow", "Supplier", "UploadForm", "UploadRules",
];

/**
 * A normalised cache: what a mutation or a subscription returns is at once on all pages.
 *
 * Payloads carry the changed object, so most updates need no code here; `updates` has those that
 * change a list.
 */
export const cache = () =>
  cacheExchange({
    possibleTypes: result.possibleTypes,
    keys: Object.fromEntries(parts.map((type) => [type, () => null])),
    resolvers: {
      Account: { invoiceArchive: relayPagination() },
      User: { appeals: relayPagination(), notices: relayPagination(), payments: relayPagination() },
      Appeal: { messages: relayPagination() },
    },
    updates: {
      // Seam: payloads that don't return `viewer` yet. Their lists are asked for again.
      Mutation: Object.fromEntries(
        Object.entries({
          accountLink: ["accounts", "contracts"],
          accountUnlink: ["accounts", "contracts"],
          appealCreate: ["appeals"],
          appealMarkRead: ["unreadAppealMessages"],
          contractApplicationCreate: ["contractApplications"],
          paymentStart: ["payments"],
        }).map(([mutation, fields]): [string, UpdateResolver] => [
          mutation,
          (_result, _args, store) => forget(store, store.resolve("Query", "viewer"), fields),
        ]),
      ),
      // Seam: what was added isn't in the lists yet, so they are asked for again.
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
