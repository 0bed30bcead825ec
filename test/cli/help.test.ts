import t from 'tap';
import { COMMAND_NAMES, COMMANDS } from '../../src/cli/commands.ts';
import { runFlags } from '../../src/cli/flags.ts';
import { helpText } from '../../src/cli/help.ts';

t.test(
  'the help of a run says what it does, then exit codes, commands, every flag, and examples',
  async (t) => {
    const text = await helpText('run', null);
    for (const flag of runFlags())
      t.match(text, new RegExp(`^ +(-[hV], )?--${flag.name}( |$)`, 'm'), flag.name);
    for (const name of COMMAND_NAMES) t.match(text, new RegExp(`^ +${name} `, 'm'), name);
    const parts = [
      'orchestrator [run]',
      'Fail-closed',
      'Exit codes',
      'Commands',
      '--manager-bin',
      'Examples',
      'A flag shown with',
    ];
    const places = parts.map((part) => text.indexOf(part));
    t.strictSame(
      places,
      [...places].sort((a, b) => a - b),
    );
    t.notOk(places.includes(-1));
  },
);

t.test('help shows the form of a value, WORD only where the words follow', async (t) => {
  const text = await helpText('run', null);
  t.match(text, /--executor-max-cost-usd USD\|none /);
  t.match(text.replaceAll(/\s+/g, ' '), /--delivery-pr REPO [^-]*github:OWNER\/REPO, gitlab:PROJECT/);
  for (const [, name = ''] of text.matchAll(/--([a-z-]+) WORD/g)) {
    t.equal(runFlags().find((flag) => flag.name === name)?.kind.type, 'choice', name);
  }
});

t.test('help fits its width and is ASCII, whatever the terminal', async (t) => {
  const widths: [number | null, number][] = [
    [null, 80],
    [20, 80],
    [90, 90],
    [300, 100],
  ];
  for (const [columns, width] of widths) {
    for (const name of COMMAND_NAMES) {
      const text = await helpText(name, columns);
      t.match(text, /^[\x20-\x7e\n]+$/);
      const longest = Math.max(...text.split('\n').map((line) => line.length));
      t.ok(longest <= width, `${name} at ${columns}: ${longest}`);
    }
  }
});

t.test('every command has a summary, an example and its own flags', async (t) => {
  for (const name of COMMAND_NAMES) {
    const text = await helpText(name, 80);
    t.ok(text.startsWith(COMMANDS[name].usage), name);
    t.match(text, /\nExamples\n/, name);
    for (const flag of COMMANDS[name].flags())
      t.ok(text.includes(`--${flag.name}`), `${name} --${flag.name}`);
  }
});
