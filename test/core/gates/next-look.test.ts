import t from 'tap';
import type { GateName } from '../../../src/core/gates/gate.ts';
import { PASS_STATUS } from '../../../src/core/gates/gate.ts';
import { closedDocument } from '../../../src/core/gates/gate-document.ts';
import { nextLook, type SourceReading } from '../../../src/core/gates/next-look.ts';

const SUBJECT = { head_sha: null, base_sha: null, tree_digest: null, run_id: 'r' };
const RULES = { now: 1000, deadline: 500_000, pollMs: 60_000 };

function reading(gate: GateName, waitsFor: string | null, retryAfterMs: number | null = null): SourceReading {
  return { gate, reading: { document: closedDocument(gate, 'x', [], SUBJECT, 5), waitsFor, retryAfterMs } };
}

function passing(gate: GateName): SourceReading {
  const { reading: closed } = reading(gate, null);
  const document = { ...closed.document, status: PASS_STATUS[gate], passed: true };
  return { gate, reading: { document, waitsFor: null } };
}

t.test('what is pending is waited for, and what for is named', (t) => {
  const look = nextLook([passing('ci'), reading('review', 'an approval')], RULES);
  t.strictSame(look, { do: 'wait', ms: 60_000, gate: 'review', for: ['an approval'] });
  t.end();
});

t.test('nothing is waited for where everything passes, or where something blocks by itself', (t) => {
  t.strictSame(nextLook([passing('ci')], RULES), { do: 'decide' });
  t.strictSame(nextLook([], RULES), { do: 'decide' });
  t.strictSame(nextLook([reading('ci', 'build'), reading('review', null)], RULES), { do: 'decide' });
  t.end();
});

t.test('the deadline ends the waiting, and the last look is at the deadline', (t) => {
  const one = [reading('ci', 'build')];
  t.match(nextLook(one, { ...RULES, now: 499_000 }), { do: 'wait', ms: 1000 });
  t.strictSame(nextLook(one, { ...RULES, now: 500_000 }), { do: 'decide' });
  t.strictSame(nextLook(one, { ...RULES, now: 0, deadline: 0 }), { do: 'decide' });
  t.end();
});

t.test('a forge that asks for time gets it, and no look where it asks for more than there is', (t) => {
  t.match(nextLook([reading('ci', 'the rate limit', 90_000)], RULES), { do: 'wait', ms: 90_000 });
  t.match(nextLook([reading('ci', 'the rate limit', 1)], RULES), { do: 'wait', ms: 60_000 });
  t.strictSame(nextLook([reading('ci', 'the rate limit', 600_000)], RULES), { do: 'decide' });
  t.end();
});
