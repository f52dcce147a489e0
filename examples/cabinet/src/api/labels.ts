/**
 * Words for the values of enums.
 *
 * Seam: the schema will have them in one query; then this file is that query.
 */

import { texts, useTexts } from "../i18n.ts";
// prettier-ignore
import type {
  AppealState, ApplicationState, Closed, ContractDocumentKind, Gap, InvoiceStatus, NoticeTopic,
  ObjectKind, PaymentLineKind, PaymentState, ReadingState, SubscriberType, UploadErrorCode, Zone,
} from "./generated/graphql.ts";

interface Labels {
  AppealState: Record<AppealState, string>;
  ApplicationState: Record<ApplicationState, string>;
  Closed: Record<Closed, string>;
  ContractDocumentKind: Record<ContractDocumentKind, string>;
  Gap: Record<Gap, string>;
  InvoiceStatus: Record<InvoiceStatus, string>;
  NoticeTopic: Record<NoticeTopic, string>;
  ObjectKind: Record<ObjectKind, string>;
  PaymentLineKind: Record<PaymentLineKind, string>;
  PaymentState: Record<PaymentState, string>;
  ReadingState: Record<ReadingState, string>;
  SubscriberType: Record<SubscriberType, string>;
  UploadErrorCode: Record<UploadErrorCode, string>;
  Zone: Record<Zone, string>;
}

const labels = texts<Labels>(
  {
    AppealState: { NEW: "Новое", IN_PROGRESS: "В работе", ANSWERED: "Есть ответ", CLOSED: "Закрыто" },
    ApplicationState: {
      DRAFT: "Черновик",
      SUBMITTED: "Подана",
      IN_REVIEW: "Рассматривается",
      QUESTION: "Вопрос к вам",
      APPROVED: "Одобрена",
      DECLINED: "Отклонена",
      WITHDRAWN: "Отозвана",
    },
    Closed: {
      ACCOUNT_CLOSED: "Договор расторгнут.",
      NO_METER: "Нет действующего прибора учёта.",
      METERS_REPORT_THEMSELVES: "Прибор передаёт показания сам.",
      NOT_ANNOUNCED: "Дни приёма показаний ещё не объявлены.",
      NOT_YET_OPEN: "Приём показаний ещё не начался.",
      ENDED: "Приём показаний за этот месяц закончен.",
    },
    ContractDocumentKind: {
      IDENTITY: "Паспорт",
      OWNERSHIP: "Право собственности",
      GRID_CONNECTION: "Акт технологического присоединения",
      POWER_OF_ATTORNEY: "Доверенность",
      OTHER: "Другой документ",
    },
    Gap: {
      OBJECTS: "хотя бы один объект",
      ADDRESS: "адрес",
      KIND: "вид объекта",
      POWER: "мощность",
      PURPOSE: "цель",
      IDENTITY_DOCUMENT: "паспорт",
      OWNERSHIP_DOCUMENT: "право собственности",
      GRID_CONNECTION_DOCUMENT: "акт технологического присоединения",
      POWER_OF_ATTORNEY_DOCUMENT: "доверенность",
    },
    InvoiceStatus: {
      PAID: "Оплачен",
      PROCESSING: "Платёж в обработке",
      PARTLY_PAID: "Оплачен частично",
      DUE: "К оплате",
      OVERDUE: "Просрочен",
    },
    NoticeTopic: {
      READING_REMINDERS: "Напоминания о показаниях",
      READING_RESULTS: "Приём показаний",
      BILLS: "Ежемесячный счёт",
      PAYMENTS: "Платежи",
      METERS: "Приборы учёта",
      ANSWERS: "Ответы на обращения и заявки",
    },
    ObjectKind: {
      APARTMENT: "Квартира",
      HOUSE: "Жилой дом",
      GARAGE: "Гараж",
      GARDEN: "Садовый участок",
      OTHER: "Другое",
    },
    PaymentLineKind: { DEBT: "Долг", PENALTY: "Пени", ADVANCE: "Аванс", COMMISSION: "Комиссия" },
    PaymentState: {
      CREATED: "Открывается страница оплаты",
      REGISTERED: "Ждём оплаты",
      PENDING: "Ждём ответа банка",
      SUCCEEDED: "Оплачено",
      DECLINED: "Банк отказал",
      EXPIRED: "Время вышло",
      CANCELED: "Отменён",
      PARTIALLY_REFUNDED: "Часть возвращена",
      REFUNDED: "Деньги возвращены",
    },
    ReadingState: {
      ACCEPTED: "Принято",
      NEEDS_CONFIRMATION: "Ждёт подтверждения",
      ON_REVIEW: "На проверке",
      SUPERSEDED: "Заменено",
      WITHDRAWN: "Отозвано",
      REJECTED: "Отклонено",
    },
    SubscriberType: { HOUSEHOLD: "Физ. лицо", BUSINESS: "Юр. лицо" },
    UploadErrorCode: {
      CONTENT_MISMATCH: "Содержимое файла не того вида.",
      CONTENT_UNSAFE: "Файл может быть опасен.",
      FILE_NAME_INVALID: "Имя файла не подходит.",
      KIND_UNSUPPORTED: "Такие файлы не принимаются.",
      QUOTA_EXCEEDED: "На сегодня файлов достаточно.",
      SIZE_INVALID: "Файл слишком велик или пуст.",
      SIZE_MISMATCH: "Файл пришёл не целиком.",
      TOO_SLOW: "Файл передавался слишком долго.",
      UPLOAD_NOT_FOUND: "Файл не найден.",
      VIRUS_FOUND: "В файле найден вирус.",
    },
    Zone: { SINGLE: "Круглосуточно", DAY: "День", NIGHT: "Ночь", PEAK: "Пик", HALF_PEAK: "Полупик" },
  },
  {
    AppealState: { NEW: "New", IN_PROGRESS: "In progress", ANSWERED: "Answered", CLOSED: "Closed" },
    ApplicationState: {
      DRAFT: "Draft",
      SUBMITTED: "Submitted",
      IN_REVIEW: "In review",
      QUESTION: "A question to you",
      APPROVED: "Approved",
      DECLINED: "Declined",
      WITHDRAWN: "Withdrawn",
    },
    Closed: {
      ACCOUNT_CLOSED: "The contract has ended.",
      NO_METER: "There is no meter in use.",
      METERS_REPORT_THEMSELVES: "The meter sends its readings itself.",
      NOT_ANNOUNCED: "The days for readings aren't announced yet.",
      NOT_YET_OPEN: "Readings aren't taken yet.",
      ENDED: "Readings of this month are no longer taken.",
    },
    ContractDocumentKind: {
      IDENTITY: "Passport",
      OWNERSHIP: "Proof of ownership",
      GRID_CONNECTION: "Grid connection certificate",
      POWER_OF_ATTORNEY: "Power of attorney",
      OTHER: "Another document",
    },
    Gap: {
      OBJECTS: "at least one object",
      ADDRESS: "an address",
      KIND: "the object's kind",
      POWER: "the power",
      PURPOSE: "the purpose",
      IDENTITY_DOCUMENT: "a passport",
      OWNERSHIP_DOCUMENT: "a proof of ownership",
      GRID_CONNECTION_DOCUMENT: "a grid connection certificate",
      POWER_OF_ATTORNEY_DOCUMENT: "a power of attorney",
    },
    InvoiceStatus: {
      PAID: "Paid",
      PROCESSING: "Payment in process",
      PARTLY_PAID: "Partly paid",
      DUE: "To pay",
      OVERDUE: "Overdue",
    },
    NoticeTopic: {
      READING_REMINDERS: "Reading reminders",
      READING_RESULTS: "Readings accepted",
      BILLS: "The monthly bill",
      PAYMENTS: "Payments",
      METERS: "Meters",
      ANSWERS: "Answers to appeals and applications",
    },
    ObjectKind: { APARTMENT: "Flat", HOUSE: "House", GARAGE: "Garage", GARDEN: "Garden plot", OTHER: "Something else" },
    PaymentLineKind: { DEBT: "Debt", PENALTY: "Penalty", ADVANCE: "Ahead", COMMISSION: "Commission" },
    PaymentState: {
      CREATED: "Opening the payment page",
      REGISTERED: "Waiting for your card",
      PENDING: "Waiting for the bank",
      SUCCEEDED: "Paid",
      DECLINED: "The bank refused",
      EXPIRED: "Out of time",
      CANCELED: "Canceled",
      PARTIALLY_REFUNDED: "Partly refunded",
      REFUNDED: "Refunded",
    },
    ReadingState: {
      ACCEPTED: "Accepted",
      NEEDS_CONFIRMATION: "Needs your confirmation",
      ON_REVIEW: "Being checked",
      SUPERSEDED: "Replaced",
      WITHDRAWN: "Withdrawn",
      REJECTED: "Rejected",
    },
    SubscriberType: { HOUSEHOLD: "Household", BUSINESS: "Business" },
    UploadErrorCode: {
      CONTENT_MISMATCH: "The file's content is of another kind.",
      CONTENT_UNSAFE: "The file may be dangerous.",
      FILE_NAME_INVALID: "The file's name won't do.",
      KIND_UNSUPPORTED: "Such files aren't taken.",
      QUOTA_EXCEEDED: "That's enough files for today.",
      SIZE_INVALID: "The file is too large, or empty.",
      SIZE_MISMATCH: "The file came incomplete.",
      TOO_SLOW: "The file took too long.",
      UPLOAD_NOT_FOUND: "The file wasn't found.",
      VIRUS_FOUND: "There is a virus in the file.",
    },
    Zone: { SINGLE: "All day", DAY: "Day", NIGHT: "Night", PEAK: "Peak", HALF_PEAK: "Half-peak" },
  },
);

export const useLabels = (): Labels => useTexts(labels);
