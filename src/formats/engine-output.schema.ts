import * as z from 'zod';

/**
 * `opa eval -f json`. Without a `result`, or with an empty one, the query is undefined; `errors` stands in the place
 * of a result (openpolicyagent.org, "opa eval"). Unknown keys refuse: the shape is all that we know the tool by.
 */
export const opaOutputSchema = z.strictObject({
  result: z
    .array(
      z.strictObject({
        expressions: z.array(
          z.strictObject({
            value: z.unknown(),
            text: z.string().optional(),
            location: z.unknown().optional(),
          }),
        ),
        bindings: z.unknown().optional(),
      }),
    )
    .optional(),
  errors: z.array(z.unknown()).optional(),
});

/** `opa capabilities --current`, as far as it is filtered; the rest goes back to opa as it came. */
export const opaCapabilitiesSchema = z.looseObject({
  builtins: z.array(z.looseObject({ name: z.string(), nondeterministic: z.boolean().optional() })).min(1),
});

const conftestResults = z.array(z.looseObject({ msg: z.string() })).nullish();

/** `conftest test -o json`: one entry per file and namespace; lists that are empty are left out. */
export const conftestOutputSchema = z.array(
  z.strictObject({
    filename: z.string(),
    namespace: z.string(),
    successes: z.number().int().nonnegative(),
    skipped: conftestResults,
    warnings: conftestResults,
    failures: conftestResults,
    exceptions: conftestResults,
    queries: z.unknown().optional(),
  }),
);
export type ConftestEntry = z.infer<typeof conftestOutputSchema>[number];
