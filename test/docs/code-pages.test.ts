import { globSync, readFileSync } from 'node:fs';
import t from 'tap';
import { inRoot } from '../../src/build/repository.ts';
import { AUDIT_KINDS } from '../../src/core/audit-kinds.ts';
import { docsPage } from '../../src/core/docs-page.ts';
import { EXIT } from '../../src/core/exit-code.ts';
import { FAILURE_REASONS } from '../../src/core/failure.ts';
import { REASON_CODES } from '../../src/core/gates/gate.ts';
import { DECISION_CODES, GATE_CODES } from '../../src/core/gates/gate-codes.ts';
import { EXECUTION_STATUSES, TERMINAL_STATES } from '../../src/core/records.ts';
import { LISTED_STATES } from '../../src/core/run-summary.ts';
import { anchorsOf } from './markdown.ts';
import { readPage, sectionsOf } from './pages.ts';

/** Codes that a source gives in two families have one entry, in the first. */
const CODES = [...new Set(Object.values(GATE_CODES).flat())];

t.test(
  'every code of a finding has an entry: what it does to the gate, and what to do about it',
  async (t) => {
    const entries = sectionsOf(readPage('gate-codes.md'), 3);
    t.strictSame(
      entries.map(([code]) => code),
      [...CODES, ...DECISION_CODES],
    );
    for (const [code, text] of entries.slice(0, CODES.length)) {
      t.match(text, /^\n\*\*(Passes|Recorded|Waits|Blocks)\b/, code);
      if (/\*\*(Waits|Blocks)\b/.test(text)) t.match(text, '**Do:** ', code);
    }
  },
);

t.test('every exit code has a section with what to do, and there is no other', async (t) => {
  const sections = sectionsOf(readPage('exit-codes.md')).filter(([heading]) => heading.startsWith('Exit '));
  t.strictSame(
    sections.map(([heading]) => heading),
    Object.values(EXIT).map((code) => `Exit ${code}`),
  );
  for (const [heading, text] of sections) t.match(text, '**Do:** ', heading);
});

t.test('every end of a run has a section in troubleshooting: what was printed, and what to do', async (t) => {
  const sections = sectionsOf(readPage('troubleshooting.md'));
  const others = ['interrupted', 'locked', 'usage', 'evidence damaged'];
  t.strictSame(
    sections.map(([heading]) => heading),
    [...TERMINAL_STATES, ...others],
  );
  for (const [heading, text] of sections) {
    t.match(text, '\n```text\n', `${heading}: a symptom`);
    t.match(text, /\| do \||^Do: /m, `${heading}: what to do`);
  }
});

t.test('troubleshooting of a blocked run has every reason code', async (t) => {
  const [, text] = sectionsOf(readPage('troubleshooting.md')).find(([one]) => one === 'blocked') ?? ['', ''];
  for (const code of Object.values(REASON_CODES)) t.match(text, `[\`${code}\`]`, code);
});

t.test('whatever page is named for a code exists, with the anchor', async (t) => {
  const pages = [
    ...Object.values(REASON_CODES).map((code) => docsPage({ kind: 'reason-code', code })),
    ...FAILURE_REASONS.map((code) => docsPage({ kind: 'failure', code })),
    ...EXECUTION_STATUSES.map((code) => docsPage({ kind: 'stage-status', code })),
    ...TERMINAL_STATES.map((code) => docsPage({ kind: 'terminal-state', code })),
    ...CODES.map((code) => docsPage({ kind: 'gate-code', code })),
  ];
  for (const place of pages) {
    const [page = '', anchor = ''] = place.split('#');
    t.ok(anchorsOf(readPage(page)).has(anchor), place);
  }
});

/** The places in the code that say a notice, and the headings of what they say. */
const NOTICES: Readonly<Record<string, readonly string[]>> = {
  'cli/run-command-line.ts': ['stopping what runs', 'lines were not echoed'],
  'operations/run/open-resumed.ts': ['changed:'],
  'operations/run/open-fresh.ts': [
    ...['earlier evidence moved to', 'too short to be masked', 'only that folder is watched'],
    'no report is asked of the reviewer',
    'never says how much it used',
  ],
  'operations/run/sandbox/ground.ts': ['stages run without a sandbox', 'no stage is sandboxed'],
  'operations/run/check-evidence.ts': ['accepted git changes'],
  'operations/run/trees.ts': ['the work tree changed since validation'],
  'operations/run/sign-report.ts': ['report signed'],
  'operations/run/run.ts': ['the report is not signed', 'the step summary'],
  'operations/run/html-report.ts': ['the HTML report'],
};

t.test('every notice has a section with what to do', async (t) => {
  const sources = globSync('**/*.ts', { cwd: inRoot('src') }).map(
    (path) => [path, readFileSync(inRoot('src', path), 'utf8')] as const,
  );
  const saying = sources.filter(
    ([, text]) =>
      text.includes("observe({ type: 'notice'") || text.includes("observeCommitted({ type: 'notice'"),
  );
  t.strictSame(saying.map(([path]) => path).sort(), Object.keys(NOTICES).sort());
  const sections = sectionsOf(readPage('notices.md'));
  t.strictSame(sections.map(([heading]) => heading).sort(), Object.values(NOTICES).flat().sort());
  const all = sources.map(([, text]) => text).join('\n');
  for (const [heading, text] of sections) {
    t.ok(all.includes(heading), `"${heading}" is said`);
    t.match(text, '**Do:** ', heading);
  }
});

/** The names in the first column of a table. */
function firstColumn(text: string): readonly string[] {
  return [...text.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  );
}

t.test('every kind of audit record is told, and no other', async (t) => {
  const page = readPage('formats.md');
  const from = page.indexOf('| kind | tells |');
  t.strictSame(firstColumn(page.slice(from, page.indexOf('\n\n', from))).toSorted(), AUDIT_KINDS.toSorted());
});

t.test('every state that list prints is told, and no other', async (t) => {
  const [, text = ''] = sectionsOf(readPage('housekeeping.md'))[0] ?? [];
  t.strictSame(firstColumn(text).toSorted(), LISTED_STATES.toSorted());
});
