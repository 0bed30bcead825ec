/** What the commands that read evidence print as JSON, held to the schemas that the executable publishes. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { ENDINGS, makeEndings, makeLive } from './endings.ts';
import { e2e, inParallel, type Rig } from './rig.ts';

async function validator(rig: Rig): Promise<(t: Test, name: string, text: string) => void> {
  const { Ajv2020 } = await import('ajv/dist/2020.js');
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  const names = ['verification', 'explanation', 'run-list', 'run-diff', 'cleaned-runs', 'doctor-report'];
  for (const name of names) ajv.addSchema(JSON.parse((await rig.run(['schema', name])).stdout), name);
  return (t, name, text) => {
    t.ok(ajv.validate(name, JSON.parse(text)), `${name}: ${ajv.errorsText()}\n${text.slice(0, 2000)}`);
  };
}

/** 0 for what is done and holds, 3 for what is blocked, 1 for anything else (spec section 8). */
function verified(name: string): number {
  if (name === 'done') return 0;
  return ENDINGS.find((one) => one.name === name)?.code === 3 ? 3 : 1;
}

e2e('list, diff, clean, verify, explain and doctor print what their schemas describe', async (t, rig) => {
  const valid = await validator(rig);
  await makeEndings(rig);
  const { stop } = await makeLive(rig);
  const names = [...ENDINGS.map((one) => one.name), 'sigint', 'killed', 'running'];
  await inParallel(names, async (name) => {
    for (const [command, schema] of [
      ['verify', 'verification'],
      ['explain', 'explanation'],
    ] as const) {
      const { stdout, stderr, code } = await rig.run([command, `./${name}`, '--json']);
      t.equal(stderr, '', `${command} ${name}`);
      valid(t, schema, stdout);
      if (command !== 'verify') continue;
      t.equal(code, verified(name), `verify ${name}`);
      t.equal(JSON.parse(stdout).exit_code, code, `${name} says its exit code`);
    }
  });
  valid(t, 'verification', (await rig.run(['verify', './none', '--json'])).stdout);
  const list = await rig.run(['list', '--json']);
  valid(t, 'run-list', list.stdout);
  t.equal(JSON.parse(list.stdout).runs.length, names.length + 2);
  valid(t, 'run-diff', (await rig.run(['diff', './done', './stage', '--json'])).stdout);
  valid(t, 'run-diff', (await rig.run(['diff', './done', './done', '--json'])).stdout);
  const clean = ['clean', '--keep', '0', '--json'];
  valid(t, 'cleaned-runs', (await rig.run(clean)).stdout);
  rmSync(join(rig.work, 'stage/audit.jsonl'));
  const cleaned = await rig.run([...clean, '--include-blocked', '--include-resumable', '--execute']);
  valid(t, 'cleaned-runs', cleaned.stdout);
  for (const outcome of ['removed', 'stays']) t.match(cleaned.stdout, `"outcome": "${outcome}"`);
  await stop();
  valid(t, 'doctor-report', (await rig.run(['doctor', '--json'])).stdout);
});
