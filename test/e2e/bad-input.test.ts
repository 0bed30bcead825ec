/** Every command that reads evidence, on every input that is not what it hopes for. */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import {
  type BadInput,
  CODES,
  makeInput,
  REBUILT,
  WRONG_DOCUMENTS,
  WRONG_FILES,
  WRONG_PLACES,
} from './bad-inputs.ts';
import { folderState } from './folder-state.ts';
import { ALL_PASS, e2e, inParallel, type Rig } from './rig.ts';

const FORMATS = ['json', 'markdown', 'html', 'junit', 'github'] as const;

/** Command lines by their command; `out` is the bad one. */
const FEW = (out: string): readonly (readonly string[])[] => [
  ['report', out],
  ['explain', out],
  ['verify', out],
  ['list', out],
];
const ALL = (out: string): readonly (readonly string[])[] => [
  ...FEW(out),
  ...FORMATS.map((format) => ['report', out, '--format', format]),
  ['explain', out, '--json'],
  ['verify', out, '--json'],
  ['list', out, '--json'],
  ['diff', out, './done'],
  ['diff', './done', out, '--json'],
  ['clean', out, '--keep', '0'],
  ['clean', out, '--keep', '0', '--json'],
];

/** What would act on a terminal, or on a reader of lines. */
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

async function goodRuns(rig: Rig): Promise<void> {
  mkdirSync(join(rig.base, 'tmp'));
  const gates = ['--policy-status', 'allow', '--ci-status', 'success'];
  const agent = rig.agent('maker', 'echo said; mkdir -p made; echo "{}" > made/plan.json');
  const artifact = ['--executor-expected-artifact', './made/plan.json', '--allow-stale-artifacts'];
  const stages = ['--manager-bin', '/bin/true', '--executor-bin', agent, ...artifact];
  await rig.run(['./done', ...ALL_PASS, ...stages]);
  await rig.run(['./review', ...gates, ...stages]);
}

/** One input, all command lines: the code, no stack, nothing that acts on a terminal, nothing written. */
async function hold(t: Test, rig: Rig, input: BadInput, lines: typeof ALL): Promise<void> {
  const name = `./in-${input.name.replaceAll(/[^a-z0-9]+/gi, '-')}`;
  const out = await makeInput(rig, input, name);
  const before = folderState(out);
  const env = { TMPDIR: join(rig.base, 'tmp') };
  for (const line of lines(name)) {
    const run = await rig.run(line, { env, limitMs: 20_000 });
    const what = `${input.name}: ${line.join(' ')}`;
    t.equal(run.code, CODES[input.kind][line[0] ?? ''], `${what}: ${run.said.slice(0, 1000)}`);
    t.notMatch(run.said, /\n {4}at |internal error/, what);
    t.notMatch(run.said, UNSAFE, what);
    t.ok(run.said.length > 0, `${what} says something`);
    if (line[0] === 'explain' && line.length === 2)
      t.match(run.said.replace(/^orchestrator: /, ''), input.says, what);
  }
  t.strictSame(folderState(out), before, `${input.name}: nothing is written`);
}

e2e('what is no out_dir, or of another version, is called what it is by every command', async (t, rig) => {
  await goodRuns(rig);
  await inParallel([...WRONG_PLACES, ...REBUILT], async (input) => hold(t, rig, input, ALL), 2);
  t.strictSame(readdirSync(join(rig.base, 'tmp')), [], 'nor in the temporary folder');
});

e2e('a document that is damaged in any way is said to be, and left alone', async (t, rig) => {
  await goodRuns(rig);
  await inParallel(WRONG_DOCUMENTS, async (input) => hold(t, rig, input, FEW), 2);
});

e2e('an artifact or a log that is gone or something else is told where it counts', async (t, rig) => {
  await goodRuns(rig);
  const lines = (out: string) => [...FEW(out), ['report', out, '--format', 'html'], ['diff', out, './done']];
  await inParallel(WRONG_FILES, async (input) => hold(t, rig, input, lines), 2);
});
