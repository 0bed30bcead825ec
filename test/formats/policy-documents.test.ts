import { Ajv2020 } from 'ajv/dist/2020.js';
import t from 'tap';
import { folderDigest } from '../../src/formats/folder-listing.ts';
import { policyInputSchema } from '../../src/formats/policy-input.schema.ts';
import { serialisePolicyInput } from '../../src/formats/policy-input.ts';
import { publishedSchema } from '../../src/formats/published-schemas.ts';
import { change, diffOf, inputOf } from '../gates/sample-policy.ts';

t.test('what a policy engine is told is of the published schema', async (t) => {
  const validate = new Ajv2020({ strict: false }).compile(JSON.parse(await publishedSchema('policy-input')));
  const inputs = [
    inputOf(diffOf([change('a'), change('b', { kind: 'renamed', old_path: 'c', binary: true })])),
    inputOf(null, { moment: 'admission', plan: { digest: null, changes: [{ path: 'a', kind: null }] } }),
  ];
  for (const input of inputs) {
    const read: unknown = JSON.parse(serialisePolicyInput(input));
    t.strictSame(policyInputSchema.parse(read), input);
    t.ok(validate(read), JSON.stringify(validate.errors));
  }
  t.notOk(validate({ ...inputs[0], anchor: 'x' }));
});

t.test('the digest of a folder depends on names and contents, and on no order', async (t) => {
  const [a, b] = [Buffer.from('a'), Buffer.from('b')];
  const digest = folderDigest(
    new Map([
      ['x', a],
      ['y', b],
    ]),
  );
  t.equal(
    folderDigest(
      new Map([
        ['y', b],
        ['x', a],
      ]),
    ),
    digest,
  );
  t.not(
    folderDigest(
      new Map([
        ['x', b],
        ['y', a],
      ]),
    ),
    digest,
  );
  t.not(folderDigest(new Map([['x', a]])), digest);
});
