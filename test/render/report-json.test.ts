import t from 'tap';
import { runReportSchema } from '../../src/formats/report.schema.ts';
import { parseStrictJson } from '../../src/formats/strict-json.ts';
import { reportJson } from '../../src/render/report-json.ts';
import { sampleReport, sampleRun } from '../fixtures/documents/sample-run.ts';

t.test('the JSON is the report, and fits its schema', async (t) => {
  const report = sampleReport();
  const json = reportJson(report);
  t.ok(json.endsWith('}\n'));
  const parsed = parseStrictJson(Buffer.from(json));
  t.ok(parsed.ok && runReportSchema.safeParse(parsed.value).success);
  t.strictSame(JSON.parse(json), report);
});

t.test('nothing in it acts on a terminal', async (t) => {
  const run = sampleRun({ change: (one) => ({ ...one, started_at: '\x9b2J\u202e##[error]' }) });
  const json = reportJson(sampleReport(run));
  t.match(json, /^[\x20-\x7e\n]+$/);
  t.equal(JSON.parse(json).started_at, '\x9b2J\u202e##[error]');
});
