/** Russian and English: the chosen language, texts in both, and the formats of numbers and days. */

import { createContext, useContext, useMemo } from "react";

import type { FaultKind } from "./api/problems.ts";
import type { DateTime, Day, Money, Period, Quantity } from "./api/scalars.ts";

export type Language = "ru" | "en";

/** The language and how to change it. */
export const LanguageContext = createContext<[Language, (language: Language) => void]>(["ru", () => undefined]);
export const useLanguage = () => useContext(LanguageContext);

const PLACE = "lk.language";

export function storedLanguage(): Language {
  const known = localStorage.getItem(PLACE) ?? navigator.language.slice(0, 2);
  return known === "en" ? "en" : "ru";
}

export const storeLanguage = (language: Language) => localStorage.setItem(PLACE, language);

/** The same texts in both languages; TypeScript finds one that is missing. */
export function texts<T>(ru: T, en: NoInfer<T>): Record<Language, T> {
  return { ru, en };
}

/** The texts in the language of the page. Each page has its own beside it, loaded with it. */
export function useTexts<T>(both: Record<Language, T>): T {
  return both[useLanguage()[0]];
}

const faultTexts = texts<Record<FaultKind, string>>(
  {
    offline: "Нет связи. Проверьте интернет и попробуйте ещё раз.",
    busy: "Сервис сейчас занят. Попробуйте через минуту.",
    ended: "Сеанс закончился. Войдите ещё раз.",
    broken: "Что-то сломалось на нашей стороне. Мы уже знаем об этом.",
  },
  {
    offline: "No connection. Check your internet and try again.",
    busy: "The service is busy. Try again in a minute.",
    ended: "Your session has ended. Sign in again.",
    broken: "Something broke on our side. We know about it already.",
  },
);
export const useFaultTexts = () => useTexts(faultTexts);

/** Formats for people. Decimals stay text: `Intl` takes them as they are, to the last digit. */
export function useFormat() {
  const [language] = useLanguage();
  return useMemo(() => formats(language === "ru" ? "ru-RU" : "en-GB"), [language]);
}

function formats(locale: string) {
  const rubles = new Intl.NumberFormat(locale, { style: "currency", currency: "RUB", currencyDisplay: "narrowSymbol" });
  const decimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 6 });
  const bytes = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" });
  const month = new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" });
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const short = (text: string) => text.replace(" г.", "");
  const exact = (text: string) => text as `${number}`;
  return {
    money: (amount: Money) => rubles.format(exact(amount)),
    quantity: (value: Quantity) => decimal.format(exact(value)),
    about: (value: Quantity) => whole.format(exact(value)),
    size: (count: number) =>
      count < 100_000 ? `${whole.format(Math.ceil(count / 1024))} KB` : `${bytes.format(count / 1024 / 1024)} MB`,
    day: (value: Day) => short(day.format(new Date(value))),
    moment: (value: DateTime) => moment.format(new Date(value)),
    period(value: Period) {
      const text = short(month.format(new Date(`${value}-01`)));
      return text.charAt(0).toUpperCase() + text.slice(1);
    },
  };
}
