import { chmodSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ALL_PASS, type Rig } from '../../e2e/rig.ts';
import { NO_CHROMIUM, startBrowser } from '../../html/browser.ts';
import { type Attack, type NotTried, unless, unlessEnded } from './attack.ts';
import { foreignParts } from './html-page.ts';

/** What would act, in an element, in an attribute, out of a style sheet, and on a terminal. */
const LIVE = [
  '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>',
  '"\'` onfocus=window.hacked=1 autofocus x="',
  '</style></pre></svg><svg onload=window.hacked=1>',
  '<a href="javascript:window.hacked=1">l</a><iframe srcdoc="<script>parent.hacked=1</script>"></iframe>',
  '&lt;script&gt; <!-- ]]> \u202egnp.exe \u001b[2J ::error::x ##[error]x',
].join(' ');

/** Without what a file name or an argument cannot hold. */
const NAME = LIVE.replaceAll('/', '|').slice(0, 200);

const PAGE = ['--html-report', './out/report.html'];

/** Prints and fails, or leaves an artifact of a hostile name and a reviewer's report full of it. */
function binaries(rig: Rig): { readonly planner: string; readonly reviewer: string } {
  const text = JSON.stringify(LIVE);
  const steps = `[{priority:t,source:t,code:t,action:t},{priority:null,source:null,code:null,action:t}]`;
  const planner = rig.nodeAgent(
    'planner',
    `const fs = require('node:fs'); const t = ${text};
     console.log(t + '\\n::error::' + t); console.error(t);
     fs.mkdirSync('made', { recursive: true }); fs.writeFileSync('made/' + ${JSON.stringify(NAME)} + '.json', '{}');`,
  );
  const reviewer = rig.nodeAgent(
    'reviewer',
    `const t = ${text}; console.log(t);
     require('node:fs').writeFileSync(process.env.ORCHESTRATOR_OUT_DIR + '/review.json',
       JSON.stringify({ passed: false, findings: [t], next_step_plan: ${steps} }));`,
  );
  return { planner, reviewer };
}

/** A gate whose findings are full of it. */
function gate(rig: Rig): string {
  return rig.nodeAgent(
    'gate',
    `let text = ''; const t = ${JSON.stringify(LIVE)};
     process.stdin.on('data', (chunk) => { text += chunk; }).on('end', () => {
       const { gate, subject } = JSON.parse(text);
       const details = [true, false].map((blocks) => ({ code: 'finding', about: t, message: t, remedy: t, blocks }));
       process.stdout.write(JSON.stringify({ schema_version: '1.0', gate, status: 'failure', passed: false, details,
         not_evaluated: [t], subject, evaluated_at_unix_secs: Math.floor(Date.now() / 1000) }));
     });`,
  );
}

/** Two runs whose pages are full of it: one that its reviewer refuses, one that a gate blocks. */
async function hostilePages(
  rig: Rig,
): Promise<{ readonly pages: readonly string[]; readonly wrong: readonly string[] }> {
  rig.gitRepo();
  const { planner, reviewer } = binaries(rig);
  const named = rig.write(join(rig.work, `${NAME}.sh`), '#!/bin/sh\nexit 0\n');
  chmodSync(named, 0o755);
  const common = [
    ...['./out', ...PAGE, '--manager-bin', planner, '--manager-arg', LIVE],
    ...[
      '--manager-expected-artifact',
      `./made/${NAME}.json`,
      '--executor-bin',
      named,
      '--executor-arg',
      LIVE,
    ],
  ];
  const refused = await rig.run([
    ...common,
    ...['--reviewer-bin', reviewer, '--reviewer-expected-artifact', './out/review.json', ...ALL_PASS],
  ]);
  const first = rig.read('out/report.html');
  const control = unless(
    rig.read('out/logs/planning.1.stdout.log').includes('<script>') &&
      JSON.stringify(rig.report().reviewer_next_steps).includes('<script>'),
    'the control: log and report do not hold it',
  );
  const blocked = await rig.run([...common, ...ALL_PASS.slice(0, 2), '--ci-from', `command:${gate(rig)}`]);
  const printed = await rig.run(['report', './out', '--format', 'html']);
  const wrong = [
    ...unlessEnded(refused, 1),
    ...control,
    ...unlessEnded(blocked, 3),
    ...unlessEnded(printed, 0),
  ];
  return { pages: [first, rig.read('out/report.html'), printed.stdout], wrong };
}

const MARKUP: Attack = {
  row: 24,
  name: 'markup in every text of an HTML report',
  control: 'logs and report hold it as it is; the page shows it as text',
  attempt: async (rig) => {
    const { pages, wrong } = await hostilePages(rig);
    return [
      ...wrong,
      ...pages.flatMap((page) => [
        ...foreignParts(page),
        ...unless(page.split('&#60;script&#62;').length > 5, 'the page does not show it as text'),
      ]),
    ];
  },
};

/** What of a page has run in a browser, with a server of this machine in reach. */
async function ranIn(rig: Rig, page: string): Promise<readonly string[]> {
  let asked = 0;
  const server = createServer((_, answer) => {
    asked += 1;
    answer.end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const browser = await startBrowser();
  try {
    const tab = await browser.newPage();
    const file = rig.write('page.html', page.replaceAll('PORT', String(port)));
    await tab.goto(pathToFileURL(file).href);
    const hacked = await tab.evaluate('window.hacked === undefined ? "" : "a script has run"');
    return [...(hacked === '' ? [] : [String(hacked)]), ...(asked === 0 ? [] : ['something was loaded'])];
  } finally {
    await browser.close();
    server.close();
  }
}

const INJECTED = '<script>window.hacked=1</script><img src="http://127.0.0.1:PORT/x">';

/** In a browser, each of the two defences alone: the escaping without the policy, the policy without the escaping. */
const BROWSED: Attack = {
  row: 24,
  name: 'markup in an HTML report, in a browser',
  control: 'a page without policy and escaping runs it',
  attempt: async (rig) => {
    const { pages, wrong } = await hostilePages(rig);
    const [page = ''] = pages;
    const withoutPolicy = page.replace(/<meta http-equiv[^>]*>/, '');
    const inject = (text: string) => text.replace('<main', () => `${INJECTED}<main`);
    const control = await ranIn(rig, inject(withoutPolicy));
    return [
      ...wrong,
      ...unless(control.length > 0, 'the control: nothing has run without policy and escaping'),
      ...(await ranIn(rig, withoutPolicy)).map((what) => `without the policy: ${what}`),
      ...(await ranIn(rig, inject(page))).map((what) => `markup that got into the page: ${what}`),
    ];
  },
};

/** Row 24: what the texts of a run do to its HTML report. */
export const HTML: readonly Attack[] = [MARKUP, ...(NO_CHROMIUM === false ? [BROWSED] : [])];

/** What needs a browser that is not there. */
export const HTML_NOT_TRIED: readonly NotTried[] =
  NO_CHROMIUM === false ? [] : [{ row: BROWSED.row, name: BROWSED.name, why: NO_CHROMIUM }];
