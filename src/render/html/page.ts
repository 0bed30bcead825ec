import { sha256 } from '../../formats/sha256.ts';
import { escapeHtml, html, Markup } from './markup.ts';
import { PAGE_START } from './page-start.ts';
import { STYLE } from './style.ts';
import { iconSprite } from './tone.ts';

export interface Page {
  readonly title: string;
  /** Links to sections: id and title. */
  readonly contents: readonly (readonly [string, string])[];
  readonly header: Markup;
  readonly main: readonly (Markup | null)[];
  readonly footer: Markup;
}

/**
 * One self-contained document. The policy lets it load nothing, run nothing and send nothing; the one style sheet is
 * named by its digest, so that no other style has an effect either.
 */
export function pageText(page: Page): string {
  return `${PAGE_START}${html`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${Markup.own(escapeHtml(page.title, 200))}</title>
<style>${Markup.own(STYLE)}</style>
</head>
<body>
${Markup.own(iconSprite())}
<a class="skip" href="#main">Skip to the report</a>
<header>${page.header}</header>
<nav aria-label="Sections"><ul>${page.contents.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
<main id="main" tabindex="-1">
${page.main}</main>
<footer>${page.footer}</footer>
</body>
</html>
`}`;
}

function policy(): Markup {
  const digest = Buffer.from(sha256(STYLE), 'hex').toString('base64');
  return Markup.own(`default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'`);
}
