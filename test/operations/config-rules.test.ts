import t from 'tap';
import { artifactFailure, problemsOfGiven } from '../../src/operations/config-rules.ts';
import { given, sampleGiven, samplePlan, sampleRole } from '../fixtures/sample-plan.ts';

const EVIDENCE = { outDir: '/x/out', checkpointPath: null };
const artifact = (path: string) => ({ path, schema: null });

t.test('a plan put together on resume is held to the same rules for artifacts', (t) => {
  const manager = sampleRole({ expectedArtifacts: [artifact('/x/a')] });
  const free = samplePlan({
    roles: { manager, executor: sampleRole({ expectedArtifacts: [artifact('/x/b')] }), reviewer: null },
  });
  t.equal(artifactFailure(free, EVIDENCE), null);
  const shared = samplePlan({
    roles: { manager, executor: sampleRole({ expectedArtifacts: [artifact('/x/a')] }), reviewer: null },
  });
  t.match(artifactFailure(shared, EVIDENCE), {
    reason: 'usage',
    message:
      '--executor-expected-artifact: expected a path of its own, got "/x/a", which is an artifact of the manager',
  });
  const context = samplePlan({
    planningContextArtifact: '/x/a',
    roles: { manager, executor: null, reviewer: null },
  });
  t.match(artifactFailure(context, EVIDENCE), { message: /which is the planning context/ });
  t.end();
});

t.test("nobody else's artifact may be one of the orchestrator's own files", (t) => {
  const own = [
    ...['/x/out', '/x/out/orchestrator_run_report.json', '/x/out/orchestrator_checkpoint.json'],
    ...[
      '/x/out/checkpoint.json',
      '/x/out/audit.jsonl',
      '/x/out/logs/a',
      '/x/out/artifacts/a',
      '/x/out/superseded/a',
    ],
    '/x/out/.lock/1',
  ];
  const problemsFor = (path: string) =>
    problemsOfGiven(
      sampleGiven({ manager: { bin: given('m'), expectedArtifacts: given([artifact(path)]) } }),
      false,
      EVIDENCE,
    );
  for (const path of own) t.equal(problemsFor(path).length, 1, path);
  for (const path of ['/x/out/plan.json', '/x/out/manager/logs/a', '/x/outer', '/x/logs']) {
    t.strictSame(problemsFor(path), [], path);
  }
  t.end();
});

t.test('on resume a part may stand alone, on a fresh run it may not', (t) => {
  const part = sampleGiven({ executor: { args: given(['x']) } });
  t.strictSame(problemsOfGiven(part, true, EVIDENCE), []);
  t.equal(problemsOfGiven(part, false, EVIDENCE)[0], 'a flag: expected --executor-bin as well, got none');
  t.end();
});

t.test('commands that planning will find are something to run, with a context to find them in', (t) => {
  const found = { validationFromPlanningContext: given(true) };
  t.equal(problemsOfGiven(sampleGiven({}, found), false, EVIDENCE).length, 1);
  const whole = sampleGiven({}, { ...found, planningContextArtifact: given('/x/c.json') });
  t.strictSame(problemsOfGiven(whole, false, EVIDENCE), []);
  t.end();
});
