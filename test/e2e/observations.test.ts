import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { type Delivery, deliverable } from './delivery.ts';
import { ALL_PASS, e2e, type Rig, until } from './rig.ts';

const SCHEMA = join(import.meta.dirname, '../../schemas/observation-line.schema.json');
const STEPS = '[{"priority":"high","source":"reviewer","code":"R1","action":"mend the test"}]';

/** The published definition, and the types that it knows. */
function published(): { readonly validate: ValidateFunction; readonly types: readonly string[] } {
  const schema = JSON.parse(readFileSync(SCHEMA, 'utf8'));
  const types: string[] = schema.oneOf.map(
    (one: { readonly properties: { readonly type: { readonly const: string } } }) =>
      one.properties.type.const,
  );
  return { validate: new Ajv2020({ strict: false, validateFormats: false }).compile(schema), types };
}

/** A run that asks for a remediation, delivers, and waits for a check that ends while it does. */
async function everything(rig: Rig, to: Delivery): Promise<readonly string[]> {
  const { checkRuns, rules } = to.forge.world.scenario.github;
  rules.push('build');
  const check = { name: 'build', app: 'github-actions', sha: '@pushed', suite: 1, extra: {} };
  checkRuns.push({ ...check, status: 'in_progress', conclusion: null });
  const verdict =
    'if [ -e "$ORCHESTRATOR_OUT_DIR/asked" ]; then echo \'{"passed":true}\'; else touch "$ORCHESTRATOR_OUT_DIR/asked"; ' +
    `echo '{"passed":false,"next_step_plan":${STEPS}}'; fi > "$ORCHESTRATOR_OUT_DIR/review.json"`;
  const at = to.args.indexOf('--ci-status');
  const live = rig.start(
    [
      ...[...to.args.slice(0, at), ...to.args.slice(at + 2), '--json', '--verbose'],
      ...['--reviewer-bin', rig.agent('reviews', verdict), '--reviewer-expected-artifact', 'out/review.json'],
      ...['--reviewer-remediation-max-cycles', '1', '--ci-from', 'github:acme/shop'],
      ...['--gate-wait-ms', '60000', '--gate-poll-ms', '100', '--manager-bin', '/bin/echo'],
      ...['--manager-arg', 'a line'],
    ],
    { env: to.env },
  );
  await until('a gate is waited for', () => live.said().includes('"type":"gate-waiting"'));
  checkRuns.splice(0, 1, { ...check, status: 'completed', conclusion: 'success' });
  const ended = await live.finished;
  const resumed = await rig.run(['./out', '--resume', '--json'], { env: to.env });
  const bare = ['./bare', '--json', ...ALL_PASS, '--executor-bin', '/bin/true'];
  const first = await rig.run(bare);
  // Over the evidence of the first, which is moved away: that is a notice.
  const second = await rig.run(bare);
  return [ended, resumed, first, second]
    .map((one) => one.stdout)
    .join('')
    .trimEnd()
    .split('\n');
}

e2e('every type of line that --json can print was printed by a run, as published', async (t, rig) => {
  const to = await deliverable(rig);
  t.teardown(() => to.close());
  const { validate, types } = published();
  const lines = await everything(rig, to);
  const seen = new Set<string>();
  for (const line of lines) {
    const observation = JSON.parse(line);
    t.ok(validate(observation), `${line}\n${JSON.stringify(validate.errors)}`);
    seen.add(observation.type);
  }
  t.strictSame(
    types.filter((type) => !seen.has(type)),
    [],
    'none is only in the schema',
  );
});
