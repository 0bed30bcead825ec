import { CLOSURE_DEFAULTS, CLOSURE_KEYS, type ClosureSettings } from '../core/config/closure-settings.ts';
import { resolveClosure } from '../core/config/resolve-closure.ts';
import { GATE_ORDER, type GateName } from '../core/gates/gate.ts';
import type { GateSource } from '../core/gates/gate-plan.ts';
import { parseGateSource } from '../core/gates/parse-source.ts';
import { gatePlanOf } from '../core/gates/plan-of-settings.ts';
import type { GivenClosure } from '../core/run-plan.ts';
import { PATH_LIMIT, quote } from '../formats/printable.ts';

/** One line per setting that cannot stand by itself: the flag or key first, then what was expected. */
export function settingProblems(given: GivenClosure): readonly string[] {
  return [...ruledOff(given), ...formProblems(given)];
}

/** Rules of a scope that is switched off would hold nobody, and look as if they did. */
function ruledOff(given: GivenClosure): readonly string[] {
  const rule = CLOSURE_KEYS.find((key) => key.startsWith('scope_') && rules(given[key]?.value));
  if (given.scope?.value !== false || rule === undefined) return [];
  return [
    `${given.scope.origin}: expected true, or no other rules of a scope, got false beside ${given[rule]?.origin}`,
  ];
}

/** What a printed configuration has of a scope that is off, an empty list, is no rule. */
function rules(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null;
}

function formProblems(given: GivenClosure): readonly string[] {
  return CLOSURE_KEYS.flatMap((key) => {
    const one = given[key];
    if (one === undefined) return [];
    return FORMS[key]?.(one.value).map((problem) => `${one.origin}: ${problem}`) ?? [];
  });
}

type Check = (value: unknown) => readonly string[];

const HEX_64 = /^[0-9a-f]{64}$/;
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;
const PLACE = /^(?:github:[A-Za-z0-9][A-Za-z0-9-]{0,99}\/[A-Za-z0-9._-]{1,100}|gitlab:[A-Za-z0-9._/-]+)$/;

function shaped(form: RegExp, what: string): Check {
  return (value) =>
    typeof value === 'string' && form.test(value)
      ? []
      : [`expected ${what}, got ${quote(String(value), PATH_LIMIT)}`];
}

const sourceForm =
  (gate: GateName): Check =>
  (value) =>
    texts(value).flatMap((text) => {
      const source = parseGateSource(gate, text);
      return source.ok ? [] : [`expected ${source.failure}, got ${quote(text, PATH_LIMIT)}`];
    });

/** TLS but for this machine itself: a token, and a verdict, that everybody on the way can read and change, are none. */
function isForgeUrl(text: unknown): boolean {
  if (typeof text !== 'string' || !URL.canParse(text)) return false;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return false;
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback);
}

const forgeUrl: Check = (value) =>
  isForgeUrl(value)
    ? []
    : ['expected an https URL without user, query or fragment (http for this machine itself only)'];

const FORMS: Readonly<Partial<Record<keyof ClosureSettings, Check>>> = {
  policy_from: sourceForm('policy'),
  ci_from: sourceForm('ci'),
  review_from: sourceForm('review'),
  gate_commit: shaped(COMMIT, 'a whole commit id in hex'),
  opa_sha256: shaped(HEX_64, 'a SHA-256 in hex'),
  conftest_sha256: shaped(HEX_64, 'a SHA-256 in hex'),
  github_url: forgeUrl,
  gitlab_url: forgeUrl,
  github_token_env: shaped(VARIABLE, 'the name of a variable'),
  gitlab_token_env: shaped(VARIABLE, 'the name of a variable'),
  delivery_pr: shaped(PLACE, 'github:OWNER/REPO or gitlab:PROJECT'),
};

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

/** What only shows when the settings are seen together; each line names the flag that is wrong or missing. */
export function closureProblems(closure: ClosureSettings): readonly string[] {
  return [...deliveryProblems(closure), ...sourceProblems(closure)];
}

/** The same of what was given for a fresh run. */
export function givenClosureProblems(given: GivenClosure): readonly string[] {
  const alone = settingProblems(given);
  return alone.length > 0 ? alone : closureProblems(resolveClosure(given, CLOSURE_DEFAULTS));
}

function deliveryProblems(closure: ClosureSettings): readonly string[] {
  const { delivery_branch: branch, delivery_commit_message: message } = closure;
  const { delivery_pr: place, delivery_pr_base: base } = closure;
  const more = place !== null || base !== null || closure.delivery_pr_title !== null;
  if (branch === null && (message !== null || more)) {
    return ['--delivery-branch: expected with the other delivery settings, got none'];
  }
  if (branch !== null && message === null) {
    return ['--delivery-commit-message: expected with --delivery-branch, got none'];
  }
  if (place !== null && base === null) return ['--delivery-pr-base: expected with --delivery-pr, got none'];
  return base !== null && place === null ? ['--delivery-pr: expected with --delivery-pr-base, got none'] : [];
}

function sourceProblems(closure: ClosureSettings): readonly string[] {
  const gates = gatePlanOf(closure);
  return GATE_ORDER.flatMap((gate) => {
    const sources = gates.sources[gate];
    return [
      ...repeated(gate, sources),
      ...sources.flatMap((source) => withoutNumber(gate, source, closure)),
      ...withoutKeys(gate, sources, closure),
      ...(gates.requireExternal.includes(gate) && sources.every((one) => one.kind === 'operator')
        ? [`--${gate}-from: expected another source than operator with --require-external ${gate}, got none`]
        : []),
    ];
  });
}

function repeated(gate: GateName, sources: readonly GateSource[]): readonly string[] {
  const twice = sources.find((one, index) => sources.findIndex((other) => other.text === one.text) < index);
  return twice === undefined
    ? []
    : [`--${gate}-from: expected each source once, got ${quote(twice.text, PATH_LIMIT)} twice`];
}

/** A forge's source without a number means what this run delivers, on the same forge and project. */
function withoutNumber(gate: GateName, source: GateSource, closure: ClosureSettings): readonly string[] {
  if ((source.kind !== 'github' && source.kind !== 'gitlab') || source.number !== null) return [];
  if (closure.delivery_pr === source.text) return [];
  const mark = source.kind === 'github' ? '#PR' : '!MR';
  return [
    `--${gate}-from: expected ${source.text}${mark}, or --delivery-pr ${source.text} as well, got ${quote(source.text, PATH_LIMIT)}`,
  ];
}

function withoutKeys(
  gate: GateName,
  sources: readonly GateSource[],
  closure: ClosureSettings,
): readonly string[] {
  if (!sources.some((one) => one.kind === 'file')) return [];
  const { approver_keys: keys, approvers_required: required } = closure;
  if (keys.length === 0) {
    return [`--approver-key: expected with a file: source of the ${gate} gate, got none`];
  }
  return keys.length < required
    ? [`--approvers-required: expected at most ${keys.length}, one for each --approver-key, got ${required}`]
    : [];
}

const GLOBS = ['scope_allow', 'scope_protect', 'scope_unprotect'] as const;

/** Globs of a scope that could never match, or match too much: a rule that protects nothing is refused. */
export async function globProblems(given: GivenClosure): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const key of GLOBS) {
    const one = given[key];
    if (one === undefined || one.value.length === 0) continue;
    const { parseScopeGlob } = await import('../formats/scope-globs.ts');
    for (const glob of one.value) {
      const parsed = await parseScopeGlob(glob);
      if (!parsed.ok) problems.push(`${one.origin}: ${parsed.failure}`);
    }
  }
  return problems;
}
