import t from 'tap';
import { CHECKS, type Finding, type Severity } from '../../src/core/doctor/finding.ts';
import { doctorReportSchema } from '../../src/formats/doctor-report.schema.ts';
import { doctorReport } from '../../src/formats/doctor-report.ts';
import { doctorText } from '../../src/render/doctor-text.ts';

const ABOUT = {
  ...{ version: '1.0.0', looked_at: '2026-06-01T12:00:00Z', out_dir: '/o', repo_root: '/r' },
  stage: null,
};
const VIEW = { color: false, verbose: false, columns: 80 };

function finding(severity: Severity, more: Partial<Finding> = {}): Finding {
  const fix = severity === 'ok' ? null : 'do it';
  return { check: 'git', subject: null, severity, seen: 'seen', means: 'means', fix, ...more };
}

t.test('a screen is enough whatever was found, the worst is on it, and the rest is a number', async (t) => {
  const long = 'word '.repeat(100);
  const all = CHECKS.flatMap((check) => [
    finding('warning', { check, seen: long }),
    finding('problem', { check, seen: `worst ${long}` }),
  ]);
  for (const columns of [20, 80, 200]) {
    const text = doctorText(doctorReport(ABOUT, all), { ...VIEW, columns });
    const rows = text
      .trimEnd()
      .split('\n')
      .map((line) => Math.ceil(line.length / columns));
    // At 20 columns one finding alone is longer.
    if (columns >= 80) t.ok(rows.reduce((sum, one) => sum + one, 0) <= 24, `${columns} columns`);
    t.match(text, /^problem out-dir: worst/);
    t.match(text, /\n\d+ more: --verbose shows them\n/);
  }
});

t.test('what is in order is told only when it is asked for', async (t) => {
  const report = doctorReport(ABOUT, [finding('ok'), finding('warning', { seen: 'weaker' })]);
  const short = doctorText(report, VIEW);
  t.match(short, /weaker[\s\S]*fix: do it\n/);
  t.notMatch(short, /^ok /m);
  t.match(short, /0 problems, 1 warning, 1 ok \(--verbose\)/);
  t.match(doctorText(report, { ...VIEW, verbose: true }), /^ok git: seen$/m);
});

t.test('text from outside does nothing to a terminal or a CI log', async (t) => {
  const hostile = 'a\u001b[2J\n::error::x\r\u202e##[group]';
  const report = doctorReport(ABOUT, [
    finding('problem', { subject: hostile, seen: hostile, means: hostile, fix: hostile }),
  ]);
  const text = doctorText(report, VIEW);
  t.notMatch(text, /[\u001b\r\u202e]|^::|##\[/m);
  t.equal(text.split('\n').length, 5);
});

t.test('the report is what its schema says, and its verdict is the worst finding', async (t) => {
  const rows: readonly (readonly [readonly Severity[], Severity])[] = [
    [[], 'ok'],
    [['ok', 'warning'], 'warning'],
    [['warning', 'problem', 'ok'], 'problem'],
  ];
  for (const [severities, verdict] of rows) {
    const report = doctorReport(
      ABOUT,
      severities.map((one) => finding(one)),
    );
    t.equal(report.verdict, verdict);
    t.strictSame(doctorReportSchema.parse(JSON.parse(JSON.stringify(report))), report);
  }
});
