import t from 'tap';
import { ORCHESTRATE, stageNames } from '../../../src/core/machine/pipeline.ts';
import { missingSecrets, stillWithheld, type Withheld } from '../../../src/core/resume/withheld.ts';
import { given, sampleGiven } from '../../fixtures/sample-plan.ts';

const HELD: Withheld = {
  args: { executor: [1], 'command-1': [0], reviewer: [] },
  env: { executor: ['TOKEN', 'OTHER'], 'command-1': ['KEY'], manager: [] },
  prompts: ['reviewer'],
};

function missing(held: Withheld, completed: readonly string[]): readonly string[] {
  return missingSecrets(held, ORCHESTRATE, completed);
}

t.test('every secret of a stage still to run is named, and nothing but its name', async (t) => {
  t.strictSame(missing(HELD, []), [
    'TOKEN of the executor',
    'OTHER of the executor',
    'KEY of the command-1',
    'the arguments of the executor',
    'the arguments of the command-1',
    'the prompt of the reviewer',
  ]);
});

t.test('a completed stage needs none of its secrets again', async (t) => {
  t.strictSame(missing(HELD, ['planning', 'policy_ingestion', 'execution']), [
    'KEY of the command-1',
    'the arguments of the command-1',
    'the prompt of the reviewer',
  ]);
  t.strictSame(missing(HELD, stageNames(ORCHESTRATE)), []);
});

t.test('a variable given again is no longer missing, the others are', async (t) => {
  const held = stillWithheld(HELD, sampleGiven({ executor: { env: given({ TOKEN: 'again' }) } }));
  t.strictSame(held.env.executor, ['OTHER']);
  t.strictSame(held.args.executor, [1]);
});

t.test('a variable given with an empty value is given', async (t) => {
  const held = stillWithheld(HELD, sampleGiven({ executor: { env: given({ TOKEN: '' }) } }));
  t.strictSame(held.env.executor, ['OTHER']);
});

t.test('arguments given again are whole, an empty list too', async (t) => {
  for (const args of [['a', 'b'], []]) {
    t.strictSame(stillWithheld(HELD, sampleGiven({ executor: { args: given(args) } })).args.executor, []);
  }
});

t.test('native commands given again bring their arguments and variables', async (t) => {
  const held = stillWithheld(
    HELD,
    sampleGiven({}, { validation: given([{ bin: 'make', args: [], env: {} }]) }),
  );
  t.strictSame([held.args['command-1'], held.env['command-1']], [[], []]);
  t.strictSame(held.env.executor, ['TOKEN', 'OTHER'], 'the roles keep theirs');
});

t.test('a variable that has the name of something every object has is missing like any other', async (t) => {
  const held = stillWithheld(
    { args: {}, env: { executor: ['constructor', 'toString'] }, prompts: [] },
    sampleGiven({ executor: { env: given({ TOKEN: 'x' }) } }),
  );
  t.strictSame(held.env.executor, ['constructor', 'toString']);
});

t.test('a prompt that held a secret counts as there again once it is given', async (t) => {
  t.strictSame(stillWithheld(HELD, sampleGiven({ reviewer: { prompt: given('again') } })).prompts, []);
  t.strictSame(stillWithheld(HELD, sampleGiven({ executor: { prompt: given('other') } })).prompts, [
    'reviewer',
  ]);
});
