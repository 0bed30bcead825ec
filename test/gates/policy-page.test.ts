import { globSync, readFileSync } from 'node:fs';
import t from 'tap';
import { inRoot } from '../../src/build/repository.ts';
import { readCedarGate } from '../../src/gates/cedar/cedar-gate.ts';
import { ask, cedarPorts, change, diffOf, folderOf, inputOf, verdictOf } from './sample-policy.ts';

const PAGE = readFileSync(inRoot('docs/gates-policy.md'), 'utf8');

t.test("the page's Cedar policy decides as the page says", async (t) => {
  const text = /```cedar\n([\s\S]*?)```/.exec(PAGE)?.[1] ?? '';
  const rows: [ReturnType<typeof change>, string][] = [
    [change('src/a.ts'), 'passes'],
    [change('.github/workflows/ci.yml'), 'policy_denied'],
    [change('src/a.ts', { lines_added: 500 }), 'policy_denied'],
  ];
  for (const [one, codes] of rows) {
    const asked = ask('cedar', inputOf(diffOf([one])));
    const { document } = await readCedarGate(asked, cedarPorts(folderOf({ 'main.cedar': text })));
    t.equal(verdictOf(document).join(), codes, one.path);
  }
});

t.test('every code that the policy sources give is on the page', async (t) => {
  const files = globSync(inRoot('src/gates/{cedar,rego,policy,command}/*.ts'));
  const shared = [inRoot('src/gates/judge-gate-document.ts'), inRoot('src/core/gates/policy-folder.ts')];
  const texts = [...files, ...shared].map((file) => readFileSync(file, 'utf8')).join('\n');
  const codes = new Set(
    [...texts.matchAll(/'((?:policy|document|command|subject|gate|status|evaluated)_[a-z_]+)'/g)].map(
      ([, code]) => code ?? '',
    ),
  );
  const fields = ['policy_version', 'subject_sha'];
  t.ok(codes.size > 25, String(codes.size));
  for (const code of codes) if (!fields.includes(code)) t.match(PAGE, `\`${code}\``, code);
});
