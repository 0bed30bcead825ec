import * as z from 'zod';
import { AGENT_NAMES } from '../core/agents/agent-profile.ts';
import { NETWORK_MODES, SANDBOX_MODES } from '../core/sandbox.ts';
import { deliveryConfig, gatesConfig, scopeConfig } from './closure-config.schema.ts';
import { DURATION_FORM, parseDuration } from './duration.ts';
import { DOLLARS_FORM, describeRange, isDollars, RANGES, type Range } from './limits.ts';

/** Text that can be an argument or a variable's value: no NUL, no half of a surrogate pair. */
const text = z
  .string({ error: 'a text' })
  .refine((value) => !value.includes('\u0000') && value.isWellFormed(), { error: 'a text without NUL' });

const filled = (what: string) =>
  z
    .string({ error: what })
    .min(1, { error: what })
    .refine((value) => !value.includes('\u0000') && value.isWellFormed(), { error: `${what} without NUL` });

const path = filled('a path');
const flag = z.boolean({ error: 'true or false' });
const number = (range: Range) => {
  const error = describeRange(range);
  return z.int({ error }).min(range.min, { error }).max(range.max, { error });
};
const sandbox = z.enum(SANDBOX_MODES, { error: 'required, auto or off' });
const network = z.enum(NETWORK_MODES, { error: 'on or off' });
const agent = z.enum(AGENT_NAMES, { error: 'claude-code, codex, opencode, gemini or aider' });
const dollars = z.number({ error: DOLLARS_FORM }).refine(isDollars, { error: DOLLARS_FORM });
const listOf = <Item extends z.ZodType>(item: Item, what: string) =>
  z.array(item, { error: `a list of ${what}` });

const artifact = z.union(
  [
    path,
    z.strictObject({
      path: path.describe('The file that the stage must leave.'),
      schema: path.describe('A JSON Schema that the file must satisfy.').optional(),
    }),
  ],
  { error: 'a path, or a mapping with path and schema' },
);

const command = {
  bin: filled('the path or name of a program').describe(
    'With a slash a path, without one looked up on PATH.',
  ),
  args: listOf(text, 'texts').describe('Arguments, passed on as written.').optional(),
  env: z
    .record(z.string().regex(/^[^=\u0000]+$/), text, { error: 'a mapping of names to texts' })
    .describe('Variables added to its environment.')
    .optional(),
};

const role = z.strictObject(
  {
    ...command,
    bin: command.bin.optional(),
    expected_artifacts: listOf(artifact, 'artifacts').describe('Files that the stage must leave.').optional(),
    timeout_ms: number(RANGES.timeout_ms).describe('Limit of each invocation, in milliseconds.').optional(),
    sandbox: sandbox.describe('Its own word on the sandbox.').optional(),
    sandbox_network: network.describe('Whether its sandbox sees the network.').optional(),
    agent: agent
      .describe('The agent that it is: builds the command line, reads result and usage.')
      .optional(),
    prompt: filled('a text').describe('What the agent is told.').optional(),
    prompt_file: path.describe('The file of what the agent is told.').optional(),
    model: filled('the name of a model').describe('The model, as the agent spells it.').optional(),
    max_cost_usd: dollars.describe('US dollars that it may use in one invocation.').optional(),
    max_tokens: number(RANGES.max_tokens).describe('Tokens that it may use in one invocation.').optional(),
    max_turns: number(RANGES.max_turns)
      .describe('Answers of the model that it may use in one invocation.')
      .optional(),
  },
  {
    error:
      'a mapping with bin, args, env, expected_artifacts, timeout_ms, sandbox, sandbox_network, or with agent and prompt',
  },
);

const validationCommand = z.strictObject(command, { error: 'a mapping with bin, args, env' });

const duration = z
  .string({ error: DURATION_FORM })
  .regex(/^[0-9]{1,15}(ms|s|m|h|d)$/, { error: DURATION_FORM })
  .refine((value) => parseDuration(value).ok, { error: DURATION_FORM });

/** The config file: JSON or YAML, strict, with nothing that opens a gate (spec section 1, `--config`). */
export const configSchema = z
  .strictObject(
    {
      $schema: z.string({ error: 'a text' }).describe('For editors; not read.').optional(),
      manager: role.describe('The binary of stage planning.').optional(),
      executor: role.describe('The binary of stage execution.').optional(),
      reviewer: role.describe('The binary of stage validation.').optional(),
      validation: listOf(validationCommand, 'commands')
        .describe('Native validation commands, run in order after the reviewer.')
        .optional(),
      validation_from_planning_context: flag
        .describe('Also run the validation commands found in planning.')
        .optional(),
      repo_root: path.describe("The repository of the run and the stages' working directory.").optional(),
      planning_context_artifact: path.describe('Write a repository context here for the manager.').optional(),
      checkpoint_path: path.describe('Where the checkpoint is.').optional(),
      state_key_file: path.describe('The file of the key that evidence is authenticated with.').optional(),
      sign_key_file: path.describe('The file of the key that the run report is signed with.').optional(),
      html_report: path.describe('Where the HTML report goes when the run has ended.').optional(),
      tree_ignore: listOf(filled('a glob'), 'globs')
        .describe("What does not belong to the work tree's content.")
        .optional(),
      allow_stale_artifacts: flag
        .describe('Accept an expected artifact that this attempt did not write.')
        .optional(),
      accept_git_change: listOf(filled('the name of a git setting, or a glob'), 'names')
        .describe('Git settings, or globs, that stages may change.')
        .optional(),
      sandbox: sandbox.describe('Whether stages are sandboxed.').optional(),
      sandbox_network: network.describe('Whether a sandboxed stage sees the network.').optional(),
      sandbox_read: listOf(path, 'paths').describe('What a sandbox shows beside the work tree.').optional(),
      sandbox_write: listOf(path, 'paths')
        .describe('What a sandboxed stage may write beside the work tree.')
        .optional(),
      timeout_ms: number(RANGES.timeout_ms).describe('Limit of each invocation, in milliseconds.').optional(),
      run_timeout_ms: number(RANGES.run_timeout_ms)
        .describe('Limit of the whole run, in milliseconds.')
        .optional(),
      kill_grace_ms: number(RANGES.kill_grace_ms)
        .describe('From SIGTERM to SIGKILL, in milliseconds.')
        .optional(),
      execution_max_iterations: number(RANGES.execution_max_iterations)
        .describe('Attempts at execution in one invocation.')
        .optional(),
      reviewer_remediation_max_cycles: number(RANGES.reviewer_remediation_max_cycles)
        .describe("Times that execution and validation run again on the reviewer's next steps.")
        .optional(),
      max_artifact_bytes: number(RANGES.max_artifact_bytes).describe('Size of an artifact.').optional(),
      max_log_bytes: number(RANGES.max_log_bytes).describe('Size of a log.').optional(),
      gate_max_age: duration.describe('How long a resume carries an assertion over, such as 24h.').optional(),
      pass_env: listOf(filled('the name of a variable, or a glob'), 'names')
        .describe('Variables, or globs, passed on beside the base set.')
        .optional(),
      inherit_env: flag.describe('Pass on the whole environment.').optional(),
      redact_env: listOf(filled('the name of a variable, or a glob'), 'names')
        .describe('Variables, or globs, whose values are masked as secrets.')
        .optional(),
      base: filled('a commit or a branch').describe('What the change is measured against.').optional(),
      gates: gatesConfig.describe('Where the gates are read.').optional(),
      scope: scopeConfig.describe('What may change.').optional(),
      delivery: deliveryConfig.describe('What is pushed before ci and review are read.').optional(),
    },
    { error: 'a mapping of settings' },
  )
  .meta({ title: 'Configuration', description: 'What `orchestrator --config FILE` reads.' });

export type ConfigDocument = z.infer<typeof configSchema>;
export type ConfigRole = z.infer<typeof role>;
export type ConfigCommand = z.infer<typeof validationCommand>;
export type ConfigArtifact = z.infer<typeof artifact>;
