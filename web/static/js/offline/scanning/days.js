import { mark } from "../words.js";

const leap = (year) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

export const daysIn = (year, month) => (month === 2 && leap(year) ? 29 : [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]);

export function isoDate(year, month, day) {
  return [String(year).padStart(4, "0"), String(month).padStart(2, "0"), String(day).padStart(2, "0")].join("-");
}

/**
 * The day that YYMMDD means, null where there is none.  Day 00 is the last of the month; the
 * century puts the year between 49 years before and 50 years after this one.
 */
export function dateOf(yymmdd, today) {
  if (!/^[0-9]{6}$/.test(yymmdd)) return null;
  const [short, month, day] = [0, 2, 4].map((at) => Number(yymmdd.slice(at, at + 2)));
  const year = fullYear(short, Number(today.slice(0, 4)));
  if (month < 1 || month > 12 || day > daysIn(year, month)) return null;
  return isoDate(year, month, day || daysIn(year, month));
}

function fullYear(short, now) {
  const ahead = short - (now % 100);
  const century = Math.floor(now / 100) - (ahead >= 51 ? 1 : 0) + (ahead <= -50 ? 1 : 0);
  return century * 100 + short;
}

export function faultInDay(year, month, day, dayOptional) {
  if (month < 1 || month > 12) return mark("The date contains an illegal month of the year.");
  if (day === 0 && dayOptional) return null;
  return day >= 1 && day <= daysIn(year, month) ? null : mark("The date contains an illegal day of the month.");
}

const two = (value, at) => Number(value.slice(at, at + 2));

/** Why YYMMDD is no date; only leap years depend on the century, and 1976 to 2076 all have them. */
export const faultInShortDate = (value, dayOptional) => faultInDay(2000 + two(value, 0), two(value, 2), two(value, 4), dayOptional);
