/** In every value, so that a part of one is found as well. */
const MARK = 'c4n4ry';

/** Has what each encoding treats in its own way. */
const value = (source: string): string => `${MARK}-${source}/"Tok en+&<é>'7b1f`;

/** A secret for each way that one can come to the orchestrator; the name of a variable and what it holds. */
export const CANARIES = {
  DEPLOY_TOKEN: value('passed-on'),
  MY_PASSWORD: value('withheld'),
  PLAIN_WORD: value('named'),
  API_KEY: value('role'),
  CONFIG_SECRET: value('config'),
  ARG_TOKEN: value('argument'),
  TLS_PRIVATE_KEY: `${MARK}-first-line-8c1d\n${MARK}-second line+/~\n${MARK}-third-line-77`,
} as const;

/** The password inside a URL is a secret, whatever the variable is called. */
export const PASSWORD_IN_URL = `${MARK}-inurl-5e0a`;

/** A value as it stands in some output, and the part of that by which it is found. */
interface Form {
  readonly name: string;
  readonly text: string;
  readonly trace: string;
}

/** A value in each encoding that is promised to be masked; of one with several lines each line as well. */
export function formsOf(secret: string): readonly Form[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  const plain = [
    { name: 'raw', text: secret },
    { name: 'JSON', text: JSON.stringify(secret).slice(1, -1) },
    { name: 'URL', text: encodeURIComponent(secret) },
    { name: 'hex', text: hex },
    { name: 'HEX', text: hex.toUpperCase() },
  ].map(({ name, text }) => ({ name, text, trace: text }));
  const lines = secret.split('\n');
  return [
    ...plain,
    ...[0, 1, 2].flatMap((offset) => base64Forms(bytes, offset)),
    ...(lines.length === 1 ? [] : lines.map((line) => ({ name: 'one line', text: line, trace: line }))),
  ];
}

/** The trace is what does not depend on the bytes before and after the value. */
function base64Forms(bytes: Buffer, offset: number): readonly Form[] {
  const whole = Buffer.concat([Buffer.from('xyz'.slice(0, offset)), bytes, Buffer.from('tail')]);
  const stable = [Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6)];
  return (['base64', 'base64url'] as const).map((alphabet) => {
    const text = whole.toString(alphabet);
    return { name: `${alphabet} at ${offset}`, text, trace: text.slice(...stable) };
  });
}

/** All that is planted. */
export const SECRETS: readonly string[] = [...Object.values(CANARIES), PASSWORD_IN_URL];

/** What an agent prints: every secret in every form, one on a line. */
export const LEAK: string = SECRETS.flatMap(formsOf)
  .map(({ text }) => `seen: ${text} :seen\n`)
  .join('');

/** What is found of the secrets in a text, by form. */
export function tracesIn(text: Buffer): readonly string[] {
  const found = SECRETS.flatMap((secret) =>
    formsOf(secret)
      .filter(({ trace }) => text.includes(trace))
      .map(({ name }) => `${secret.slice(0, 20).split('\n')[0]} in ${name}`),
  );
  return found.length === 0 && text.includes(MARK) ? [`a part: ${MARK}`] : found;
}
