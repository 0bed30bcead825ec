import t from 'tap';
import { readTraceParent } from '../../../src/core/telemetry/trace-parent.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const read = (TRACEPARENT: string, TRACESTATE?: string) => readTraceParent({ TRACEPARENT, TRACESTATE });

t.test('a trace parent is read as W3C Trace Context has it', (t) => {
  const parent = { traceId: TRACE, spanId: SPAN, traceState: null };
  t.equal(readTraceParent({}), null);
  t.equal(read(''), null);
  t.strictSame(read(`00-${TRACE}-${SPAN}-01`), { ...parent, isSampled: true });
  t.strictSame(read(`00-${TRACE}-${SPAN}-02`), { ...parent, isSampled: false });
  t.strictSame(read(`42-${TRACE}-${SPAN}-03-more`), { ...parent, isSampled: true }, 'a later version');
  t.end();
});

t.test('what is no trace parent is malformed', (t) => {
  const texts = [
    ...['x', `00-${TRACE}-${SPAN}`, `00-${TRACE}-${SPAN}-01-more`, `ff-${TRACE}-${SPAN}-01`],
    ...[`00-${'0'.repeat(32)}-${SPAN}-01`, `00-${TRACE}-${'0'.repeat(16)}-01`],
    ...[`00-${TRACE.toUpperCase()}-${SPAN}-01`, ` 00-${TRACE}-${SPAN}-01`, `00-${TRACE}-${SPAN}-01\n`],
  ];
  for (const text of texts) t.equal(read(text), 'malformed', JSON.stringify(text));
  t.end();
});

t.test('a trace state is passed on unless it is too long or not printable', (t) => {
  const state = (text: string) => {
    const parent = read(`00-${TRACE}-${SPAN}-01`, text);
    return parent === null || parent === 'malformed' ? parent : parent.traceState;
  };
  t.equal(state('a=1,b=2'), 'a=1,b=2');
  for (const text of ['', 'a=\u0007', 'a=é', `a=${'x'.repeat(600)}`]) t.equal(state(text), null);
  t.end();
});
