/** The flags that say what closes a run: where gates are read, what may change, what is delivered. */
import {
  CLOSURE_CONFIG_KEYS,
  CLOSURE_DEFAULTS,
  CLOSURE_KEYS,
  type ClosureSettings,
} from '../core/config/closure-settings.ts';
import { GATE_ORDER } from '../core/gates/gate.ts';
import type { GivenClosure } from '../core/run-plan.ts';
import { absoluteClosure, requiredCheck, type TypedClosure } from '../operations/closure-given.ts';
import { FLAG_GROUPS } from './flag-groups.ts';
import { type FlagKind, type FlagSpec, numberKind, switchFlag, valueFlag } from './flag-spec.ts';
import { type FlagReader, fromFlag } from './read-flags.ts';

interface Row {
  readonly name: string;
  readonly group: string;
  readonly kind: FlagKind;
  readonly placeholder: string;
  readonly repeatable: boolean;
  readonly help: string;
  readonly byDefault: string | null;
}

const TEXT: FlagKind = { type: 'text' };

type Details = Partial<Pick<Row, 'kind' | 'placeholder' | 'repeatable' | 'byDefault'>>;

const row =
  (group: string) =>
  (name: string, help: string, details: Details): Row => ({
    name,
    group,
    help,
    kind: TEXT,
    placeholder: 'V',
    repeatable: false,
    byDefault: null,
    ...details,
  });
const source = row(FLAG_GROUPS.sources);
const scope = row(FLAG_GROUPS.scope);
const delivery = row(FLAG_GROUPS.delivery);
const many = (placeholder: string) => ({ placeholder, repeatable: true });
const one = (placeholder: string, byDefault: string | null = null) => ({ placeholder, byDefault });
const ON: Details = { kind: { type: 'switch' } };
const { github_url, github_token_env, gitlab_url, gitlab_token_env } = CLOSURE_DEFAULTS;

/** By setting, in help's order. */
const ROWS: Readonly<Record<keyof ClosureSettings, Row>> = {
  policy_from: source(
    'policy-from',
    'operator, command:BIN, file:PATH, cedar:DIR, opa:DIR, conftest:DIR',
    many('SOURCE'),
  ),
  ci_from: source(
    'ci-from',
    'operator, command:BIN, file:PATH, github:OWNER/REPO#PR, gitlab:PROJECT!MR',
    many('SOURCE'),
  ),
  review_from: source('review-from', 'as --ci-from; all sources of a gate must pass', many('SOURCE')),
  require_external: source('require-external', "a gate that the operator's word alone does not open", {
    kind: { type: 'choice', choices: GATE_ORDER },
    ...many(GATE_ORDER.join('|')),
  }),
  gate_wait_ms: source('gate-wait-ms', 'how long closure waits for what is pending', {
    kind: numberKind('gate_wait_ms'),
    ...one('N', '0'),
  }),
  gate_poll_ms: source('gate-poll-ms', 'between two looks meanwhile', {
    kind: numberKind('gate_poll_ms'),
    ...one('N', '60000'),
  }),
  gate_commit: source(
    'gate-commit',
    'the commit that a forge must attest',
    one('SHA', 'what was delivered, else HEAD at validation'),
  ),
  ci_required: source('ci-required', "a check that must pass, beside the forge's own list", many('NAME')),
  ci_accept_flaky: source('ci-accept-flaky', 'count a check that failed and then passed', ON),
  review_approvals: source('review-approvals', 'approvals needed', {
    kind: numberKind('review_approvals'),
    ...one('N', '1; 2 where a bot opened the change'),
  }),
  reviewers: source('review-allow', 'whose approval counts', many('LOGIN')),
  review_agents: source('review-agent', 'whose approval never counts', many('LOGIN')),
  policy_min_rules: source('policy-min-rules', 'a decision from fewer rules blocks', {
    kind: numberKind('policy_min_rules'),
    ...one('N', '1'),
  }),
  opa_bin: source('opa-bin', 'the opa of opa:DIR', one('P', 'opa')),
  opa_sha256: source('opa-sha256', 'the digest it must have', one('HEX')),
  conftest_bin: source('conftest-bin', 'the conftest of conftest:DIR', one('P', 'conftest')),
  conftest_sha256: source('conftest-sha256', 'the digest it must have', one('HEX')),
  approver_keys: source('approver-key', 'a public key that may sign a file: source', many('P')),
  approvers_required: source('approvers-required', 'how many different keys must have signed', {
    kind: numberKind('approvers_required'),
    ...one('N', '1'),
  }),
  github_url: source('github-url', "base of GitHub's API", one('URL', github_url)),
  github_token_env: source(
    'github-token-env',
    'the variable that holds its token',
    one('NAME', github_token_env),
  ),
  gitlab_url: source('gitlab-url', "base of GitLab's API", one('URL', gitlab_url)),
  gitlab_token_env: source(
    'gitlab-token-env',
    'the variable that holds its token',
    one('NAME', gitlab_token_env),
  ),
  base: scope(
    'base',
    'the commit or branch that the change is measured against',
    one('REV', 'HEAD when the run began'),
  ),
  scope: scope('scope', 'hold the change to the built-in protected paths', ON),
  scope_allow: scope('scope-allow', 'paths that may change', many('GLOB')),
  scope_protect: scope('scope-protect', 'paths that may not change, beside the built-in ones', many('GLOB')),
  scope_unprotect: scope('scope-unprotect', 'built-in protected paths that may change', many('GLOB')),
  scope_max_files: scope('scope-max-files', 'files that may change', {
    kind: numberKind('scope_max_files'),
    ...one('N'),
  }),
  scope_max_lines: scope('scope-max-lines', 'lines added and deleted', {
    kind: numberKind('scope_max_lines'),
    ...one('N'),
  }),
  scope_max_new_files: scope('scope-max-new-files', 'files that may be added', {
    kind: numberKind('scope_max_new_files'),
    ...one('N'),
  }),
  scope_max_deleted_files: scope('scope-max-deleted-files', 'files that may be deleted', {
    kind: numberKind('scope_max_deleted_files'),
    ...one('N'),
  }),
  delivery_branch: delivery(
    'delivery-branch',
    'push the validated change to this branch before ci and review',
    one('NAME'),
  ),
  delivery_commit_message: delivery('delivery-commit-message', 'the message of its commit', one('TEXT')),
  delivery_remote: delivery('delivery-remote', 'a remote, or a URL', one('R', 'origin')),
  delivery_protected_branches: delivery(
    'delivery-protected-branch',
    'a branch, or a glob, that is never pushed to',
    many('GLOB'),
  ),
  delivery_pr: delivery(
    'delivery-pr',
    'open or update a pull request there: github:OWNER/REPO, gitlab:PROJECT',
    one('REPO'),
  ),
  delivery_pr_base: delivery('delivery-pr-base', 'the branch that it is for', one('NAME')),
  delivery_pr_title: delivery('delivery-pr-title', 'its title', one('TEXT', "the message's first line")),
  delivery_pr_body: delivery('delivery-pr-body', 'its text', one('TEXT')),
  delivery_pr_draft: delivery('delivery-pr-draft', 'open it as a draft', ON),
};

/** The flags, in help's order. */
export function closureFlags(): readonly FlagSpec[] {
  return CLOSURE_KEYS.map((key) => {
    const { kind, placeholder, ...details } = ROWS[key];
    const spec = { ...details, configKey: CLOSURE_CONFIG_KEYS[key] };
    return kind.type === 'switch' ? switchFlag(spec) : valueFlag(kind, placeholder, spec);
  });
}

/** What they gave. */
export function closureFromFlags(flags: FlagReader, cwd: string): GivenClosure {
  const typed: TypedClosure = Object.fromEntries(
    CLOSURE_KEYS.flatMap((key) => {
      const value = typedValue(flags, key);
      return value === undefined ? [] : [[key, value]];
    }),
  );
  const absolute = absoluteClosure(typed, cwd);
  return Object.fromEntries(
    CLOSURE_KEYS.flatMap((key) => {
      const given = fromFlag<unknown>(ROWS[key].name, absolute[key]);
      return given === undefined ? [] : [[key, given]];
    }),
  );
}

function typedValue(flags: FlagReader, key: keyof ClosureSettings): unknown {
  const { name, kind, repeatable } = ROWS[key];
  if (kind.type === 'switch') return flags.isOn(name) ? true : undefined;
  if (kind.type === 'number') return flags.number(name);
  if (!repeatable) return flags.text(name);
  const values = kind.type === 'choice' ? flags.choices(name) : flags.texts(name);
  if (values.length === 0) return undefined;
  return key === 'ci_required' ? values.map(requiredCheck) : values;
}
