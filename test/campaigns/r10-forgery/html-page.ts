/** What a page of ours is made of. Anything else in it came from a text. */
const ELEMENTS = new Set([
  ...[
    'html',
    'head',
    'meta',
    'title',
    'style',
    'body',
    'a',
    'header',
    'nav',
    'main',
    'footer',
    'section',
    'article',
  ],
  ...[
    'h1',
    'h2',
    'h3',
    'h4',
    'p',
    'ul',
    'ol',
    'li',
    'dl',
    'dt',
    'dd',
    'div',
    'span',
    'b',
    'small',
    'code',
    'pre',
  ],
  ...['details', 'summary', 'table', 'thead', 'tbody', 'tfoot', 'tr', 'th', 'td'],
  ...['svg', 'symbol', 'path', 'circle', 'use', 'g', 'rect', 'text'],
]);

const ATTRIBUTES = new Set([
  ...[
    'lang',
    'charset',
    'http-equiv',
    'content',
    'name',
    'class',
    'id',
    'href',
    'tabindex',
    'role',
    'open',
    'scope',
  ],
  ...['viewBox', 'x', 'y', 'width', 'height', 'rx', 'd', 'cx', 'cy', 'r', 'fill', 'stroke', 'stroke-width'],
  ...['stroke-linecap', 'stroke-linejoin', 'preserveAspectRatio', 'focusable', 'data-label'],
  ...['aria-label', 'aria-labelledby', 'aria-hidden'],
]);

const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

/** What a CI takes for a command in a page that is printed into its log. */
const TAKEN = /^\s*::|##\[|##vso\[/m;

const POLICY =
  /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}='; base-uri 'none'; form-action 'none'">/;

/** Everything in a page that is not of our own making: elements, attributes, addresses, control characters. */
export function foreignParts(page: string): readonly string[] {
  // The style sheet is text of ours and is named by its digest.
  const markup = page.replace(/<style>[^<]*<\/style>/, '<style></style>');
  const tags = [...markup.matchAll(/<(\/?)([^\s>/]*)([^>]*)>/g)];
  return [
    ...tags.flatMap(([, , name = '']) =>
      ELEMENTS.has(name) || name === '!doctype' || name === '!--' ? [] : [`element ${name}`],
    ),
    ...tags
      .filter(([, , name]) => name?.startsWith('!') !== true)
      .flatMap(([, , , rest = '']) => foreignAttributes(rest)),
    ...(CONTROLS.test(page) ? [`control character ${JSON.stringify(CONTROLS.exec(page)?.[0])}`] : []),
    ...(TAKEN.test(page) ? [`command of a CI ${JSON.stringify(TAKEN.exec(page)?.[0])}`] : []),
    ...(POLICY.test(page) ? [] : ['no content-security policy that allows nothing']),
  ];
}

function foreignAttributes(rest: string): readonly string[] {
  const attributes = [...rest.matchAll(/([^\s"'=<>/]+)(?:\s*=\s*(?:"([^"]*)"|'[^']*'|[^\s"'>]+))?/g)];
  return attributes.flatMap(([whole, name = '', value = '']) => {
    if (!ATTRIBUTES.has(name)) return [`attribute ${whole.slice(0, 80)}`];
    return name === 'href' && !value.startsWith('#') ? [`address ${value.slice(0, 80)}`] : [];
  });
}
