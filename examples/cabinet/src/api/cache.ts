import { cacheExchange } from "@urql/exchange-graphcache";
import { relayPagination } from "@urql/exchange-graphcache/extras";

import result from "./generated/possible-types.ts";

/** Types without an id: they are parts of the object that holds them. */
const parts = [
  "Abilities", "AccountBalance", "AccountHolder", "AppealAttachment", "AppealTopic", "Captcha",
  "Consent", "Contract", "ContractDocument", "ContractGap", "ContractPlace", "ContractRules",
  "ContractApplicationStep", "FiscalReceipt", "InvoiceChange", "InvoiceExplanation", "InvoiceLine",
  "InvoiceReading", "LinkField", "LinkFields", "MonthlyConsumption", "NotificationSettings",
  "PasswordRequirement", "PasswordRules", "PaymentPart", "PublicSettings", "ReadingFinding",
  "ReadingRules", "ReadingWindow", "Supplier", "UploadForm", "UploadRules",
]; // prettier-ignore

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
      User: {
        appeals: relayPagination(),
        notices: relayPagination(),
        payments: relayPagination(),
      },
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
        }).map(([mutation, fields]) => [
          mutation,
          (_result, _args, store) => {
            const viewer = store.resolve("Query", "viewer") as string | null;
            for (const { fieldName, arguments: args } of viewer ? store.inspectFields(viewer) : [])
              if (fields.includes(fieldName)) store.invalidate(viewer!, fieldName, args);
          },
        ]),
      ),
    },
  });
