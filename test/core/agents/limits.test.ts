import t from 'tap';
import { type AgentUsage, UNKNOWN_USAGE } from '../../../src/core/agents/agent-profile.ts';
import { judgeUse } from '../../../src/core/agents/judge-agent.ts';
import { addUsages, hasRoomLeft, judgeLimits, leftOf } from '../../../src/core/agents/limits.ts';
import { totalUsage } from '../../../src/core/agents/total-usage.ts';
import { sampleExecution } from '../../fixtures/documents/sample-run.ts';

const NONE = { maxCostUsd: null, maxTokens: null, maxTurns: null };
const USED: AgentUsage = { cost_usd: 0.5, input_tokens: 100, output_tokens: 20, turns: 4 };

const judged = (limits: Partial<typeof NONE | Record<keyof typeof NONE, number>>, used = USED) =>
  judgeLimits('executor', { ...NONE, ...limits }, used)?.code ?? null;

t.test('a limit holds up to itself and not beyond, and none without one', async (t) => {
  t.equal(judged({}), null);
  t.equal(judged({}, UNKNOWN_USAGE), null, 'nobody asks');
  t.equal(judged({ maxCostUsd: 0.5, maxTokens: 120, maxTurns: 4 }), null);
  t.equal(judged({ maxCostUsd: 0.49 }), 'BUDGET_EXCEEDED');
  t.equal(judged({ maxTokens: 119 }), 'BUDGET_EXCEEDED');
  t.equal(judged({ maxTurns: 3 }), 'BUDGET_EXCEEDED');
});

t.test('what is not known under a limit is not within it', async (t) => {
  t.equal(judged({ maxCostUsd: 100 }, { ...USED, cost_usd: null }), 'BUDGET_UNKNOWN');
  t.equal(judged({ maxTokens: 100_000 }, { ...USED, output_tokens: null }), 'BUDGET_UNKNOWN');
  t.equal(judged({ maxTurns: 100 }, { ...USED, turns: null }), 'BUDGET_UNKNOWN');
  t.equal(judged({ maxTurns: 3, maxCostUsd: 1 }, { ...USED, cost_usd: null }), 'BUDGET_EXCEEDED');
});

t.test('attempts add up, and one that says nothing makes the sum unknown', async (t) => {
  t.strictSame(addUsages([USED, USED]), { cost_usd: 1, input_tokens: 200, output_tokens: 40, turns: 8 });
  t.equal(
    addUsages([
      { ...USED, cost_usd: 0.1 },
      { ...USED, cost_usd: 0.2 },
    ]).cost_usd,
    0.3,
  );
  t.strictSame(addUsages([USED, null]), UNKNOWN_USAGE);
  const runs = [
    sampleExecution('r', { usage: USED }),
    sampleExecution('r'),
    sampleExecution('r', { usage: USED }),
  ];
  t.equal(totalUsage(runs)?.turns, 8, 'a stage without an agent is not asked');
  t.equal(totalUsage([sampleExecution('r')]), null);
});

t.test('what is left is never less than an agent can be told', async (t) => {
  t.strictSame(
    [leftOf(null, 1, 1), leftOf(10, 4, 1), leftOf(10, 10, 1), leftOf(0.3, 0.1, 0.000001)],
    [null, 6, 1, 0.2],
  );
  t.equal(hasRoomLeft({ ...NONE, maxTurns: 4 }, USED), false);
  t.equal(hasRoomLeft({ ...NONE, maxTurns: 5 }, USED), true);
  t.equal(hasRoomLeft({ ...NONE, maxTurns: 5 }, UNKNOWN_USAGE), false);
});

t.test('a limit that was passed, or a cap, is not tried again and comes before the exit code', async (t) => {
  const result = { usage: USED, ending: { kind: 'capped' as const, problem: 'error_max_turns' } };
  const capped = judgeUse({ result, exitMeaning: null, limit: null, roomLeft: true }, 'exited with code 1');
  t.match(capped, { reason: 'budget_exceeded', again: false, text: /^exited with code 1, and stopped/ });
  const limit = { code: 'BUDGET_UNKNOWN' as const, flag: '--executor-max-turns', text: 'does not say' };
  const fine = { usage: USED, ending: { kind: 'success' as const } };
  const unknown = judgeUse({ result: fine, exitMeaning: null, limit, roomLeft: false }, null);
  t.match(unknown, { reason: 'budget_unknown', again: false, text: /BUDGET_UNKNOWN/ });
});
