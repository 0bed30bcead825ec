import t from 'tap';
import { failure } from '../../src/core/failure.ts';
import { createCancellation } from '../../src/process/cancellation.ts';

t.test('the first cause counts; a signal after it leaves no grace', async (t) => {
  const cancellation = createCancellation();
  const told: boolean[] = [];
  const unsubscribe = cancellation.onCancel(() => told.push(cancellation.immediate()));
  t.equal(cancellation.cause(), null);
  cancellation.killNow();
  t.equal(cancellation.immediate(), false, 'without a cause there is nothing to hurry');
  cancellation.cancel({ kind: 'signal', signal: 'SIGTERM' });
  cancellation.cancel({ kind: 'run-timeout', limitMs: 5 });
  t.strictSame(told, [false]);
  cancellation.cancel({ kind: 'signal', signal: 'SIGINT' });
  cancellation.cancel({ kind: 'signal', signal: 'SIGINT' });
  t.strictSame(cancellation.cause(), { kind: 'signal', signal: 'SIGTERM' });
  t.strictSame(told, [false, true]);
  unsubscribe();
  cancellation.killNow();
  t.equal(told.length, 2);
});

t.test('a lost lock is immediate from the start', async (t) => {
  const cancellation = createCancellation();
  cancellation.cancel({ kind: 'lock-lost', failure: failure('lock_lost', 'gone') });
  t.equal(cancellation.immediate(), true);
});
