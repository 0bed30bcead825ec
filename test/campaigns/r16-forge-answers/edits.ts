import type { Wire } from '../../forge/faults.ts';

/** One way to spoil an answer. */
export interface Edit {
  /** `drop head.sha`, `status 503`. */
  readonly name: string;
  /** The field, with `*` for each place in a list; null where the whole answer is spoiled. */
  readonly field: string | null;
  readonly kind: EditKind;
  readonly apply: (wire: Wire) => Wire;
}

export type EditKind = 'drop' | 'null' | 'retype' | 'whole';

type Step = string | number;

/** Of a list, these places are tried. */
const PLACES = (length: number): readonly number[] =>
  [...new Set([0, Math.floor(length / 2), length - 1])].filter((at) => at >= 0);

const STATUSES = [
  ...[201, 202, 204, 206, 301, 302, 304, 307, 400, 401, 403, 404, 405, 409, 410],
  ...[418, 422, 429, 451, 500, 501, 502, 503, 504],
] as const;

/** Everything that is tried on one answer: each field dropped, nulled, retyped; each status; the page lost. */
export function editsOf(wire: Wire): readonly Edit[] {
  return [...wholeEdits(wire), ...(wire.status === 200 ? fieldEdits(JSON.parse(wire.text)) : [])];
}

function wholeEdits(wire: Wire): readonly Edit[] {
  const whole = (name: string, apply: (wire: Wire) => Wire): Edit => ({
    ...{ name, field: null, kind: 'whole', apply },
  });
  const statuses = STATUSES.filter((status) => status !== wire.status);
  const { link, ...others } = wire.headers;
  return [
    ...statuses.map((status) => whole(`status ${status}`, (one) => ({ ...one, status }))),
    whole('cut', (one) => ({ ...one, end: 'cut' })),
    whole('never comes', (one) => ({ ...one, end: 'held' })),
    ...[
      '',
      ' ',
      'null',
      '0',
      '""',
      '[]',
      '{}',
      '{"message":"Not Found"}',
      '<html></html>',
      wire.text.slice(0, -1),
    ]
      .filter((text) => wire.status === 200 && !sameJson(text, wire.text))
      .map((text) =>
        whole(`body ${text.slice(0, 24)}`, (one) => (one.status === 200 ? { ...one, text } : one)),
      ),
    ...(link === undefined || !link.includes('rel="next"')
      ? []
      : [
          whole('next page lost', (one) => ({ ...one, headers: { ...others, 'x-next-page': '' } })),
          whole('link to another host', (one) => ({
            ...one,
            headers: {
              ...one.headers,
              link: link.replaceAll(/https?:\/\/[^/]+/g, 'http://elsewhere.invalid'),
            },
          })),
        ]),
  ];
}

/** Each field of the document: objects' own fields, and list entries at some places. */
function fieldEdits(document: unknown): readonly Edit[] {
  return pathsOf(document, []).flatMap(({ path, value }) => {
    const field = path.map((step) => (typeof step === 'number' ? '*' : step)).join('.');
    const edit = (name: string, kind: EditKind, change: (holder: object, key: Step) => void): Edit => ({
      name: `${name} ${path.join('.')}`,
      ...{ field, kind },
      apply: (wire) => (wire.status === 200 ? { ...wire, text: changed(wire.text, path, change) } : wire),
    });
    const set = (name: string, kind: EditKind, other: unknown): Edit =>
      edit(name, kind, (holder, key) => void Reflect.set(holder, key, other));
    const dropped =
      typeof path.at(-1) === 'string'
        ? [edit('drop', 'drop', (holder, key) => void Reflect.deleteProperty(holder, key))]
        : [];
    const nulled = value === null ? [] : [set('null', 'null', null)];
    return [...dropped, ...nulled, ...retyped(value).map(([name, other]) => set(name, 'retype', other))];
  });
}

/** Values of other types. */
function retyped(value: unknown): readonly (readonly [name: string, other: unknown])[] {
  if (value === null) return [['retype to a list', []]];
  if (Array.isArray(value)) return [['retype to an object', {}]];
  switch (typeof value) {
    case 'string':
      return [
        ['retype to a number', 7],
        ['retype to a list', [value]],
      ];
    case 'number':
      return [['retype to a text', `${value}`]];
    case 'boolean':
      return [['retype to a text', `${value}`]];
    default:
      return [['retype to a list', [value]]];
  }
}

function pathsOf(value: unknown, at: readonly Step[]): readonly { path: readonly Step[]; value: unknown }[] {
  if (typeof value !== 'object' || value === null) return [];
  const entries: readonly (readonly [Step, unknown])[] = Array.isArray(value)
    ? PLACES(value.length).map((place) => [place, value[place]])
    : Object.entries(value);
  return entries.flatMap(([step, inner]) => {
    const path = [...at, step];
    return [{ path, value: inner }, ...pathsOf(inner, path)];
  });
}

function changed(text: string, path: readonly Step[], change: (holder: object, key: Step) => void): string {
  const document: unknown = JSON.parse(text);
  let holder: unknown = document;
  for (const step of path.slice(0, -1))
    holder = typeof holder === 'object' && holder !== null ? Reflect.get(holder, step) : null;
  const key = path.at(-1);
  if (typeof holder === 'object' && holder !== null && key !== undefined) change(holder, key);
  return JSON.stringify(document);
}

function sameJson(text: string, other: string): boolean {
  try {
    return JSON.stringify(JSON.parse(text)) === JSON.stringify(JSON.parse(other));
  } catch {
    return false;
  }
}
