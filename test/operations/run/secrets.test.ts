import t from 'tap';
import { failure } from '../../../src/core/failure.ts';
import { maskArgument, maskFailure } from '../../../src/operations/run/secrets.ts';
import { createMask } from '../../../src/process/mask.ts';
import { looksLikeSecret } from '../../../src/process/secrets.ts';

const mask = createMask([{ name: 'TOKEN', value: 'supersecret99' }]);
const kept = (argument: string) => maskArgument(argument, { mask, isSecret: looksLikeSecret });

t.test(
  'what gives a variable named like a secret its value is kept without the value, however short',
  async (t) => {
    t.equal(kept('API_TOKEN=x'), 'API_TOKEN=***');
    t.equal(kept('--executor-env=API_TOKEN=x'), '--executor-env=API_TOKEN=***');
    t.equal(kept('API_TOKEN=x\ny=z'), 'API_TOKEN=***');
    t.equal(kept('API_TOKEN='), 'API_TOKEN=***');
  },
);

t.test('every other argument is kept as it was typed, known secrets masked', async (t) => {
  for (const plain of [
    'MODE=fast',
    '--executor-arg=-c',
    '--token=x',
    '-c',
    '',
    '=',
    '==',
    '--=TOKEN=x',
    'a b',
  ]) {
    t.equal(kept(plain), plain);
  }
  t.equal(kept('--url=https://supersecret99@example.org'), '--url=https://***@example.org');
});

t.test('a failure is kept without the secret that it names', async (t) => {
  const why = failure('git_failed', 'supersecret99 is gone', {
    remedy: 'find supersecret99',
    stage: 'closure',
  });
  t.strictSame(maskFailure(why, mask), { ...why, message: '*** is gone', remedy: 'find ***' });
  t.strictSame(maskFailure({ ...why, remedy: null }, mask).remedy, null);
});
