import * as z from 'zod';
import { GATE_ORDER } from '../core/gates/gate.ts';
import { describeRange, RANGES, type Range } from './limits.ts';

const filled = (what: string) =>
  z
    .string({ error: what })
    .min(1, { error: what })
    .refine((value) => !value.includes('\u0000') && value.isWellFormed(), { error: `${what} without NUL` });
const flag = z.boolean({ error: 'true or false' });
const number = (range: Range) => {
  const error = describeRange(range);
  return z.int({ error }).min(range.min, { error }).max(range.max, { error });
};
const listOf = <Item extends z.ZodType>(item: Item, what: string) =>
  z.array(item, { error: `a list of ${what}` });
const mapping = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject(shape, { error: `a mapping with ${Object.keys(shape).join(', ')}` });

const from = listOf(filled('a gate source'), 'gate sources')
  .describe('Where the gate is read; all of them must pass.')
  .optional();
const tool = mapping({
  bin: filled('the path or name of a program').optional(),
  sha256: filled('a SHA-256').describe('The program must have this digest.').optional(),
});
const forge = mapping({
  url: filled('a URL').describe('Base of the REST API.').optional(),
  token_env: filled('the name of a variable').describe('The variable that holds the token.').optional(),
});
const check = z.union(
  [
    filled('the name of a check'),
    mapping({
      name: filled('the name of a check'),
      app: filled('the id or slug of an app').optional(),
      accept: listOf(
        z.enum(['skipped', 'neutral'], { error: 'skipped or neutral' }),
        'conclusions',
      ).optional(),
    }),
  ],
  { error: 'the name of a check, or a mapping with name, app, accept' },
);

/** `gates`: where the gates are read, and by which rules. */
export const gatesConfig = mapping({
  policy: mapping({
    from,
    min_rules: number(RANGES.policy_min_rules).describe('A decision from fewer rules blocks.').optional(),
    opa: tool.optional(),
    conftest: tool.optional(),
  }).optional(),
  ci: mapping({
    from,
    required: listOf(check, 'checks').describe("Checks that must pass, beside the forge's own.").optional(),
    accept_flaky: flag.describe('Whether a check that failed and then passed counts.').optional(),
  }).optional(),
  review: mapping({
    from,
    approvals: number(RANGES.review_approvals).describe('Approvals needed.').optional(),
    reviewers: listOf(filled('a login'), 'logins')
      .describe('Whose approvals count; empty: any writer.')
      .optional(),
    agents: listOf(filled('a login'), 'logins').describe('Whose approvals never count.').optional(),
  }).optional(),
  require_external: listOf(z.enum(GATE_ORDER, { error: 'policy, ci or review' }), 'gates')
    .describe("Gates that the operator's word alone does not open.")
    .optional(),
  wait_ms: number(RANGES.gate_wait_ms).describe('How long closure waits, in milliseconds.').optional(),
  poll_ms: number(RANGES.gate_poll_ms).describe('Between two looks, in milliseconds.').optional(),
  approvers: mapping({
    keys: listOf(filled('a path'), 'paths')
      .describe('Public keys of who may sign a file: source.')
      .optional(),
    required: number(RANGES.approvers_required).describe('How many of them must have signed.').optional(),
  }).optional(),
  github: forge.optional(),
  gitlab: forge.optional(),
});

const globs = listOf(filled('a glob'), 'globs');
const budget = (key: 'scope_max_files' | 'scope_max_lines', what: string) =>
  number(RANGES[key]).describe(what).optional();

/** `scope`: what may change. */
export const scopeConfig = mapping({
  enabled: flag
    .describe('Whether the rules below and the built-in ones hold; true where any is given.')
    .optional(),
  allow: globs.describe('Paths that may change; empty: all that is not protected.').optional(),
  protect: globs.describe('Paths that may not change, beside the built-in ones.').optional(),
  unprotect: globs.describe('Built-in protected paths that may change.').optional(),
  max_files: budget('scope_max_files', 'Files that may change.'),
  max_lines: budget('scope_max_lines', 'Lines added and deleted.'),
  max_new_files: budget('scope_max_files', 'Files that may be added.'),
  max_deleted_files: budget('scope_max_files', 'Files that may be deleted.'),
});

/** `delivery`: what is pushed, and the pull request that asks for it. */
export const deliveryConfig = mapping({
  branch: filled('the name of a branch').optional(),
  commit_message: filled('a text').optional(),
  remote: filled('the name of a remote, or a URL').optional(),
  protected_branches: listOf(filled('a branch, or a glob'), 'branches').optional(),
  pr: mapping({
    on: filled('github:OWNER/REPO or gitlab:PROJECT').optional(),
    base: filled('the name of a branch').optional(),
    title: filled('a text').optional(),
    body: filled('a text').optional(),
    draft: flag.optional(),
  }).optional(),
});
