import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_PASS, e2e, type Rig, until } from './rig.ts';
import { keyFiles } from './signer.ts';

const HTML = ['--html-report', './out/report.html'];

const verdictOf = (rig: Rig, path = './out/report.html') => /<h1>([^<]*)<\/h1>/.exec(rig.read(path))?.[1];

e2e('--html-report leaves the page however the run ended', async (t, rig) => {
  const ok = rig.agent('ok');
  const bad = rig.agent('bad', 'echo "last <words>" >&2; exit 7');
  const slow = rig.agent('slow', `sleep ${rig.nap}`);
  t.equal((await rig.run(['./out', '--executor-bin', bad, ...ALL_PASS, ...HTML])).code, 1);
  t.equal(verdictOf(rig), 'Failed in execution');
  t.match(rig.read('./out/report.html'), 'last &#60;words&#62;');
  const limit = ['--timeout-ms', '300', '--kill-grace-ms', '200'];
  t.equal((await rig.run(['./out', '--executor-bin', slow, ...limit, ...ALL_PASS, ...HTML])).code, 124);
  t.equal(verdictOf(rig), 'Timed out in execution');
  t.equal((await rig.run(['./out', '--executor-bin', ok, '--policy-status', 'allow', ...HTML])).code, 3);
  t.equal(verdictOf(rig), 'Blocked by gates ci, review');
  t.equal((await rig.run(['./out', '--resume', ...ALL_PASS, ...HTML])).code, 0);
  t.equal(verdictOf(rig), 'Done: closure-ready');
  t.match(rig.read('./out/report.html'), 'Invocation 2 <small>resumed');
  const printed = await rig.run(['report', './out', '--format', 'html']);
  const withoutSeal = (page: string) => page.replace(/<dt>authenticity<[^\n]*/, '');
  t.equal(withoutSeal(printed.stdout), withoutSeal(rig.read('./out/report.html')), 'one page for both');
});

e2e(
  'an interrupted run leaves its page, and while a run is under way none that says done is there',
  async (t, rig) => {
    const ok = rig.agent('ok');
    t.equal((await rig.run(['./out', '--executor-bin', ok, ...ALL_PASS, ...HTML])).code, 0);
    const slow = rig.agent('slow', `sleep ${rig.nap}`);
    const live = rig.start(['./out', '--executor-bin', slow, ...ALL_PASS, ...HTML]);
    await until('the slow agent runs', () => rig.ledger().some((line) => line.endsWith(' slow')));
    t.equal(rig.exists('./out/report.html'), false);
    live.signal('SIGINT');
    t.equal((await live.finished).code, 130);
    t.equal(verdictOf(rig), 'Interrupted in execution');
  },
);

e2e('a page that could not be written is refused before the run, exit 2', async (t, rig) => {
  const ok = rig.agent('ok');
  const mine = rig.write('../mine.html', '<p>mine</p>');
  symlinkSync(mine, join(rig.base, 'link.html'));
  mkdirSync(join(rig.base, 'folder.html'));
  const expected = {
    '../none/report.html':
      /expected a file in a folder that can be written, got one in [^\n]*none: [^\n]*ENOENT/,
    '../mine.html/report.html':
      /expected a file in a folder that can be written, got one in [^\n]*mine.html: [^\n]*ENOTDIR/,
    '../mine.html': /expected a new file or an HTML report to replace, got something else/,
    '../link.html': /expected a new file or an HTML report to replace, got something else/,
    '../folder.html': /expected a new file or an HTML report to replace, got something else/,
  };
  for (const [path, said] of Object.entries(expected)) {
    for (const more of [['--quiet'], ['--dry-run']]) {
      const args = ['./out', '--executor-bin', ok, ...ALL_PASS, '--html-report', path, ...more];
      const refused = await rig.run(args);
      t.equal(refused.code, 2, `${path} ${more}`);
      t.match(refused.stderr, said, path);
    }
  }
  t.strictSame(rig.ledger(), []);
  t.equal(existsSync(rig.out), false);
  t.equal(readFileSync(mine, 'utf8'), '<p>mine</p>', 'what is there and is none of ours stays');
});

e2e('a page whose place a stage has taken is a notice and changes no exit code', async (t, rig) => {
  const beside = join(rig.base, 'beside');
  mkdirSync(beside);
  const places = {
    gone: `rmdir '${beside}'`,
    taken: `mkdir -p '${beside}/report.html'`,
  };
  for (const [name, script] of Object.entries(places)) {
    const agent = rig.agent(name, script);
    const html = ['--html-report', `${beside}/report.html`];
    mkdirSync(beside, { recursive: true });
    const ended = await rig.run([`./${name}`, '--executor-bin', agent, ...ALL_PASS, ...html]);
    t.equal(ended.code, 0, ended.said);
    t.match(ended.said, /the HTML report .*was not written/, name);
  }
});

e2e('a page in a folder of out_dir that a stage makes is written', async (t, rig) => {
  const makes = rig.agent('makes', 'mkdir -p "$ORCHESTRATOR_OUT_DIR/pages"');
  const html = ['--html-report', './out/pages/report.html'];
  t.equal((await rig.run(['./out', '--executor-bin', makes, ...ALL_PASS, ...html])).code, 0);
  t.equal(verdictOf(rig, './out/pages/report.html'), 'Done: closure-ready');
});

e2e('a place among the evidence or in the work tree is exit 2, and nothing is run', async (t, rig) => {
  rig.gitRepo();
  const ok = rig.agent('ok');
  const places = [
    './report.html',
    './.git/report.html',
    './out/audit.jsonl',
    './out/logs/x.html',
    './out/report',
  ];
  for (const path of places) {
    const ended = await rig.run(['./out', '--executor-bin', ok, ...ALL_PASS, '--html-report', path]);
    t.equal(ended.code, 2, path);
    t.match(ended.stderr, /^orchestrator: --html-report [^\n]*: expected [^\n]*\n$/, path);
  }
  t.strictSame(rig.ledger(), []);
  t.equal(existsSync(rig.out), false);
});

e2e('a secret that a stage writes into its own log is not in the page', async (t, rig) => {
  const secret = 'sk-of-a-stage-4711';
  const log = '"$ORCHESTRATOR_OUT_DIR/logs/execution.1.stderr.log"';
  const says = rig.agent(
    'says',
    `echo kept >&2; while [ ! -s ${log} ]; do :; done; echo "x $API_KEY" > ${log}`,
  );
  const args = ['--executor-bin', says, '--pass-env', 'API_KEY', ...ALL_PASS, ...HTML];
  t.equal((await rig.run(['./out', ...args], { env: { API_KEY: secret } })).code, 0);
  t.notMatch(rig.read('out/report.html'), secret);
});

e2e('a place that comes to lie in the work tree while a run is under way gets no page', async (t, rig) => {
  rig.gitRepo();
  symlinkSync(rig.work, join(rig.base, 'link'));
  const makes = rig.agent('makes', `mkdir '${rig.work}/pages'`);
  const swap = (folder: string) => `mkdir -p pages; rmdir '${folder}'; ln -s '${rig.work}/pages' '${folder}'`;
  const early = ['--html-report', '../link/pages/report.html'];
  const refused = await rig.run(['./out', '--executor-bin', makes, ...ALL_PASS, ...early]);
  t.equal(refused.code, 2, refused.said);
  for (const [out, folder] of Object.entries({ one: `${rig.base}/beside`, two: `${rig.work}/two/in` })) {
    mkdirSync(folder, { recursive: true });
    const swaps = rig.agent(`swaps-${out}`, swap(folder));
    const html = ['--html-report', `${folder}/report.html`];
    const ended = await rig.run([out, '--executor-bin', swaps, ...ALL_PASS, ...html]);
    t.equal(ended.code, 0, ended.said);
    t.match(ended.said, /the HTML report was not written: [^\n]* got one in it/, out);
    t.equal((await rig.run(['verify', out])).code, 0, 'what was validated is what is there');
  }
});

e2e('html_report in a config file is relative to it like every path, and printed with it', async (t, rig) => {
  const ok = rig.agent('ok');
  rig.write('o.yaml', `executor:\n  bin: ${ok}\nhtml_report: ../page.html\n`);
  t.equal((await rig.run(['./out', '--config', 'o.yaml', ...ALL_PASS])).code, 0);
  t.equal(verdictOf(rig, '../page.html'), 'Done: closure-ready');
  const printed = await rig.run(['--config', 'o.yaml', '--print-config']);
  t.match(printed.stdout, /^html_report: "\/.*page\.html"$/m);
});

e2e('report prints every format of one run and writes nothing', async (t, rig) => {
  const ok = rig.agent('ok', 'printf "\\033]0;t\\007<b>::error::x\\n" >&2');
  t.equal((await rig.run(['./out', '--executor-bin', ok, '--policy-status', 'allow'])).code, 3);
  const before = statSync(rig.out).mtimeMs;
  const starts = {
    text: 'run 2',
    json: '{\n',
    markdown: '## ',
    html: '<!doctype html>\n',
    junit: '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ',
    github: '::error title=orchestrator::blocked',
  };
  for (const [format, start] of Object.entries(starts)) {
    const { code, stdout } = await rig.run(['report', './out', '--format', format]);
    t.equal(code, 0, format);
    t.ok(stdout.startsWith(start), format);
    t.notMatch(stdout, /[\u0007\u001b]/, format);
  }
  t.equal(statSync(rig.out).mtimeMs, before);
});

e2e('JUnit of a run that was killed is not green, though nothing in it has failed', async (t, rig) => {
  const slow = rig.agent('slow', `sleep ${rig.nap}`);
  const live = rig.start(['./out', '--manager-bin', slow, ...ALL_PASS]);
  await until('the slow agent runs', () => rig.ledger().length > 0);
  live.killGroup();
  await live.finished;
  const { stdout } = await rig.run(['report', './out', '--format', 'junit']);
  t.match(stdout, /<testsuites name="orchestrator" tests="9" failures="1"/);
  t.match(stdout, /name="closure-ready"[^>]*>\s*<failure /);
});

e2e('the page of a run shows the grace of what was stopped, and that it is signed', async (t, rig) => {
  const stubborn = rig.agent('stubborn', `trap '' TERM; sleep ${rig.nap} & wait; sleep ${rig.nap}`);
  const key = keyFiles(rig);
  const limits = ['--timeout-ms', '300', '--kill-grace-ms', '400', '--sign-key', key.secret];
  const run = await rig.run(['./out', '--executor-bin', stubborn, ...limits, ...ALL_PASS, ...HTML]);
  t.equal(run.code, 124, run.said);
  const [attempt] = rig.report().stage_executions.filter((one) => one.stage === 'execution');
  const stopped = attempt?.process_tree?.stopped;
  const { term_after_ms: term = 0, kill_after_ms: kill = null, gone_after_ms: gone = 0 } = stopped ?? {};
  t.ok(term >= 300 && kill !== null && kill - term >= 400 && gone >= kill, JSON.stringify(stopped));
  const page = rig.read('./out/report.html');
  t.match(page, /class="bar grace"[\s\S]*class="bar kill"/);
  t.match(page, /\d+ms in grace, \d+ms in kill/);
  t.match(page, /<dt>signature<\/dt><dd>signed, it says by key [0-9a-f]{16}; not checked here/);
  t.match((await rig.run(['report', './out', '--format', 'html'])).stdout, 'signed, it says by key');
});
