/** Shorter values are never masked: they would tear ordinary text apart. In bytes. */
export const SHORTEST_SECRET = 6;

/**
 * The forms in which a secret may turn up in output (notes row 14): as it is, in JSON, URLs, HTML and XML, shell
 * quotes, hex and base64 at each of the three offsets; of a value with several lines each line as well. As
 * Latin-1 strings of the bytes. Reversed, spaced or encrypted text is not caught.
 */
export function secretVariants(value: string): string[] {
  const lines = value.split(/\r?\n|\r/).map((line) => line.trim());
  const parts = new Set([value, value.trim(), ...lines]);
  const forms = [...parts].filter(isLongEnough).flatMap(variantsOf);
  return [...new Set(forms)].filter((form) => form.length >= SHORTEST_SECRET);
}

/** Whether a value can be masked at all. */
export function isLongEnough(value: string): boolean {
  return Buffer.byteLength(value) >= SHORTEST_SECRET;
}

function variantsOf(value: string): string[] {
  const texts = [
    value,
    ...jsonForms(value),
    ...urlForms(value),
    ...markupForms(value),
    ...shellForms(value),
  ].map((text) => Buffer.from(text).toString('latin1'));
  const bytes = Buffer.from(value);
  const hex = bytes.toString('hex');
  return [...texts, hex, hex.toUpperCase(), ...base64Forms(bytes)];
}

/** JSON as JavaScript, PHP (`\/`), Python (ASCII only) and Go (`\u003c`) write it. */
function jsonForms(value: string): string[] {
  const plain = JSON.stringify(value).slice(1, -1);
  const unicode = (text: string) => `\\u${text.charCodeAt(0).toString(16).padStart(4, '0')}`;
  const ascii = plain.replaceAll(/[\u007f-\uffff]/g, unicode);
  return [
    plain,
    ascii,
    plain.replaceAll('/', '\\/'),
    ascii.replaceAll('/', '\\/'),
    plain.replaceAll(/[<>&]/g, unicode),
    JSON.stringify(plain).slice(1, -1),
  ];
}

function urlForms(value: string): string[] {
  const component = encodeURIComponent(value.toWellFormed());
  const strict = component.replaceAll(
    /[!'()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  const form = new URLSearchParams([['', value]]).toString().slice(1);
  const forms = [component, strict, form, encodeURI(value.toWellFormed())].flatMap((form) => [
    form,
    form.replaceAll('%20', '+'),
  ]);
  const lower = (form: string) => form.replaceAll(/%[0-9A-F]{2}/g, (one) => one.toLowerCase());
  return [...forms, ...forms.map(lower)];
}

function markupForms(value: string): string[] {
  const markup = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return [
    markup,
    markup.replaceAll('"', '&quot;'),
    markup.replaceAll('"', '&quot;').replaceAll("'", '&#39;'),
    markup.replaceAll('"', '&quot;').replaceAll("'", '&#x27;'),
    markup.replaceAll('"', '&quot;').replaceAll("'", '&apos;'),
    markup.replaceAll('"', '&#34;').replaceAll("'", '&#39;'),
  ];
}

/** Inside single quotes, both ways; inside double quotes; with backslashes as `printf %q` does. */
function shellForms(value: string): string[] {
  return [
    value.replaceAll("'", "'\\''"),
    value.replaceAll("'", `'"'"'`),
    value.replaceAll(/[\\"$`]/g, '\\$&'),
    value.replaceAll(/[^\w@%+=:,./\u0080-\uffff-]/g, '\\$&'),
  ];
}

/**
 * What of a value's base64 does not depend on what stands before and after it, for each of the three places
 * where the value may start within a group of three bytes; in both alphabets.
 */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const first = Math.ceil((offset * 8) / 6);
    const last = Math.floor(((offset + bytes.length) * 8) / 6);
    const stable = encoded.slice(first, last);
    return [stable, stable.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
