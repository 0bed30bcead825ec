/** What agents print, in the form that their documentation gives it. */
import type { AgentName } from '../../../src/core/agents/agent-profile.ts';

/** How an agent can end, and what it prints then. */
export interface AgentOutputs {
  readonly success: string;
  readonly error: string;
  readonly refusal: string;
  /** It stopped at a cap, of its own or one that it was told. */
  readonly cap: string;
}

const claude = (more: object) =>
  `${JSON.stringify({
    ...{ type: 'result', subtype: 'success', is_error: false, duration_ms: 2000, duration_api_ms: 1800 },
    ...{ num_turns: 3, result: 'Done.', session_id: '5f6b', total_cost_usd: 0.25 },
    usage: {
      ...{ input_tokens: 100, cache_creation_input_tokens: 20, cache_read_input_tokens: 30 },
      ...{ output_tokens: 40, server_tool_use: { web_search_requests: 0 } },
    },
    ...more,
  })}\n`;

const lines = (...events: readonly object[]) => events.map((one) => `${JSON.stringify(one)}\n`).join('');

const codexStart = [{ type: 'thread.started', thread_id: '01a2' }, { type: 'turn.started' }];
const said = (text: string) => ({
  type: 'item.completed',
  item: { id: 'item_1', type: 'agent_message', text },
});
const codexUsage = {
  ...{ input_tokens: 150, cached_input_tokens: 30, output_tokens: 40, reasoning_output_tokens: 10 },
};

const step = (reason: string) => [
  { type: 'step_start', sessionID: 's', part: { type: 'step-start' } },
  {
    ...{ type: 'step_finish', sessionID: 's' },
    part: {
      ...{ type: 'step-finish', reason, cost: 0.125 },
      tokens: { total: 95, input: 45, output: 15, reasoning: 5, cache: { read: 20, write: 10 } },
    },
  },
];
const failed = (name: string, message: string) => ({ type: 'error', error: { name, data: { message } } });

const gemini = (more: object) =>
  `${JSON.stringify(
    {
      response: 'Done.',
      stats: {
        models: {
          'a-model': {
            api: { totalRequests: 2, totalErrors: 0, totalLatencyMs: 5053 },
            tokens: { prompt: 100, candidates: 20, total: 125, cached: 10, thoughts: 5, tool: 0 },
          },
          'another-model': {
            api: { totalRequests: 1, totalErrors: 0, totalLatencyMs: 100 },
            tokens: { prompt: 50, candidates: 15, total: 65, cached: 0, thoughts: 0, tool: 0 },
          },
        },
        tools: { totalCalls: 1 },
      },
      ...more,
    },
    null,
    2,
  )}\n`;

const AIDER_HEAD = 'Aider v0.86.1\nModel: a-model with diff edit format\nGit repo: .git with 3 files\n\n';
const AIDER_TOKENS =
  'Tokens: 4.2k sent, 1.1k cache write, 512 received. Cost: $0.01 message, $0.01 session.\n' +
  'Tokens: 900 sent, 88 received. Cost: $0.0025 message, $0.01 session.\n';

export const OUTPUTS: Readonly<Record<AgentName, AgentOutputs>> = {
  'claude-code': {
    success: claude({}),
    error: claude({ subtype: 'error_during_execution', is_error: true, result: undefined }),
    refusal: claude({ is_error: true, result: 'Invalid API key' }),
    cap: claude({ subtype: 'error_max_budget_usd', is_error: true, result: undefined }),
  },
  codex: {
    success: lines(...codexStart, said('Done.'), { type: 'turn.completed', usage: codexUsage }),
    error: lines(
      ...codexStart,
      ...[{ type: 'error', message: 'no such model' }],
      ...[{ type: 'turn.failed', error: { message: 'no such model' } }],
    ),
    refusal: lines(...codexStart, { type: 'turn.failed', error: { message: 'content_filter' } }),
    cap: lines(...codexStart, { type: 'turn.failed', error: { message: 'usage limit reached' } }),
  },
  opencode: {
    success: lines(...step('tool-calls'), ...step('stop')),
    error: lines(failed('APIError', 'no such model')),
    refusal: lines(...step('content-filter'), failed('ContentFilterError', 'blocked')),
    cap: lines(...step('tool-calls'), ...step('length')),
  },
  gemini: {
    success: gemini({}),
    error: gemini({ response: undefined, error: { type: 'ApiError', message: 'no such model', code: 1 } }),
    refusal: gemini({ response: undefined, error: { type: 'Safety', message: 'blocked', code: 1 } }),
    cap: gemini({
      response: undefined,
      error: { type: 'FatalTurnLimitedError', message: 'turns', code: 53 },
    }),
  },
  aider: {
    success: `${AIDER_HEAD}Done.\n${AIDER_TOKENS}Applied edit to a.txt\n`,
    error: `${AIDER_HEAD}litellm.AuthenticationError: AuthenticationError: no key\nThe API provider is not able to authenticate you. Check your API key.\n`,
    refusal: `${AIDER_HEAD}litellm.ContentPolicyViolationError: blocked\n`,
    cap: `${AIDER_HEAD}${AIDER_TOKENS}Only 3 reflections allowed, stopping.\n`,
  },
};
