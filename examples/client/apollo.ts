// Printed by `lk schema client apollo`. new InMemoryCache({ typePolicies, possibleTypes }); select `edges`: `nodes` aren't merged.
import { relayStylePagination } from "@apollo/client/utilities";

export const typePolicies = {
  Abilities: { merge: true },
  AccountBalance: { merge: true },
  AccountHolder: { merge: true },
  AccountLinkUndoPreview: { merge: true },
  AccountNotificationSettings: { merge: true },
  AppealRules: { merge: true },
  ContractRules: { merge: true },
  IdempotencyRules: { merge: true },
  InvoiceExplanation: { merge: true },
  LinkFields: { merge: true },
  MailedLinkRules: { merge: true },
  NameRules: { merge: true },
  NotificationSettings: { merge: true },
  NotificationsUnsubscribePreview: { merge: true },
  PasswordRules: { merge: true },
  PaymentPayer: { merge: true },
  PaymentRules: { merge: true },
  PublicSettings: { merge: true },
  ReadingPreviewSurcharge: { merge: true },
  ReadingRules: { merge: true },
  ReadingWindow: { merge: true },
  Supplier: { merge: true },
  UploadRules: { merge: true },
  Account: { fields: { consumption: relayStylePagination(["where"]), consumptionByMonth: relayStylePagination(["where"]), invoiceArchive: relayStylePagination(["where"]), payments: relayStylePagination() } },
  Appeal: { fields: { messages: relayStylePagination() } },
  Register: { fields: { readings: relayStylePagination(["where"]) } },
  User: { fields: { notices: relayStylePagination(["where"]), invoices: relayStylePagination(["where"]), payments: relayStylePagination(), appeals: relayStylePagination(["where"]), appealMessages: relayStylePagination(["where"]), contractApplications: relayStylePagination(), accessLog: relayStylePagination() } },
};

export const possibleTypes = {
  AppealSubject: ["Account", "Invoice", "Meter", "Payment", "ReceivedPayment"],
  Node: ["AccessNote", "Account", "Appeal", "AppealAttachment", "AppealMessage", "AppealTopic", "Consent", "ConsentDocument", "Contract", "ContractApplication", "ContractDocument", "ErasureRequest", "FiscalReceipt", "Invoice", "InvoiceLine", "Meter", "Notice", "Payment", "PaymentPart", "PersonalDataExport", "Reading", "ReceivedPayment", "Refund", "Register", "Session", "Upload", "User"],
  NoticeSubject: ["Account", "Appeal", "ContractApplication", "Invoice", "Meter", "Payment", "Reading"],
  UserError: ["AccountError", "AppealError", "ContractError", "IdentityError", "NotificationError", "PaymentError", "ProfileError", "ReadingError", "UploadError"],
};
