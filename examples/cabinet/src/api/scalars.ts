/**
 * The API's scalars as strings that can't be mixed up. None of them is ever a float: `Money` and
 * `Quantity` are decimals, which are compared and added as whole kopecks or formatted as they are.
 */

declare const scalar: unique symbol;
type Scalar<Name extends string> = string & { readonly [scalar]: Name };

/** Rubles with two decimals: "1234.56". */
export type Money = Scalar<"Money">;
/** A decimal; its unit is in the field's name. */
export type Quantity = Scalar<"Quantity">;
/** A month: "2026-10". */
export type Period = Scalar<"Period">;
/** A day in the supplier's time zone: "2026-10-25" (the schema's `Date`). */
export type Day = Scalar<"Date">;
/** A moment, in UTC. */
export type DateTime = Scalar<"DateTime">;
/** An absolute address. */
export type Url = Scalar<"Url">;

export function kopecks(money: Money): bigint {
  return BigInt(money.replace(".", ""));
}

export function isPositive(money: Money): boolean {
  return kopecks(money) > 0n;
}

export function sum(amounts: Money[]): Money {
  const total = amounts.reduce((so_far, amount) => so_far + kopecks(amount), 0n);
  const digits = (total < 0n ? -total : total).toString().padStart(3, "0");
  return `${total < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}` as Money;
}

/** Whether typed text is a decimal, as the API reads it: with a point or a comma. */
export const isDecimal = (text: string) => /^\d+([.,]\d+)?$/.test(text.trim());
