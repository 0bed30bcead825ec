import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { expectedOf, outcomeOf, ROOT, runAs, shellBlocks, withExecutable } from './example.ts';

const RUN = join(ROOT, 'examples/quickstart/run.sh');
const EXPECTED = expectedOf('quickstart');
/** As document 004 prints it, `orchestrator` in place of the program it names. */
const AS_PRINTED = `orchestrator ./out \\
  --policy-status allow \\
  --ci-status success \\
  --review-status approved \\
  --manager-bin /bin/sh \\
  --manager-arg -c \\
  --manager-arg "exit 0" \\
  --executor-bin /bin/sh \\
  --executor-arg -c \\
  --executor-arg "exit 0"
`;

t.test('README and run.sh have the dry run as document 004 prints it', async (t) => {
  t.equal(shellBlocks('quickstart')[0], `${AS_PRINTED}\norchestrator ./out --resume\n`);
  t.ok(readFileSync(RUN, 'utf8').includes(AS_PRINTED));
});

withExecutable('the dry run as printed, then a resume, both end as expected.json says', (t, base) => {
  const out = join(base, 'out');
  const commands = [AS_PRINTED, 'orchestrator ./out --resume'];
  const outcomes = commands.map((command) => outcomeOf(runAs(base, base, ['sh', '-c', command]).code, out));
  t.strictSame(outcomes, EXPECTED);
});

withExecutable('run.sh does the same, and says where the evidence is', (t, base) => {
  const folder = join(base, 'a folder');
  const ended = runAs(base, base, [RUN, folder]);
  t.strictSame(outcomeOf(ended.code, join(folder, 'out')), EXPECTED.at(-1));
  t.match(ended.stdout, `The evidence: ${folder}/out`);
});

withExecutable('run.sh touches no folder that exists', (t, base) => {
  t.match(runAs(base, base, [RUN, base]), { code: 2, stderr: /exists already/ });
});

withExecutable('the README tells true what a missing gate does', (t, base) => {
  const block = shellBlocks('quickstart')[1] ?? '';
  const [blocked = '', , resumed = ''] = block.split(/(?=^orchestrator )/m);
  t.equal(runAs(base, base, ['sh', '-c', blocked]).code, 3);
  t.match(outcomeOf(3, join(base, 'blocked')), {
    terminal_state: 'blocked',
    blocked_reason_codes: ['GATE_REVIEW_NOT_APPROVED'],
  });
  t.equal(runAs(base, base, ['sh', '-c', resumed]).code, 0);
  t.ok(existsSync(join(base, 'blocked/orchestrator_checkpoint.json')));
});
