import { type Answer, found, refused } from '../answer.ts';
import { headOf, type World } from '../world.ts';

type Show = (number: number) => unknown;

/** Opens a pull request; a branch that is not there, or has an open one already, is refused as GitHub does. */
export function openPull(world: World, body: unknown, show: Show): Answer {
  const [head, base, title] = [textOf(body, 'head'), textOf(body, 'base'), textOf(body, 'title')];
  if (head === null || base === null || title === null) return invalid('missing_field');
  const branch = head.slice(head.indexOf(':') + 1);
  if (headOf(world, branch) === null) return invalid('invalid', 'head');
  const { pull } = world.scenario.github;
  const open = [pull, ...world.opened].some(
    (one) => one.branch === branch && one.base === base && one.state === 'open',
  );
  const owner = world.scenario.github.repo.split('/')[0];
  if (open) return invalid('custom', undefined, `A pull request already exists for ${owner}:${branch}.`);
  const number = pull.number + world.opened.length + 1;
  const draft = fieldOf(body, 'draft') === true;
  world.opened.push({ number, branch, base, title, body: textOf(body, 'body') ?? '', draft, state: 'open' });
  return found(show(number), 201);
}

/** Changes title, body, base or state. Null where it went well and the change is to be shown. */
export function updatePull(world: World, number: number, body: unknown): Answer | null {
  const { pull } = world.scenario.github;
  if (number === pull.number) {
    pull.state = textOf(body, 'state') ?? pull.state;
    return null;
  }
  const one = world.opened.find((opened) => opened.number === number);
  if (one === undefined) return refused(404, 'Not Found');
  one.title = textOf(body, 'title') ?? one.title;
  one.body = textOf(body, 'body') ?? one.body;
  one.base = textOf(body, 'base') ?? one.base;
  one.state = textOf(body, 'state') ?? one.state;
  return null;
}

/** One field of what was sent; undefined where there is none. */
export function fieldOf(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
}

/** One text of what was sent; null where it is none, or empty. */
export function textOf(body: unknown, name: string): string | null {
  const value = fieldOf(body, name);
  return typeof value === 'string' && value !== '' ? value : null;
}

function invalid(code: string, field?: string, message?: string): Answer {
  const error = { resource: 'PullRequest', code, ...(field && { field }), ...(message && { message }) };
  return { status: 422, headers: {}, body: { message: 'Validation Failed', errors: [error] } };
}
