import type { Entities } from '@cedar-policy/cedar-wasm/web';
import { blocking, type GateDetail } from '../../core/gates/gate-document.ts';
import type { PolicyFolder } from '../../core/gates/policy-folder.ts';
import { fail, ok, type Result } from '../../core/result.ts';
import { type JsonValue, parseStrictJson } from '../../formats/strict-json.ts';
import { MANIFEST } from '../policy/policy-folder.ts';
import type { CedarEngine, CedarPolicySet } from './engine.ts';

const SCHEMA = 'schema.cedarschema';
const ENTITIES = 'entities.json';

/** The policies of a folder, prepared in the engine. */
export interface CedarPolicies {
  readonly set: CedarPolicySet;
  /** How many; each is evaluated for every question. */
  readonly count: number;
  /** What a policy calls itself, by id: `@code`, `@message`. */
  readonly annotations: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** From entities.json. */
  readonly entities: Entities;
  readonly warnings: readonly string[];
  /** Files in the folder that mean nothing to Cedar. */
  readonly notRead: readonly string[];
}

/** What an engine has prepared last: a run asks the same policies at admission, at closure, and at each look. */
const lastOf = new WeakMap<CedarEngine, { readonly digest: string; readonly policies: CedarPolicies }>();

/** Reads a folder's `*.cedar`, schema and entities. Anything that is not wholly understood is `policy_malformed`. */
export function preparePolicies(
  engine: CedarEngine,
  folder: PolicyFolder,
): Result<CedarPolicies, GateDetail> {
  const last = lastOf.get(engine);
  if (last?.digest === folder.digest) return ok(last.policies);
  const prepared = prepare(engine, folder);
  if (prepared.ok) lastOf.set(engine, { digest: folder.digest, policies: prepared.value });
  return prepared;
}

function prepare(engine: CedarEngine, { files, digest }: PolicyFolder): Result<CedarPolicies, GateDetail> {
  const policies: Record<string, string> = {};
  const annotations = new Map<string, Readonly<Record<string, string>>>();
  for (const [name, bytes] of files) {
    if (!name.endsWith('.cedar')) continue;
    const added = addFile(engine, { name, bytes, policies, annotations });
    if (added !== null) return fail(added);
  }
  const schema = textOf(files, SCHEMA);
  if (!schema.ok) return schema;
  const entities = entitiesOf(files.get(ENTITIES));
  if (!entities.ok) return entities;
  const set = { name: digest, policies, schema: schema.value };
  const prepared = engine.prepare(set);
  if (!prepared.ok) return fail(malformed(null, prepared.failure));
  return ok({
    set,
    count: annotations.size,
    annotations,
    entities: entities.value,
    warnings: prepared.value,
    notRead: [...files.keys()].filter((name) => !isRead(name)),
  });
}

function isRead(name: string): boolean {
  return name.endsWith('.cedar') || [SCHEMA, ENTITIES, MANIFEST].includes(name);
}

interface PolicyFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly policies: Record<string, string>;
  readonly annotations: Map<string, Readonly<Record<string, string>>>;
}

/** A policy is called by its `@id`, or by its file and place: two of one name would be one. */
function addFile(engine: CedarEngine, file: PolicyFile): GateDetail | null {
  const text = decode(file.bytes);
  if (text === null) return malformed(file.name, 'expected UTF-8, got other bytes');
  const parts = engine.split(text);
  if (!parts.ok) return malformed(file.name, parts.failure);
  if (parts.value.templates > 0) return malformed(file.name, 'templates are never linked; write policies');
  for (const [index, policy] of parts.value.policies.entries()) {
    const said = engine.annotationsOf(policy);
    if (!said.ok) return malformed(file.name, said.failure);
    const id = said.value.id ?? `${file.name}#${index + 1}`;
    if (file.annotations.has(id)) return malformed(file.name, `expected one policy with @id ${id}, got two`);
    file.policies[id] = policy;
    file.annotations.set(id, said.value);
  }
  return null;
}

function textOf(files: PolicyFolder['files'], name: string): Result<string | null, GateDetail> {
  const bytes = files.get(name);
  if (bytes === undefined) return ok(null);
  const text = decode(bytes);
  return text === null ? fail(malformed(name, 'expected UTF-8, got other bytes')) : ok(text);
}

function entitiesOf(bytes: Uint8Array | undefined): Result<Entities, GateDetail> {
  if (bytes === undefined) return ok([]);
  const json = parseStrictJson(bytes);
  if (!json.ok) return fail(malformed(ENTITIES, json.failure.problem));
  return isList(json.value) ? ok(json.value) : fail(malformed(ENTITIES, 'expected a list of entities'));
}

/** Cedar checks each entity itself, when it is asked. */
function isList(value: JsonValue): value is JsonValue & Entities {
  return Array.isArray(value);
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function malformed(about: string | null, message: string): GateDetail {
  return blocking(
    'policy_malformed',
    about,
    message,
    'mend the policy, commit it to the base, and start a fresh run: this one goes on with the base that it began with',
  );
}
