import * as z from 'zod';
import type { PlannedKind } from '../core/scope/planned-changes.ts';

/** What a plan can say of a path. */
const PLANNED_KINDS = ['added', 'modified', 'deleted'] as const satisfies readonly PlannedKind[];

/** Characters of one path, and declared paths of one plan. */
const PATH_CHARACTERS = 4_096;
const MAX_DECLARED = 10_000;

/** Literal, from repo-root, with `/`; one that ends with `/` is a folder with all that is in it. */
const path = z
  .string()
  .min(1)
  .max(PATH_CHARACTERS)
  .regex(/^[^\u0000-\u001f\u007f]*$/);
const paths = z.array(path).max(MAX_DECLARED);

/** What the first `.json` artifact of the manager may say about the change (unknown keys are its own affair). */
export const planScopeSchema = z
  .looseObject({
    changes: z
      .array(z.looseObject({ path, kind: z.enum(PLANNED_KINDS).nullish() }))
      .max(MAX_DECLARED)
      .optional(),
    actions: z
      .array(z.looseObject({ target_path: path.nullish(), target_paths: paths.nullish() }))
      .max(MAX_DECLARED)
      .optional(),
  })
  .meta({
    title: 'Scope of a plan',
    description:
      'What the first .json among the expected artifacts of the manager may declare: the paths that will change. ' +
      'It can only narrow what the operator allows.',
  });
