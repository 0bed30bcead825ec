import { spawnSync } from 'node:child_process';
import t from 'tap';
import { COMMAND_NAMES, COMMANDS } from '../../src/cli/commands.ts';
import { manPage, roff } from '../../src/cli/man-page.ts';

const hasMandoc = spawnSync('mandoc', ['-Tlint'], { input: '' }).error === undefined;

t.test('the manual page has every command and every flag', (t) => {
  const page = manPage('1.2.3');
  t.match(page, /^\.TH ORCHESTRATOR 1 "" "orchestrator 1\.2\.3"/);
  for (const name of COMMAND_NAMES) {
    t.ok(page.includes(`\\fB${roff(name)}\\fR`), name);
    for (const flag of COMMANDS[name].flags()) t.ok(page.includes(`\\fB${roff(`--${flag.name}`)}\\fR`));
  }
  t.end();
});

t.test('nothing in a text is a request or an escape to roff', (t) => {
  t.equal(roff(".so /etc/passwd\n'br\na\\fBb"), '\\&.so /etc/passwd\n\\(aqbr\na\\(rsfBb');
  t.equal(roff('--a "b" `c` ~^ …'), '\\-\\-a \\(dqb\\(dq \\(gac\\(ga \\(ti\\(ha \\[u2026]');
  t.end();
});

t.test(
  'mandoc reads the page without an error or a warning but the missing date',
  {
    skip: hasMandoc ? false : 'needs mandoc',
  },
  (t) => {
    const lint = spawnSync('mandoc', ['-Tlint', '-W', 'warning'], { input: manPage('1'), encoding: 'utf8' });
    const said = lint.stdout.split('\n').filter((line) => line !== '' && !line.includes('missing date'));
    t.strictSame(said, []);
    const shown = spawnSync('mandoc', ['-Tascii'], { input: manPage('1'), encoding: 'utf8' }).stdout;
    t.match(shown.replaceAll(/.\u0008/g, ''), /--policy-status allow\|deny\|unknown/);
    t.end();
  },
);
