// Printed by `lk schema client apollo`. new InMemoryCache({ typePolicies }); select `edges`: `nodes` aren't merged.
import { relayStylePagination } from "@apollo/client/utilities";

export const typePolicies = {
  Abilities: { merge: true },
  AccountBalance: { merge: true },
  AccountHolder: { merge: true },
  AccountNotificationSettings: { merge: true },
  ContractRules: { merge: true },
  InvoiceExplanation: { merge: true },
  LinkFields: { merge: true },
  NotificationSettings: { merge: true },
  PasswordRules: { merge: true },
  PaymentPayer: { merge: true },
  PublicSettings: { merge: true },
  ReadingRules: { merge: true },
  ReadingWindow: { merge: true },
  Supplier: { merge: true },
  UploadRules: { merge: true },
  Account: { fields: { consumption: relayStylePagination(["where"]), invoiceArchive: relayStylePagination(["where"]), payments: relayStylePagination() } },
  Appeal: { fields: { messages: relayStylePagination() } },
  Register: { fields: { readings: relayStylePagination(["where"]) } },
  User: { fields: { notices: relayStylePagination(["where"]), payments: relayStylePagination(), appeals: relayStylePagination(["where"]), appealMessages: relayStylePagination(["where"]), contractApplications: relayStylePagination(), accessLog: relayStylePagination() } },
};
