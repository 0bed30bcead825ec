import fc from 'fast-check';
import t from 'tap';
import { createLiveBlock, difference } from '../../../src/render/progress/live-block.ts';
import { createScreen } from '../../fixtures/screen.ts';

interface Rig {
  lines: readonly string[];
  behind: boolean;
  readonly writes: string[];
  readonly block: ReturnType<typeof createLiveBlock>;
  readonly tick: () => void;
  readonly pass: (ms: number) => void;
}

function rig(lines: readonly string[]): Rig {
  let now = 0;
  let tick = (): void => {};
  const writes: string[] = [];
  const one: Rig = {
    lines,
    behind: false,
    writes,
    block: createLiveBlock(
      { write: (text) => void writes.push(text), now: () => now, isBehind: () => one.behind },
      (_ms, given) => {
        tick = given;
        return () => {
          tick = () => {};
        };
      },
      () => one.lines,
    ),
    tick: () => tick(),
    pass: (ms) => {
      now += ms;
    },
  };
  return one;
}

const blocks = fc.array(fc.constantFrom('a', 'bb', 'ccc', ''), { maxLength: 6 });

t.test('any block becomes any other, and the cursor comes back to where it began', async () => {
  fc.assert(
    fc.property(blocks, blocks, fc.nat({ max: 9 }), (first, second, above) => {
      const screen = createScreen(20, 8);
      const said = Array.from({ length: above }, (_, index) => `line ${index}`);
      screen.write(said.map((line) => `${line}\r\n`).join(''));
      screen.write(difference([], first) + difference(first, second));
      const shown = [...said, ...second];
      while (shown.at(-1) === '') shown.pop();
      const { row } = screen.cursor();
      return (
        JSON.stringify(screen.all()) === JSON.stringify(shown) &&
        screen.cursor().column === 0 &&
        screen.all().length - screen.rows().length + row === above
      );
    }),
  );
});

t.test('only lines that have changed are written, in one write, and nothing when none has', async (t) => {
  const one = rig(['first', 'second', 'third']);
  one.block.begin();
  one.lines = ['first', 'changed', 'third'];
  one.tick();
  one.tick();
  t.equal(one.writes.length, 2);
  t.equal(one.writes[1], '\x1b[?2026h\x1b[?7l\r\nchanged\x1b[K\r\x1b[1A\x1b[?7h\x1b[?2026l');
});

t.test('there are no more than ten frames a second, however much is said', async (t) => {
  const one = rig(['live']);
  one.block.begin();
  for (let index = 0; index < 1000; index += 1) {
    one.pass(1);
    one.block.above(`line ${index}\n`);
  }
  t.ok(one.writes.length <= 11, `${one.writes.length} writes`);
  one.block.settle();
  const screen = createScreen(20, 5);
  screen.write(one.writes.join(''));
  t.strictSame(
    screen.all(),
    Array.from({ length: 1000 }, (_, index) => `line ${index}`),
  );
});

t.test('what is held back is bounded', async (t) => {
  const one = rig(['live']);
  one.block.begin();
  for (let index = 0; index < 20; index += 1) one.block.above(`${'x'.repeat(10_000)}\n`);
  t.ok(one.writes.length >= 3, `${one.writes.length} writes within one frame's time`);
});

t.test('hidden it is gone until the next frame, and drawn anew it covers what was there', async (t) => {
  const one = rig(['live', 'block']);
  one.block.begin();
  one.block.hide();
  const screen = createScreen(20, 5);
  screen.write(one.writes.splice(0).join(''));
  t.strictSame([screen.all(), screen.cursor()], [[], { row: 0, column: 0 }]);
  one.pass(100);
  one.block.redraw();
  screen.write(one.writes.splice(0).join(''));
  t.strictSame(screen.all(), ['live', 'block']);
  one.block.redraw();
  t.strictSame(one.writes, [], 'a terminal that is dragged larger gets no more frames than others');
  one.tick();
  t.match(one.writes.join(''), /^\x1b\[\?2026h\r\x1b\[J\x1b\[\?7llive/, 'all of it is written again');
  one.block.settle();
  one.block.redraw();
  screen.write(one.writes.splice(0).join(''));
  t.strictSame(screen.all(), [], 'after the end nothing is drawn');
});

t.test('what is said before it begins and after it has settled is written at once', async (t) => {
  const one = rig(['live']);
  one.block.above('before\n');
  t.match(one.writes.join(''), 'before\n');
  one.block.begin();
  one.block.settle();
  one.block.above('after\n');
  const screen = createScreen(20, 5);
  screen.write(one.writes.join(''));
  t.strictSame(screen.all(), ['before', 'after']);
});

t.test(
  'nothing is drawn while the terminal is behind, and what stays is held back within bounds',
  async (t) => {
    const one = rig(['a']);
    one.block.begin();
    const { length } = one.writes;
    one.behind = true;
    one.lines = ['b'];
    one.pass(1000);
    one.tick();
    one.block.above('said\n');
    one.block.redraw();
    t.equal(one.writes.length, length);
    one.block.above(`${'x'.repeat(70_000)}\n`);
    t.equal(one.writes.length, length + 1, 'beyond the bound it is passed on');
    one.lines = ['c'];
    one.behind = false;
    one.tick();
    t.match(one.writes.at(-1), 'c');
  },
);

t.test(
  'a terminal that became narrower while a frame was on its way keeps the block in its place',
  async (t) => {
    const screen = createScreen(10, 8);
    const one = rig(['a line of twenty ..', 'another one of them']);
    one.block.begin();
    one.pass(200);
    one.lines = ['a line of twenty !!', 'another one of them'];
    one.tick();
    for (const text of one.writes) screen.write(text);
    t.strictSame(screen.cursor(), { row: 0, column: 0 });
    screen.write('x'.repeat(12));
    t.strictSame(screen.cursor(), { row: 1, column: 2 }, 'what stays wraps as ever');
  },
);
