import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { reportHtml } from '../../src/render/html/report-html.ts';
import { reportJunit } from '../../src/render/report-junit.ts';
import { NO_CHROMIUM, startBrowser } from './browser.ts';
import { hostileLogs, hostileReport } from './hostile.ts';
import { PLACE, scenarios } from './scenarios.ts';
import { manyAttempts } from './sizes.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const skip = { skip: NO_CHROMIUM };

/** What a page did beside being shown. */
interface Seen {
  readonly page: Page;
  readonly complaints: string[];
  readonly requests: string[];
}

let shared: Promise<Browser> | null = null;
const browser = (): Promise<Browser> => {
  shared ??= startBrowser();
  return shared;
};
t.teardown(async () => (await shared)?.close());

async function open(
  t: Test,
  text: string,
  look: { readonly width?: number; readonly colorScheme?: 'light' | 'dark' } = {},
): Promise<Seen> {
  const file = join(t.testdir(), 'report.html');
  writeFileSync(file, text);
  const { width = 1280, colorScheme = 'light' } = look;
  const page = await (await browser()).newPage({ viewport: { width, height: 900 }, colorScheme });
  t.teardown(() => page.close());
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(dialog.message());
    void dialog.dismiss();
  });
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(pathToFileURL(file).href);
  return { page, complaints, requests };
}

function pages(): readonly (readonly [string, string])[] {
  const all = Object.entries(scenarios()).map(
    ([name, { report, logs }]) => [name, reportHtml(report, { place: PLACE, doubts: [], logs })] as const,
  );
  const doubts = ['the audit log: it is missing'];
  const doubtful = reportHtml(scenarios().done.report, { place: PLACE, doubts, logs: [] });
  const hostile = reportHtml(hostileReport(), { place: PLACE, doubts: [], logs: hostileLogs() });
  return [...all, ['in doubt', doubtful], ['hostile', hostile]];
}

t.test(
  'nothing scrolls sideways at 360, 1,280 and 2,560 px, and all of it loads nothing',
  skip,
  async (t) => {
    for (const [name, text] of pages()) {
      for (const width of [360, 1280, 2560]) {
        const { page, complaints, requests } = await open(t, text, { width });
        await openAll(page);
        const over = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
        t.ok(Number(over) <= 0, `${name} at ${width} px: ${over} px too wide`);
        t.strictSame(complaints, [], `${name}: no word on the console`);
        t.equal(requests.length, 1, `${name}: no request but the page itself`);
        await page.close();
      }
    }
  },
);

t.test(
  'axe finds nothing to complain about, light and wide, dark and narrow, everything unfolded',
  skip,
  async (t) => {
    for (const [name, text] of pages()) {
      for (const look of [{ colorScheme: 'light' }, { colorScheme: 'dark', width: 360 }] as const) {
        const { page } = await open(t, text, look);
        await openAll(page);
        t.strictSame(await violations(page), [], `${name}, ${look.colorScheme}`);
        await page.close();
      }
    }
  },
);

t.test('what is hostile is text: no element of it is there and nothing of it runs', skip, async (t) => {
  const text = reportHtml(hostileReport(), { place: PLACE, doubts: [], logs: hostileLogs() });
  const { page } = await open(t, text);
  await openAll(page);
  for (const selector of [
    'img',
    'script',
    'iframe',
    '[onclick]',
    '[onload]',
    '[onerror]',
    'a:not([href^="#"])',
  ]) {
    t.equal(await page.locator(selector).count(), 0, selector);
  }
  t.equal(await page.locator('style').count(), 1);
  t.equal(await page.evaluate('window.hacked'), undefined);
  t.equal(await page.locator('h1').count(), 1);
  t.match(await page.locator('main').textContent(), '<img src=x onerror=');
});

t.test('the policy stops what would have got in all the same', skip, async (t) => {
  let asked = 0;
  const server = createServer((_, answer) => {
    asked += 1;
    answer.end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.teardown(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const text = reportHtml(scenarios().done.report, { place: PLACE, doubts: [], logs: [] });
  const evil = `<script>window.hacked=1</script><style>h1{display:none}</style><img src="http://127.0.0.1:${port}/x">`;
  const { page } = await open(t, text.replace('<main', `${evil}<main`));
  t.equal(await page.evaluate('window.hacked'), undefined);
  t.equal(await page.locator('h1').isVisible(), true);
  t.equal(asked, 0);
});

t.test('by keyboard: first the skip link, then every link and every fold', skip, async (t) => {
  const { report, logs } = scenarios().blocked;
  const { page } = await open(t, reportHtml(report, { place: PLACE, doubts: [], logs }));
  await page.keyboard.press('Tab');
  t.equal(await page.evaluate('document.activeElement.className'), 'skip');
  const box = await page.locator('.skip').boundingBox();
  t.ok((box?.x ?? -1) >= 0, 'it can be seen while it has the focus');
  await page.keyboard.press('Enter');
  t.equal(await page.evaluate('document.activeElement.id'), 'main');
  const fold = page.locator('details.attempt summary').first();
  await fold.focus();
  await page.keyboard.press('Enter');
  t.equal(await page.locator('details.attempt').first().getAttribute('open'), '');
});

t.test('on paper everything is unfolded', skip, async (t) => {
  const { report, logs } = scenarios().blocked;
  const { page } = await open(t, reportHtml(report, { place: PLACE, doubts: [], logs }));
  t.equal(await page.locator('.log pre').first().isVisible(), false);
  await page.emulateMedia({ media: 'print' });
  t.equal(await page.locator('nav').isVisible(), false);
  const height = await page.evaluate("document.querySelector('.log pre').getBoundingClientRect().height");
  t.ok(Number(height) > 0, 'the log has a height');
});

t.test('the picture is one that is seen, whatever the width', skip, async (t) => {
  const { report, logs } = scenarios().failed;
  const text = reportHtml(report, { place: PLACE, doubts: [], logs });
  for (const [width, seen, hidden] of [
    [360, '.pipeline.down', '.pipeline.across'],
    [1280, '.pipeline.across', '.pipeline.down'],
  ] as const) {
    const { page } = await open(t, text, { width });
    t.equal(await page.locator(seen).isVisible(), true);
    t.equal(await page.locator(hidden).isVisible(), false);
    t.match(await page.locator(seen).getAttribute('aria-label'), 'execution: failed here, 3 attempts');
    await page.close();
  }
});

t.test('JUnit XML is well-formed for a real parser, whatever the report holds', skip, async (t) => {
  const { page } = await open(t, '<!doctype html><title>x</title>');
  for (const report of [hostileReport(), scenarios().blocked.report]) {
    const xml = JSON.stringify(reportJunit(report, { place: PLACE, doubts: [] }));
    const parsed = `new DOMParser().parseFromString(${xml}, 'application/xml')`;
    t.equal(await page.evaluate(`${parsed}.querySelectorAll('parsererror').length`), 0);
    t.equal(await page.evaluate(`${parsed}.querySelectorAll('testcase').length`), 9);
  }
});

t.test('5,000 attempts open, and what is left out is said', skip, async (t) => {
  const { page } = await open(t, reportHtml(manyAttempts(5000), { place: PLACE, doubts: [], logs: [] }));
  t.match(await page.locator('#timeline').textContent(), '4503 earlier records left out.');
  const load = await page.evaluate("Math.round(performance.getEntriesByType('navigation')[0].loadEventEnd)");
  t.ok(Number(load) > 0, `loaded in ${load} ms`);
});

async function openAll(page: Page): Promise<void> {
  await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
}

async function violations(page: Page): Promise<unknown> {
  await page.evaluate(AXE);
  return page.evaluate(
    "axe.run().then((found) => found.violations.map((one) => one.id + ': ' + one.nodes.map((node) => node.html + ' ' + node.failureSummary).join(' | ').slice(0, 600)))",
  );
}
