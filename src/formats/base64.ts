/**
 * The bytes of a base64 text in either alphabet (RFC 4648, sections 4 and 5), padded or not; null for anything else:
 * both alphabets in one text, line breaks, bits after the last byte.
 */
export function parseBase64(text: string): Buffer | null {
  const digits = /^(?:([A-Za-z0-9+/]*)|([A-Za-z0-9_-]*))(={0,2})$/.exec(text);
  if (digits === null) return null;
  const [, standard, url = '', padding = ''] = digits;
  const body = standard ?? url;
  if (padding !== '' && (body.length + padding.length) % 4 !== 0) return null;
  const bytes = Buffer.from(body, 'base64');
  const again = standard === undefined ? bytes.toString('base64url') : bytes.toString('base64');
  return again.replace(/=+$/, '') === body ? bytes : null;
}
