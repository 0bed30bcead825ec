import type { Document, LineCounter, YAMLParseError, YAMLWarning } from 'yaml';
import { fail, ok, type Result } from '../core/result.ts';
import type { ConfigPath } from './config.ts';
import { quote } from './printable.ts';
import { parseStrictJson } from './strict-json.ts';

/** How a config file is written; its name's extension says which. */
export type ConfigSyntax = 'json' | 'yaml';

/** A position in a text, both counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A value with the way back to where it stands in the text. */
export interface ConfigText {
  readonly value: unknown;
  /** Where the value, or the unknown key, at this path stands; the nearest parent where the path ends earlier. */
  readonly locate: (path: ConfigPath) => Promise<Place | null>;
}

/** Text that cannot be read; `place` is null where the problem names its own. */
export interface ConfigTextProblem {
  readonly problem: string;
  readonly place: Place | null;
}

/** How deep a config file may be nested; the format itself needs five levels. */
const MAX_DEPTH = 32;

/**
 * Reads JSON or YAML of which there is only one understanding: strict UTF-8 (a byte order mark is skipped), no
 * duplicate keys; in YAML the 1.2 core schema, one document, and no anchors, aliases, tags, merge keys or
 * directives, so that what a person reads is what counts.
 */
export async function parseConfigText(
  bytes: Uint8Array,
  syntax: ConfigSyntax,
): Promise<Result<ConfigText, ConfigTextProblem>> {
  const body = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
  if (syntax === 'yaml') return parseYaml(body);
  const parsed = parseStrictJson(body, { maxDepth: MAX_DEPTH });
  const text = new TextDecoder().decode(body);
  if (!parsed.ok) {
    const { problem } = parsed.failure;
    const which = problem.includes('duplicate') ? await duplicateKey(text) : '';
    return fail({ problem: `is not strict JSON: ${problem}${which}`, place: null });
  }
  return ok({ value: parsed.value, locate: async (path) => place(await compose(text), path) });
}

/** The scan says where a key is there twice, but not which. */
async function duplicateKey(text: string): Promise<string> {
  if (tooDeep(text) !== null) return '';
  const twice = (await compose(text)).document.errors.find((one) => one.code === 'DUPLICATE_KEY');
  return twice === undefined ? '' : `: ${describeFlaw(twice, text)}`;
}

async function parseYaml(body: Uint8Array): Promise<Result<ConfigText, ConfigTextProblem>> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return fail({ problem: 'is not UTF-8', place: null });
  }
  const deep = tooDeep(text);
  if (deep !== null) return fail(deep);
  const composed = await compose(text);
  const { document } = composed;
  const [flaw] = [...document.errors, ...document.warnings];
  if (flaw !== undefined)
    return fail({ problem: describeFlaw(flaw, text), place: placeAt(composed, flaw.pos[0]) });
  const construct = await forbidden(composed);
  if (construct !== null) return fail(construct);
  return ok({ value: document.toJS({ maxAliasCount: 0 }), locate: async (path) => place(composed, path) });
}

interface Composed {
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
}

async function compose(text: string): Promise<Composed> {
  const yaml = await import('yaml');
  const lines = new yaml.LineCounter();
  const document = yaml.parseDocument(text, {
    version: '1.2',
    schema: 'core',
    strict: true,
    stringKeys: true,
    uniqueKeys: true,
    merge: false,
    resolveKnownTags: false,
    prettyErrors: false,
    logLevel: 'error',
    lineCounter: lines,
  });
  return { document, lines };
}

/**
 * YAML's parser recurses: what is nested too deeply for a config file is refused before. Brackets and leading
 * indicators are counted without regard to quotes, which is exact enough for the thousands that do harm.
 */
function tooDeep(text: string): ConfigTextProblem | null {
  const limit = MAX_DEPTH * 8;
  let open = 0;
  for (const [index, line] of text.split('\n').entries()) {
    const indicators = /^\s*(?:[-?:]\s+)*/.exec(line)?.[0].replaceAll(/\s/g, '').length ?? 0;
    const indent = /^ */.exec(line)?.[0].length ?? 0;
    for (const character of line) {
      if (character === '[' || character === '{') open += 1;
      if (character === ']' || character === '}') open = Math.max(0, open - 1);
      if (open > limit) break;
    }
    if (open > limit || indicators > MAX_DEPTH || indent > limit) {
      return { problem: `is nested deeper than ${MAX_DEPTH} levels`, place: { line: index + 1, column: 1 } };
    }
  }
  return null;
}

async function forbidden(composed: Composed): Promise<ConfigTextProblem | null> {
  const { visit, isAlias, isScalar } = await import('yaml');
  const { directives } = composed.document;
  if (directives.yaml.explicit === true || Object.keys(directives.tags).length > 1) {
    return { problem: 'a YAML directive (%) is not accepted here', place: { line: 1, column: 1 } };
  }
  let found: { readonly what: string; readonly at: number | undefined } | null = null;
  visit(composed.document, {
    Node: (_, node) => {
      let what: string | null = null;
      if (isAlias(node)) what = 'an alias (*)';
      else if (node.anchor !== undefined) what = 'an anchor (&)';
      // The parser notes a tag on a node only where one is written.
      else if (node.tag !== undefined) what = 'a tag (!)';
      else if (isScalar(node) && node.value === '__proto__') what = 'the word __proto__';
      if (what === null) return undefined;
      found = { what, at: node.range?.[0] };
      return visit.BREAK;
    },
  });
  return describeForbidden(composed, found);
}

function describeForbidden(
  composed: Composed,
  found: { readonly what: string; readonly at: number | undefined } | null,
): ConfigTextProblem | null {
  if (found === null) return null;
  return { problem: `${found.what} is not accepted here`, place: placeAt(composed, found.at ?? 0) };
}

async function place(composed: Composed, path: ConfigPath): Promise<Place | null> {
  const { isMap, isScalar, isSeq, isNode } = await import('yaml');
  let node: unknown = composed.document.contents;
  let at = isNode(node) ? node.range?.[0] : undefined;
  for (const key of path) {
    let next: unknown;
    if (isMap(node)) {
      const pair = node.items.find((one) => isScalar(one.key) && String(one.key.value) === String(key));
      if (pair === undefined) break;
      if (isNode(pair.key)) at = pair.key.range?.[0] ?? at;
      next = pair.value;
    } else if (isSeq(node)) {
      next = node.items[Number(key)];
      if (isNode(next)) at = next.range?.[0] ?? at;
    }
    node = next;
  }
  return at === undefined ? null : placeAt(composed, at);
}

function placeAt({ lines }: Composed, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function describeFlaw(flaw: YAMLParseError | YAMLWarning, text: string): string {
  if (flaw.code === 'MULTIPLE_DOCS') return 'expected one YAML document, got several';
  if (flaw.code === 'DUPLICATE_KEY') return `the key ${quote(wordAt(text, flaw.pos[0]))} is there twice`;
  return `is not YAML that can be read here: ${quote(flaw.message.split('\n')[0] ?? '').slice(1, -1)}`;
}

function wordAt(text: string, offset: number): string {
  return /^["']?([^"':,{}\s]*)/.exec(text.slice(offset, offset + 200))?.[1] ?? '';
}
