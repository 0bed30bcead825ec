import { readFileSync } from 'node:fs';
import t from 'tap';
import { COMMANDS, RESERVED_NAMES } from '../../src/cli/commands.ts';
import { type FlagSpec, takesValue } from '../../src/cli/flag-spec.ts';
import { runFlags } from '../../src/cli/flags.ts';
import { CONFIG_KEYS } from '../../src/formats/config.ts';

/** The table of spec section 1: `*` is repeatable, `!` may not stand in a config file, `-` has no value. */
const SPEC = `
resume-! state-key-file state-key-fd! sign-key sign-key-fd! rerun-from! accept-changed-binary*! checkpoint-path policy-status! ci-status! review-status! gate-max-age
manager-bin manager-arg* manager-env* manager-expected-artifact* manager-timeout-ms
manager-agent manager-prompt manager-prompt-file manager-model manager-max-cost-usd manager-max-tokens manager-max-turns
executor-agent executor-prompt executor-prompt-file executor-model executor-max-cost-usd executor-max-tokens executor-max-turns
reviewer-agent reviewer-prompt reviewer-prompt-file reviewer-model reviewer-max-cost-usd reviewer-max-tokens reviewer-max-turns
manager-sandbox executor-sandbox reviewer-sandbox manager-sandbox-network executor-sandbox-network
reviewer-sandbox-network sandbox sandbox-network sandbox-read* sandbox-write* accept-git-change*
executor-bin executor-arg* executor-env* executor-expected-artifact* executor-timeout-ms
reviewer-bin reviewer-arg* reviewer-env* reviewer-expected-artifact* reviewer-timeout-ms
validation-bin* validation-arg* validation-env* validation-from-planning-context- repo-root
planning-context-artifact execution-max-iterations reviewer-remediation-max-cycles timeout-ms run-timeout-ms
kill-grace-ms pass-env* html-report inherit-env- redact-env* allow-stale-artifacts- tree-ignore* max-artifact-bytes
max-log-bytes config! print-config-! dry-run-! simulate-blocked-! break-lock! json-! quiet-! verbose-! no-color-!
help-! version-!
policy-from* ci-from* review-from* require-external* gate-wait-ms gate-poll-ms gate-commit! ci-required*
ci-accept-flaky- review-approvals review-allow* review-agent* policy-min-rules opa-bin opa-sha256
conftest-bin conftest-sha256 approver-key* approvers-required github-url github-token-env gitlab-url
gitlab-token-env base scope- scope-allow* scope-protect* scope-unprotect* scope-max-files
scope-max-lines scope-max-new-files scope-max-deleted-files delivery-branch delivery-commit-message
delivery-remote delivery-protected-branch* delivery-pr delivery-pr-base delivery-pr-title
delivery-pr-body delivery-pr-draft-`;

function described(flag: FlagSpec): string {
  const value = takesValue(flag) ? '' : '-';
  return `${flag.name}${value}${flag.repeatable ? '*' : ''}${flag.configKey === null ? '!' : ''}`;
}

t.test('the table has every flag of the spec, its kind, and no other', (t) => {
  t.strictSame(runFlags().map(described).sort(), SPEC.trim().split(/\s+/).sort());
  t.end();
});

t.test('every config key belongs to a flag, and every flag that may stand in a file has a key', (t) => {
  const keys = new Set(runFlags().flatMap((flag) => flag.configKey?.split('.')[0] ?? []));
  t.strictSame([...keys].sort(), CONFIG_KEYS.filter((key) => key !== '$schema').sort());
  t.end();
});

t.test('commands that share a flag agree on whether it takes a value', (t) => {
  const kinds = new Map<string, boolean>();
  for (const command of Object.values(COMMANDS)) {
    for (const flag of command.flags()) {
      t.equal(kinds.get(flag.name) ?? takesValue(flag), takesValue(flag), flag.name);
      kinds.set(flag.name, takesValue(flag));
    }
  }
  t.end();
});

t.test('all names that the product will need are reserved', (t) => {
  const spec =
    'run report explain verify list diff clean config schema doctor completion init gaps plan autopilot approve approvals worker serve mode preflight cycle incident pause unpause rollback alerts review tidy status help';
  const firstWords = Object.keys(COMMANDS).map((name) => name.split(' ')[0] ?? '');
  t.strictSame([...new Set([...firstWords, ...RESERVED_NAMES])].sort(), spec.split(' ').sort());
  t.end();
});

t.test('the command line page has every flag and its default', (t) => {
  const page = readFileSync(new URL('../../docs/command-line.md', import.meta.url), 'utf8');
  for (const flag of runFlags()) {
    const row = page.split('\n').find((line) => line.match(/^\| `--([a-z0-9-]+)/)?.[1] === flag.name);
    t.ok(row !== undefined, `--${flag.name} has a row`);
    if (flag.byDefault !== null) t.ok(row?.includes(flag.byDefault), `--${flag.name} names its default`);
    t.equal(
      row?.includes('repeatable') ?? false,
      flag.repeatable,
      `--${flag.name} says whether it is repeatable`,
    );
  }
  t.end();
});

t.test('the configuration page has every key', (t) => {
  const page = readFileSync(new URL('../../docs/config.md', import.meta.url), 'utf8');
  for (const key of CONFIG_KEYS) t.ok(page.includes(`\`${key}\``), key);
  t.end();
});
