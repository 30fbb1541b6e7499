/** A moment for people, in the forms of app/kit/formats.py: `2026-11-22 13:45`, `22 Nov 2026, 13:45`. */
const FORMS = {
  en: ["en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" }],
  zh: ["sv-SE", { dateStyle: "short", timeStyle: "short" }], // ISO 8601, which Chinese itself has no form for
};

export function shownMoment(moment, language, timeZone = undefined) {
  const [locale, form] = FORMS[language.slice(0, 2)] ?? FORMS.zh;
  return new Intl.DateTimeFormat(locale, { ...form, timeZone }).format(moment);
}
