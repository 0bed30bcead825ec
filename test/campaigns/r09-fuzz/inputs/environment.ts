import * as fc from 'fast-check';
import { type FuzzCase, PLAIN_CASE } from '../fuzz-case.ts';
import { hostileArgument } from '../hostile.ts';

/** Variables that mean something to a runtime, to a CI system, to git or to us; docs/packaging.md has the others. */
const NAMES: readonly string[] = [
  'LANG LC_ALL LC_MESSAGES TZ TERM CI COLUMNS NO_COLOR USER SHELL HOME TMPDIR PATH',
  'NODE_OPTIONS NODE_PATH NODE_PENDING_DEPRECATION NODE_ENV UV_THREADPOOL_SIZE DEBUG',
  'ORCHESTRATOR_RUN_ID ORCHESTRATOR_OUT_DIR ORCHESTRATOR_STAGE ORCHESTRATOR_TREES ORCHESTRATOR_REAPER',
  'ORCHESTRATOR_POLICY_STATUS ORCHESTRATOR_CI_STATUS ORCHESTRATOR_REVIEW_STATUS',
  'GITHUB_ENV GITHUB_STEP_SUMMARY GITHUB_ACTIONS GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_CONFIG_COUNT',
  'GIT_EXTERNAL_DIFF GIT_SSH_COMMAND API_TOKEN MY_PASSWORD DATABASE_URL A=B a.b-c \u202e __proto__',
].flatMap((line) => line.split(' '));

const LOCALE = /^(LANG|LC_)/;

/** The runtime ends by SIGSEGV, before any code of ours, where the first word of the locale has 12 bytes or more. */
function survives([name, value]: readonly [string, string]): boolean {
  return !LOCALE.test(name) || Buffer.byteLength(value.split(/[_.@-]/)[0] ?? '') < 12;
}

const value = fc.oneof(
  hostileArgument,
  fc.constantFrom('/nonexistent/x', '/dev/null', '/dev/full', '/', '--require ./x.js', '--inspect-brk', '.'),
);

/** Any environment, for a run whose gates are closed: it changes nothing about how the run ends. */
export const environments: fc.Arbitrary<FuzzCase> = fc
  .dictionary(fc.constantFrom(...NAMES), value, { minKeys: 1, maxKeys: 5 })
  .map((env) => ({
    ...PLAIN_CASE,
    ...{
      input: 'environments',
      env: Object.fromEntries(Object.entries(env).filter(survives)),
      argv: ['./out', '--executor-bin', '/bin/true'],
      codes: [3],
      writes: 'work',
    },
  }));
