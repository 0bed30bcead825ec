/** What `orchestrator approve` writes is what the gate reads: the executable on one side, the reader on the other. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GateQuestion } from '../../../src/core/gates/gate-question.ts';
import { fail } from '../../../src/core/result.ts';
import { planDigest } from '../../../src/formats/approval.ts';
import type { RunReport } from '../../../src/formats/report.ts';
import { parseVerifyingKey } from '../../../src/formats/signing-key.ts';
import { readFileGate } from '../../../src/gates/file/read-file-gate.ts';
import { ALL_PASS, e2e } from '../../e2e/rig.ts';
import { keyFiles } from '../../e2e/signer.ts';

function questionOf(out: string): GateQuestion {
  const report: RunReport = JSON.parse(readFileSync(join(out, 'orchestrator_run_report.json'), 'utf8'));
  const { head, tree_digest } = report.repo;
  return {
    gate: 'review',
    moment: 'closure',
    subject: { run_id: report.run_id, head_sha: head, base_sha: null, tree_digest },
    planDigest: planDigest(report.artifacts),
    nowSecs: Math.floor(Date.now() / 1000),
  };
}

e2e('an approval opens the gate of its own run, and of no other run or content', async (t, rig) => {
  rig.gitRepo();
  const key = keyFiles(rig);
  const open = parseVerifyingKey(readFileSync(key.open));
  if (!open.ok) throw new Error(open.failure);
  const out = join(rig.base, 'evidence');
  const plan = join(out, 'plan.json');
  const manager = rig.agent('manager', `echo '{}' > '${plan}'`);
  const roles = [
    '--manager-bin',
    manager,
    '--manager-expected-artifact',
    plan,
    '--executor-bin',
    '/bin/true',
  ];
  const blocked = [out, ...ALL_PASS.slice(0, 4), ...roles];
  t.equal((await rig.run(blocked)).code, 3);
  const file = join(rig.base, 'a.json');
  t.equal((await rig.run(['approve', out, '--key', key.secret, '--write', file])).code, 0);
  const codes = (question: GateQuestion) => {
    const bytes = readFileSync(file);
    const rules = { publicKeys: [open.value], required: 1, judgeDocument: () => fail('none') };
    const { document } = readFileGate(question, [{ source: 'file:a', bytes, problem: null }], rules);
    return document.details.filter((one) => one.blocks).map((one) => one.code);
  };
  t.strictSame(codes(questionOf(out)), []);
  t.strictSame(codes({ ...questionOf(out), nowSecs: Math.floor(Date.now() / 1000) + 86_400 }), [
    'approval_expired',
    'approvals_missing',
  ]);
  rig.write('a.txt', 'changed\n');
  rig.git('commit', '-aqm', 'second');
  t.equal((await rig.run([out, '--resume', '--rerun-from', 'validation'])).code, 3);
  t.strictSame(codes(questionOf(out)), ['approval_other_commit', 'approval_other_tree', 'approvals_missing']);
  t.equal((await rig.run(blocked)).code, 3);
  t.equal(codes(questionOf(out))[0], 'approval_other_run');
});
