/** What `JSON.stringify` leaves as it is and a terminal or a CI log would act on. Only strings can hold it. */
const UNSAFE = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|##(?=[a-z]*\[)/gi;

/** The same JSON value, spelt with escapes: a reader gets exactly what it would have got. */
export function harmlessJson(json: string): string {
  return json.replace(UNSAFE, (found) =>
    found.startsWith('#') ? '#\\u0023' : `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
