import t from 'tap';
import { DELIVERY_STEPS } from '../../../src/core/delivery/delivery-step.ts';
import { CHANGES, DELIVERING, WIDEST } from '../../fixtures/fail-closed/configurations.ts';
import { holdMadeUp, holdWalks } from '../../fixtures/fail-closed/hold-walks.ts';

// Millions of events must be refused: the stacks of the errors would be most of the time.
Error.stackTraceLimit = 0;

t.test('with a delivery done is reached only by the one path on which everything passed', async (t) => {
  holdWalks(
    t,
    DELIVERING.map((one) => [one]),
  );
});

t.test('whatever an operator changes between invocations, done is reached by that path only', async (t) => {
  holdWalks(t, [CHANGES]);
});

t.test('with a delivery no state at all gets to done but by gates that are open', async (t) => {
  holdMadeUp(t, { ...WIDEST, delivery: DELIVERY_STEPS });
});
