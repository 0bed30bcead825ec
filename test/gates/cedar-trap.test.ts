import t from 'tap';
import { readCedarGate } from '../../src/gates/cedar/cedar-gate.ts';
import { ask, cedarPorts, change, diffOf, folderOf, inputOf, verdictOf } from './sample-policy.ts';

const INPUT = inputOf(diffOf([change('src/a.ts')]));

t.test('a policy that breaks the engine blocks, and so does everything after it', async (t) => {
  const deep = `permit(principal, action, resource) when { ${'('.repeat(200_000)}true${')'.repeat(200_000)} };`;
  const rows = [
    [deep, 'policy_malformed'],
    ['permit(principal, action, resource);', 'policy_malformed'],
  ] as const;
  for (const [text, code] of rows) {
    const ports = cedarPorts(folderOf({ 'main.cedar': text }));
    const { document } = await readCedarGate(ask('cedar', INPUT), ports);
    t.strictSame(verdictOf(document), [code]);
    t.match(document.details[0]?.message, /the engine/);
  }
});
