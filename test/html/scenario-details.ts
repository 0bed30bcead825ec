import type { AgentUsage } from '../../src/core/agents/agent-profile.ts';
import type { DeliveryRecord } from '../../src/core/delivery/delivery-record.ts';
import { blocking, type GateDocument, noted } from '../../src/core/gates/gate-document.ts';
import { SAMPLE_START_MS, sha256 } from '../fixtures/documents/sample-run.ts';

const SUBJECT = {
  ...{ head_sha: '4b825dc642cb6eb9a060e54bf8d69288fbee4904', base_sha: 'b'.repeat(40) },
  ...{ tree_digest: sha256('the content tree'), run_id: '20260208T101500Z-1f2e3d4c5b6a' },
};

const COMMON = {
  not_evaluated: [],
  subject: SUBJECT,
  evaluated_at_unix_secs: SAMPLE_START_MS / 1000 + 400,
  inputs_digest: sha256('inputs'),
};

/** A forge that has seen a test fail. */
export const CI: GateDocument = {
  ...COMMON,
  ...{ gate: 'ci', status: 'failure', passed: false, source: 'github:acme/shop#7' },
  details: [
    blocking(
      'check_failure',
      'test (ubuntu)',
      'the check run concluded failure, expected success',
      'mend what it tests, push, and resume',
    ),
    noted('check_success', 'lint', 'concluded success'),
  ],
  not_evaluated: ['deployments'],
};

const OUTSIDE = 'undo the change, or allow its path with --scope-allow';

/** The built-in rules, broken in two ways. */
export const SCOPE: GateDocument = {
  ...COMMON,
  ...{ gate: 'policy', status: 'deny', passed: false, source: 'scope' },
  details: [
    ...[
      '.github/workflows/release.yml',
      'deploy/production/values.yaml',
      `vendor/${'deep/'.repeat(30)}x.c`,
    ].map((path) =>
      blocking('path_not_allowed', path, 'was changed, and no glob allows it (rule: src/**)', OUTSIDE),
    ),
    blocking(
      'too_many_lines',
      null,
      '1,204 lines changed, at most 400 (rule: max-lines 400)',
      'make a smaller change',
    ),
  ],
};

/** Cedar with two denials and a warning. */
export const CEDAR: GateDocument = {
  ...COMMON,
  ...{ gate: 'policy', status: 'deny', passed: false, source: 'cedar:policy' },
  details: [
    blocking('policy_denied', 'no-secrets', 'change of config/secrets.json: nobody may change secrets'),
    blocking('policy_denied', 'not_permitted', 'no policy permits Delete on docs/licence.md'),
    noted('policy_warning', null, 'policy "tests": the entity type Person is not in the schema'),
  ],
};

/** A change that has got as far as an open pull request. */
export const DELIVERY: DeliveryRecord = {
  ...{ remote: 'origin', remote_url: 'https://github.example/acme/shop.git', branch: 'agent/fix-42' },
  refused: null,
  commit: {
    ...{ state: 'done', tree_digest: sha256('the content tree'), base_sha: 'b'.repeat(40) },
    ...{ parent_sha: 'b'.repeat(40), message: 'Fix the off-by-one in the price of a basket' },
    ...{ author_name: 'orchestrator', author_email: 'orchestrator@localhost' },
    ...{ date_unix_secs: SAMPLE_START_MS / 1000, sha: 'c0ffee'.repeat(6).slice(0, 40).padEnd(40, '0') },
  },
  push: {
    ...{ state: 'done', sha: 'c0ffee'.repeat(6).slice(0, 40).padEnd(40, '0'), branch: 'agent/fix-42' },
    ...{ expected_sha: null, seen_at_unix_secs: SAMPLE_START_MS / 1000 + 420 },
  },
  pull_request: {
    ...{ state: 'intended', on: 'github', project: 'acme/shop', head: 'agent/fix-42', base: 'main' },
    ...{ title: 'Fix the off-by-one', number: 7, url: null, head_sha: null },
  },
};

/** What two agents say: one all of it, the other no cost. */
export const USED: Readonly<Record<string, AgentUsage>> = {
  planning: { cost_usd: 0.0123, input_tokens: 18_204, output_tokens: 951, turns: 3 },
  execution: { cost_usd: null, input_tokens: 1_402_118, output_tokens: 60_417, turns: 41 },
};
