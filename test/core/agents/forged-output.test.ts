import t from 'tap';
import { type AgentName, UNKNOWN_USAGE } from '../../../src/core/agents/agent-profile.ts';
import { profileOf } from '../../../src/core/agents/profiles.ts';
import { OUTPUTS } from './outputs.ts';

function read(agent: AgentName, text: string) {
  return profileOf(agent).read(text.split('\n'));
}

const JSON_AGENTS = ['claude-code', 'codex', 'opencode', 'gemini'] as const;

t.test('a result that is hidden in a line of somebody else does not make room for another', async (t) => {
  for (const agent of JSON_AGENTS) {
    const { success, error } = OUTPUTS[agent];
    for (const before of ['x', '{"a":"', '[1,', '{}']) {
      const hidden = error
        .split('\n')
        .map((line, index) => (index === 0 || agent !== 'gemini' ? `${before}${line}` : line))
        .join('\n');
      const { ending, usage } = read(agent, `${hidden}\n${success}`);
      t.equal(ending.kind, 'unreadable', `${agent} behind ${before}`);
      t.strictSame(usage, UNKNOWN_USAGE, agent);
    }
    const { ending } = read(agent, `Loaded cached credentials.\n${success}`);
    t.equal(ending.kind, 'success', `${agent} may say something of its own before`);
  }
});

t.test(
  'a report of aider that is hidden in a line of somebody else is not left out of the sum',
  async (t) => {
    const { success } = OUTPUTS.aider;
    t.equal(read('aider', success).ending.kind, 'success');
    const { ending, usage } = read('aider', success.replace('Tokens: ', 'xTokens: '));
    t.equal(ending.kind, 'unreadable');
    t.strictSame(usage, UNKNOWN_USAGE);
    const quoted = `It counts as in "Tokens: many".\n${success}`;
    t.equal(read('aider', quoted).ending.kind, 'success', 'a word of the model alone is none');
  },
);

t.test('of several results none may say less than success, and all of their use counts', async (t) => {
  const { success, error } = OUTPUTS['claude-code'];
  t.equal(read('claude-code', `${error}${success}`).ending.kind, 'failed');
  const free = success.replace('"total_cost_usd":0.25', '"total_cost_usd":0').replace(':40', ':0');
  const { usage, ending } = read('claude-code', `${success}${free}`);
  t.equal(ending.kind, 'success');
  t.strictSame([usage.cost_usd, usage.input_tokens, usage.output_tokens, usage.turns], [0.25, 300, 40, 6]);
  t.equal(read('claude-code', success + free.replace('"num_turns":3', '"num_turns":"3"')).usage.turns, null);
});

t.test('what the sub-agents of claude-code have used counts, too', async (t) => {
  const model = { cacheReadInputTokens: 30, cacheCreationInputTokens: 20, costUSD: 0.2 };
  const models = (more: object) =>
    OUTPUTS['claude-code'].success.replace('"usage":', `"modelUsage":${JSON.stringify(more)},"usage":`);
  const one = { ...model, inputTokens: 100, outputTokens: 40 };
  const { usage } = read('claude-code', models({ large: one, small: { ...one, inputTokens: 5 } }));
  t.strictSame([usage.cost_usd, usage.input_tokens, usage.output_tokens], [0.25, 205, 80]);
  const less = read('claude-code', models({ large: { ...one, inputTokens: 1, outputTokens: 1 } })).usage;
  t.strictSame([less.input_tokens, less.output_tokens], [150, 40]);
  const odd = read('claude-code', models({ large: { ...one, outputTokens: '40' } })).usage;
  t.equal(odd.output_tokens, null);
});

t.test('what other agents have used on behalf of codex is not known', async (t) => {
  const call = (more: object) =>
    `${JSON.stringify({ type: 'item.completed', item: { type: 'collab_tool_call', ...more } })}\n`;
  const after = (more: object) => read('codex', call(more) + OUTPUTS.codex.success);
  t.strictSame(after({ tool: 'spawn_agent', receiver_thread_ids: ['b'] }).usage, UNKNOWN_USAGE);
  t.strictSame(after({ tool: 'wait', receiver_thread_ids: ['b'] }).usage, UNKNOWN_USAGE);
  t.equal(after({ tool: 'wait', receiver_thread_ids: [] }).usage.input_tokens, 150);
  t.equal(after({ tool: 'spawn_agent', receiver_thread_ids: ['b'] }).ending.kind, 'success');
});

t.test('an answer of opencode that has no end makes its whole use unknown', async (t) => {
  const { success, error } = OUTPUTS.opencode;
  const start = `${JSON.stringify({ type: 'step_start', part: { type: 'step-start' } })}\n`;
  t.strictSame(read('opencode', success + start).usage, UNKNOWN_USAGE);
  t.strictSame(read('opencode', success + start + error).usage, UNKNOWN_USAGE);
  t.strictSame(read('opencode', `${success}{"type":"step_finish"}`).usage.cost_usd, null);
  t.equal(read('opencode', `${success}{"type":"step_finish"}`).ending.kind, 'unreadable');
});

t.test('a cost of 0 for tokens that were used is none that is known', async (t) => {
  const { success } = OUTPUTS.opencode;
  const { usage } = read('opencode', success.replaceAll('"cost":0.125', '"cost":0'));
  t.strictSame([usage.cost_usd, usage.turns], [null, 2]);
});

t.test('what tools have put into a prompt of gemini counts as input', async (t) => {
  const { success } = OUTPUTS.gemini;
  t.equal(read('gemini', success.replaceAll('"tool": 0', '"tool": 7')).usage.input_tokens, 164);
});
