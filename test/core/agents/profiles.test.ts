import t from 'tap';
import { AGENT_NAMES, type AgentName, UNKNOWN_USAGE } from '../../../src/core/agents/agent-profile.ts';
import { profileOf } from '../../../src/core/agents/profiles.ts';
import { OUTPUTS } from './outputs.ts';

function read(agent: AgentName, text: string) {
  return profileOf(agent).read(text.split('\n'));
}

const USED: Readonly<Record<AgentName, readonly (number | null)[]>> = {
  'claude-code': [0.25, 150, 40, 3],
  codex: [null, 150, 40, null],
  opencode: [0.25, 150, 40, 2],
  gemini: [null, 150, 40, 3],
  // The most that 4.2k, 1.1k and 900 can stand for.
  aider: [0.0125, 6300, 600, 2],
};

t.test('what an agent used is read as it reports it', async (t) => {
  for (const agent of AGENT_NAMES) {
    const { usage, ending } = read(agent, OUTPUTS[agent].success);
    t.equal(ending.kind, 'success', agent);
    t.strictSame(
      [usage.cost_usd, usage.input_tokens, usage.output_tokens, usage.turns],
      USED[agent],
      `use of ${agent}`,
    );
  }
});

t.test('an error, a refusal and a cap are no success of any agent', async (t) => {
  for (const agent of AGENT_NAMES) {
    for (const kind of ['error', 'refusal', 'cap'] as const) {
      const { ending } = read(agent, OUTPUTS[agent][kind]);
      t.ok(['failed', 'capped'].includes(ending.kind), `${agent} ${kind}: ${ending.kind}`);
    }
  }
  t.equal(read('claude-code', OUTPUTS['claude-code'].cap).ending.kind, 'capped');
  t.equal(profileOf('gemini').exitCodes[53]?.kind, 'capped');
});

t.test('nothing, garbage and foreign JSON are a result of no agent', async (t) => {
  const texts = [
    '',
    'Done.',
    '{}',
    '[]',
    'null',
    '{"type":"result"}',
    '\u0000\uffff{',
    '{"type":"step_finish"}',
  ];
  for (const agent of AGENT_NAMES) {
    for (const text of texts) {
      const { ending, usage } = read(agent, text);
      t.equal(ending.kind, 'unreadable', `${agent}: ${JSON.stringify(text)}`);
      t.strictSame(usage, UNKNOWN_USAGE, agent);
    }
  }
});

t.test('an output that is cut anywhere before its end is not read as success', async (t) => {
  for (const agent of ['claude-code', 'codex', 'opencode', 'gemini'] as const) {
    const whole = OUTPUTS[agent].success.trimEnd();
    for (let length = 0; length < whole.length; length += 1) {
      const { ending } = read(agent, whole.slice(0, length));
      if (ending.kind === 'success') t.fail(`${agent}: ${length} of ${whole.length} characters`);
    }
  }
  t.pass('no part is a whole');
});

t.test('a number that is no count makes that part unknown', async (t) => {
  const odd = (value: string) =>
    read(
      'claude-code',
      OUTPUTS['claude-code'].success.replace('"output_tokens":40', `"output_tokens":${value}`),
    );
  for (const value of ['-1', '1.5', '"40"', 'null', '1e400', 'true']) {
    t.equal(odd(value).usage.output_tokens, null, value);
  }
  const cost = OUTPUTS.opencode.success.replace('"cost":0.125', '"cost":-1');
  t.equal(read('opencode', cost).usage.cost_usd, null, 'a cost that would lower the sum');
  t.equal(read('aider', 'Tokens: lots sent, 1 received.').usage.input_tokens, null);
});

t.test('a report of aider that is wrapped is read as one line', async (t) => {
  const whole =
    'Tokens: 4.0k sent, 1.0k cache write, 2.0k cache hit, 512 received. Cost: $0.01 message, $0.01 session.';
  const { usage } = read('aider', whole);
  t.strictSame([usage.cost_usd, usage.output_tokens, usage.turns], [0.01, 512, 1]);
  for (let at = whole.indexOf(' ', 8); at !== -1; at = whole.indexOf(' ', at + 1)) {
    const wrapped = `${whole.slice(0, at)}\n${whole.slice(at + 1)}\nApplied edit to a.txt`;
    t.strictSame(read('aider', wrapped).usage, usage, `at ${at}`);
  }
  const twice = read('aider', 'Tokens: 10 sent, 1 received.\nTokens: 20 sent, 2 received.').usage;
  t.strictSame([twice.cost_usd, twice.input_tokens, twice.turns], [null, 30, 2]);
});

t.test('what another agent has used on behalf of opencode is not known', async (t) => {
  const task = JSON.stringify({ type: 'tool_use', part: { type: 'tool', tool: 'task' } });
  t.strictSame(read('opencode', `${task}\n${OUTPUTS.opencode.success}`).usage, UNKNOWN_USAGE);
});

t.test('the last result counts, and a list of messages is looked through', async (t) => {
  const { success, error } = OUTPUTS['claude-code'];
  t.equal(read('claude-code', `${success}${error}`).ending.kind, 'failed');
  t.equal(read('claude-code', `[{"type":"system"},${success.trim()}]`).ending.kind, 'success');
});

t.test('the prompt is one argument, and limits are told to an agent that can be told', async (t) => {
  const order = { prompt: 'fix "it"\nnow', model: 'm', args: ['--own'], costUsd: 0.5, turns: 7 };
  for (const agent of AGENT_NAMES) {
    const line = profileOf(agent).commandLine(order);
    t.ok(line.includes(order.prompt) || line.includes(`--prompt=${order.prompt}`), agent);
    t.ok(line.includes('--own') && line[line.indexOf('--model') + 1] === 'm', agent);
  }
  const line = profileOf('claude-code').commandLine(order);
  t.equal(line[line.indexOf('--max-budget-usd') + 1], '0.5');
  t.equal(line[line.indexOf('--max-turns') + 1], '7');
});
