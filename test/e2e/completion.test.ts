import { mkdirSync, writeFileSync } from 'node:fs';
import { e2e, type Rig } from './rig.ts';
import {
  bashOffers,
  fishDescribes,
  fishOffers,
  shellAt,
  type Trial,
  zshCompletes,
  zshLists,
} from './shells.ts';

async function trialIn(rig: Rig, shell: string): Promise<Trial> {
  const printed = await rig.run(['completion', shell]);
  if (printed.code !== 0) throw new Error(printed.said);
  mkdirSync(`${rig.work}/runs of may`);
  mkdirSync(`${rig.work}/ruins`);
  writeFileSync(`${rig.work}/rules.yaml`, '');
  return { folder: rig.work, script: printed.stdout };
}

e2e(
  'bash completes commands, flags, their words, files and folders',
  async (t, rig) => {
    const trial = await trialIn(rig, 'bash');
    const offered = (...words: string[]) => bashOffers(trial, words);
    t.strictSame(offered('rep'), ['report']);
    t.strictSame(offered('--manager-bi'), ['--manager-bin']);
    t.strictSame(offered('report', '--f'), ['--format']);
    t.strictSame(offered('report', '--format', ''), ['github', 'html', 'json', 'junit', 'markdown', 'text']);
    t.strictSame(offered('report', '--format', '=', 'm'), ['markdown']);
    t.strictSame(offered('config', 'init', '--format', ''), ['json', 'yaml']);
    t.strictSame(offered('config', ''), ['init', 'print', 'validate']);
    t.strictSame(offered('config', 'validate', 'rul'), ['rules.yaml']);
    t.strictSame(offered('clean', '--include'), ['--include-blocked', '--include-resumable']);
    t.strictSame(offered('list', 'ru'), ['ruins', 'runs of may']);
    t.strictSame(offered('completion', ''), ['bash', 'fish', 'zsh']);
    t.strictSame(offered('help', 'exp'), ['explain']);
    t.strictSame(offered('--manager-bin', 'report', '--ci-st'), ['--ci-status'], 'a value is no command');
    t.strictSame(offered('--policy-status', ''), ['allow', 'deny', 'unknown']);
    t.strictSame(offered('--timeout-ms', ''), [], 'a number is nothing to complete');
  },
  { skip: shellAt('bash').skip },
);

e2e(
  'fish completes commands, flags, their words, files and folders',
  async (t, rig) => {
    const trial = await trialIn(rig, 'fish');
    const offered = (line: string) => fishOffers(trial, `orchestrator ${line}`);
    t.strictSame(offered('rep'), ['report']);
    t.strictSame(offered('--manager-bi'), ['--manager-bin']);
    t.strictSame(offered('report --format '), ['github', 'html', 'json', 'junit', 'markdown', 'text']);
    t.strictSame(offered('report --format=m'), ['--format=markdown']);
    t.strictSame(offered('config init --format '), ['json', 'yaml']);
    t.strictSame(offered('config v'), ['validate']);
    t.strictSame(offered('clean --include'), ['--include-blocked', '--include-resumable']);
    t.strictSame(offered('list ru'), ['ruins/', 'runs of may/']);
    t.strictSame(offered('config validate rul'), ['rules.yaml']);
    t.strictSame(offered('--manager-bin report --ci-st'), ['--ci-status'], 'a value is no command');
    const shown = (line: string) => fishDescribes(trial, `orchestrator ${line}`);
    t.strictSame(shown('--policy-status '), ['allow', 'deny', 'unknown'], 'no word has the text of its flag');
    t.match(shown('--policy-st'), [/^--policy-status\tonly "allow" passes$/]);
  },
  { skip: shellAt('fish').skip },
);

e2e(
  'zsh completes commands, flags, their words, files and folders',
  async (t, rig) => {
    const trial = await trialIn(rig, 'zsh');
    const lines: readonly (readonly [string, string])[] = [
      ['rep', 'report '],
      ['--manager-bi', '--manager-bin='],
      ['report --form', 'report --format='],
      ['report --format m', 'report --format markdown '],
      ['report --format=m', 'report --format=markdown '],
      ['config init --format y', 'config init --format yaml '],
      ['config v', 'config validate '],
      ['config validate rul', 'config validate rules.yaml '],
      ['clean --include-b', 'clean --include-blocked '],
      ['list run', 'list runs\\ of\\ may/'],
      ['--manager-bin report --ci-st', '--manager-bin report --ci-status='],
    ];
    for (const [typed, completed] of lines) {
      t.equal(zshCompletes(trial, `orchestrator ${typed}`), `orchestrator ${completed}`, typed);
    }
    const listed = zshLists(trial, 'orchestrator ');
    t.match(listed, /verify +-- check that a run is closure-ready: exit 0 done/);
    t.match(listed, /approve +-- sign a word on one gate of a run/);
    t.notMatch(listed, '\\:');
  },
  { skip: shellAt('zsh').skip },
);

e2e('a shell that there is no script for is refused, exit 2', async (t, rig) => {
  for (const args of [[], ['tcsh'], ['bash', 'zsh']]) {
    const refused = await rig.run(['completion', ...args]);
    t.equal(refused.code, 2, args.join(' '));
    t.match(refused.stderr, /^orchestrator: completion: expected one of bash, zsh, fish, got [^\n]+\n$/);
    t.equal(refused.stdout, '');
  }
});
