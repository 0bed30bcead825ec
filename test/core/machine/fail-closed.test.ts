import t from 'tap';
import { CONFIGURATIONS, SIMULATED, WIDEST } from '../../fixtures/fail-closed/configurations.ts';
import { holdMadeUp, holdWalks } from '../../fixtures/fail-closed/hold-walks.ts';

// Millions of events must be refused: the stacks of the errors would be most of the time.
Error.stackTraceLimit = 0;

t.test('done is reached only by the one path on which everything passed', async (t) => {
  holdWalks(
    t,
    [...CONFIGURATIONS, ...SIMULATED].map((one) => [one]),
  );
});

t.test('no state at all, reachable or made up, gets to done but by gates that are open', async (t) => {
  holdMadeUp(t, WIDEST);
});
