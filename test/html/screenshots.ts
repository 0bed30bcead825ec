/**
 * Pictures of the HTML report, to look at:
 *
 *     node test/html/screenshots.ts FOLDER
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { reportHtml } from '../../src/render/html/report-html.ts';
import { startBrowser } from './browser.ts';
import { PLACE, scenarios } from './scenarios.ts';

const SIGNATURE =
  'signed, it says by key 5f1d2c3b4a596877; not checked here: orchestrator verify --key PUB.pem';

const folder = resolve(process.argv[2] ?? 'build/screenshots');
mkdirSync(folder, { recursive: true });
const pages = Object.entries(scenarios()).map(([name, { report, logs }]) => {
  const file = join(folder, `${name}.html`);
  writeFileSync(file, reportHtml(report, { place: PLACE, doubts: [], logs, signature: SIGNATURE }));
  return { name, file };
});
const browser = await startBrowser();
try {
  for (const { name, file } of pages) await shoot(name, file, { width: 1280, colorScheme: 'light' });
  for (const { name, file } of pages.filter((one) => one.name === 'done')) {
    await shoot(`${name}-360`, file, { width: 360, colorScheme: 'light' });
  }
  for (const { name, file } of pages.filter((one) => one.name === 'denied')) {
    await shoot(`${name}-dark`, file, { width: 1280, colorScheme: 'dark' });
    await shoot(`${name}-360`, file, { width: 360, colorScheme: 'light' });
    await shoot(`${name}-2560`, file, { width: 2560, colorScheme: 'light' });
    await printed(`${name}-print`, file);
  }
} finally {
  await browser.close();
}

async function shoot(
  name: string,
  file: string,
  look: { readonly width: number; readonly colorScheme: 'light' | 'dark' },
): Promise<void> {
  const page = await browser.newPage({
    viewport: { width: look.width, height: 900 },
    colorScheme: look.colorScheme,
  });
  await page.goto(pathToFileURL(file).href);
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path, fullPage: true });
  console.log(path);
  await page.close();
}

/** As it would be on paper: A4, everything unfolded. */
async function printed(name: string, file: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 794, height: 1123 } });
  await page.emulateMedia({ media: 'print' });
  await page.goto(pathToFileURL(file).href);
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path, fullPage: true });
  console.log(path);
  await page.close();
}
