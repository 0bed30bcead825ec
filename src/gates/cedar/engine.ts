import type * as Cedar from '@cedar-policy/cedar-wasm/web';
import { fail, ok, type Result } from '../../core/result.ts';

/** One question to prepared policies. */
export interface CedarRequest {
  readonly action: string;
  readonly principal: Cedar.TypeAndId;
  readonly resource: Cedar.TypeAndId;
  readonly context: Cedar.Context;
  readonly entities: Cedar.Entities;
}

/** Cedar's answer: the policies that decided, and what went wrong in any that was tried. */
export interface CedarAnswer {
  readonly decision: string;
  readonly reasons: readonly string[];
  readonly errors: readonly { readonly policy: string; readonly message: string }[];
}

export interface CedarPolicySet {
  /** What the engine keeps it under: two sets of one name are one. */
  readonly name: string;
  /** Id to the text of one policy. */
  readonly policies: Readonly<Record<string, string>>;
  readonly schema: string | null;
}

/** The engine. A failure is Cedar's own words, bounded; after a trap of the module every call fails. */
export interface CedarEngine {
  /** The single policies of a text, and how many templates are in it. */
  split(text: string): Result<{ readonly policies: readonly string[]; readonly templates: number }, string>;
  annotationsOf(policy: string): Result<Readonly<Record<string, string>>, string>;
  /** Keeps a policy set for `decide`, held to its schema where it has one. Gives the validator's warnings. */
  prepare(set: CedarPolicySet): Result<readonly string[], string>;
  /** Asks a set that was prepared. */
  decide(set: CedarPolicySet, request: CedarRequest): Result<CedarAnswer, string>;
}

const WORDS = 500;

/** The package keeps one instance per process, whatever bytes it is given later. */
let started: CedarEngine | null = null;

/** What the module threw, once it has: its memory is not to be trusted after a trap (too deep for the stack, say). */
let broken: string | null = null;

/**
 * Starts the engine from the bytes of its module (4 MB), and tries it: about 0.1 s, most of it compiling what the first
 * decision runs through. The second call gives the same engine. Throws on bytes that are no such module, and where what
 * must be denied is not.
 */
export async function startCedar(module: Uint8Array<ArrayBuffer>): Promise<CedarEngine> {
  if (started !== null) return started;
  const cedar = await import('@cedar-policy/cedar-wasm/web');
  cedar.initSync({ module });
  const engine = engineOf(cedar);
  tryOut(engine);
  started = engine;
  return engine;
}

function engineOf(cedar: typeof Cedar): CedarEngine {
  return {
    split: (text) =>
      guarded(() => {
        const answer = cedar.policySetTextToParts(text);
        return answer.type === 'success'
          ? ok({ policies: answer.policies, templates: answer.policy_templates.length })
          : fail(words(answer.errors));
      }),
    annotationsOf: (policy) =>
      guarded(() => {
        const answer = cedar.policyToJson(policy);
        return answer.type === 'success' ? ok(answer.json.annotations ?? {}) : fail(words(answer.errors));
      }),
    prepare: (set) => guarded(() => prepare(cedar, set)),
    decide: (set, request) => guarded(() => decide(cedar, set, request)),
  };
}

function prepare(
  cedar: typeof Cedar,
  { name, policies, schema }: CedarPolicySet,
): Result<readonly string[], string> {
  const set = cedar.preparsePolicySet(name, { staticPolicies: { ...policies } });
  if (set.type !== 'success') return fail(words(set.errors));
  if (schema === null) return ok([]);
  const parsed = cedar.preparseSchema(name, schema);
  if (parsed.type !== 'success') return fail(`schema: ${words(parsed.errors)}`);
  const answer = cedar.validate({ schema, policies: { staticPolicies: { ...policies } } });
  if (answer.type !== 'success') return fail(words(answer.errors));
  const [error] = answer.validationErrors;
  if (error !== undefined) return fail(`${error.policyId}: ${words([error.error])}`);
  return ok(
    answer.validationWarnings.map(({ policyId, error: warning }) => `${policyId}: ${words([warning])}`),
  );
}

function decide(
  cedar: typeof Cedar,
  { name, schema }: CedarPolicySet,
  request: CedarRequest,
): Result<CedarAnswer, string> {
  const answer = cedar.statefulIsAuthorized({
    principal: request.principal,
    action: { type: 'Orchestrator::Action', id: request.action },
    resource: request.resource,
    context: request.context,
    entities: request.entities,
    preparsedPolicySetId: name,
    ...(schema === null ? {} : { preparsedSchemaName: name, validateRequest: true }),
  });
  if (answer.type !== 'success') return fail(words(answer.errors));
  const { decision, diagnostics } = answer.response;
  const errors = diagnostics.errors.map(({ policyId, error }) => ({
    policy: policyId,
    message: words([error]),
  }));
  return ok({ decision, reasons: diagnostics.reason, errors });
}

function guarded<Value>(call: () => Result<Value, string>): Result<Value, string> {
  if (broken !== null) return fail(`the engine has broken before: ${broken}`);
  try {
    return call();
  } catch (error) {
    broken = (error instanceof Error ? error.message : String(error)).slice(0, WORDS);
    return fail(`the engine broke: ${broken}`);
  }
}

function words(errors: readonly Cedar.DetailedError[]): string {
  const [first] = errors;
  if (first === undefined) return 'it does not say why';
  const help = first.help === null ? '' : ` (${first.help})`;
  return `${first.message}${help}`.slice(0, WORDS);
}

/** Both effects, and the forms that policies are mostly made of, so that their code is compiled before a decision. */
const TRIAL = `@id("open") permit(principal, action in [Orchestrator::Action::"change", Orchestrator::Action::"close"], resource);
forbid(principal, action == Orchestrator::Action::"change", resource in Orchestrator::Folder::"closed")
when { resource has path && (resource.path like "closed/*" || resource.path == "x") && !(context has mode)
  && context has diff && context.diff.files > 0 };`;
const TRIAL_SCHEMA = `namespace Orchestrator {
  type Facts = { mode?: String, diff?: { files: Long } };
  entity Run; entity Folder; entity Path in [Folder] = { path?: String };
  action "change", "close" appliesTo { principal: [Run], resource: [Path], context: Facts };
}`;

/** Forbid wins and permit opens, or nothing that this engine says can be relied on. */
function tryOut(engine: CedarEngine): void {
  const parts = engine.split(TRIAL);
  const [permit = '', forbid = ''] = parts.ok ? parts.value.policies : [];
  engine.annotationsOf(permit);
  const decisions = [null, TRIAL_SCHEMA].flatMap((schema) => {
    const name = schema === null ? 'trial' : 'trial with a schema';
    const set = { name, policies: { permit, forbid }, schema };
    const prepared = engine.prepare(set);
    if (!prepared.ok) return [prepared.failure];
    const said = ['open', 'closed'].map((folder) => engine.decide(set, trialOf(folder)));
    return said.map((answer) => (answer.ok ? answer.value.decision : answer.failure));
  });
  if (decisions.join() === 'allow,deny,allow,deny') return;
  throw new Error(`the engine does not decide as Cedar does, it says ${decisions.join()}`);
}

function trialOf(folder: string): CedarRequest {
  const principal = { type: 'Orchestrator::Run', id: 'trial' };
  const resource = { type: 'Orchestrator::Path', id: `${folder}/file` };
  const parents = [{ type: 'Orchestrator::Folder', id: folder }];
  const run = { uid: principal, attrs: {}, parents: [] };
  const entities = [run, { uid: resource, attrs: { path: resource.id }, parents }];
  return { action: 'change', principal, resource, context: { diff: { files: 1 } }, entities };
}
