import t from 'tap';
import { parsePlanScope } from '../../src/formats/plan-scope.ts';

const parse = (plan: unknown) => parsePlanScope(Buffer.from(JSON.stringify(plan)));

t.test('the paths that a plan declares are read, whatever else it holds', async (t) => {
  const plan = { goal: 'x', changes: [{ path: './src/a.ts', kind: 'added', why: 'y' }, { path: 'docs/' }] };
  t.strictSame(await parse(plan), {
    ok: true,
    value: [
      { path: 'src/a.ts', kind: 'added' },
      { path: 'docs/', kind: null },
    ],
  });
});

t.test('target paths of proposed actions are a declaration, too', async (t) => {
  const actions = [{ id: 1, target_paths: ['a', 'b'] }, { target_path: 'c' }, { title: 'talk' }];
  t.match(await parse({ actions }), { ok: true, value: [{ path: 'a' }, { path: 'b' }, { path: 'c' }] });
});

t.test(
  'a plan that names no path declares nothing; an empty list declares that nothing changes',
  async (t) => {
    for (const plan of [{}, [], 'text', null, { actions: [] }, { actions: [{ title: 'x' }] }]) {
      t.strictSame(await parse(plan), { ok: true, value: null }, JSON.stringify(plan));
    }
    t.strictSame(await parse({ changes: [] }), { ok: true, value: [] });
  },
);

t.test('a declaration that cannot be understood is refused in one line', async (t) => {
  const wrong: readonly unknown[] = [
    { changes: 'src' },
    { changes: null },
    { changes: [{}] },
    { changes: [{ path: '' }] },
    { changes: [{ path: 'a\nb' }] },
    { changes: [{ path: 'a', kind: 'moved' }] },
    { changes: [{ path: 1 }] },
    { actions: {} },
    { actions: [{ target_paths: 'a' }] },
    { actions: [{ target_path: 1 }] },
  ];
  for (const plan of wrong) {
    const parsed = await parse(plan);
    t.match(
      parsed,
      { ok: false, failure: /^the plan's "[\w.]+" is not what it should be: [^\n]+$/ },
      JSON.stringify(plan),
    );
  }
  t.match(await parsePlanScope(Buffer.from('{"changes":[],"changes":[]}')), {
    ok: false,
    failure: /^the plan /,
  });
});
