import * as z from "zod";

/** A text that may be absent, or null where the source has none. */
export const textField = z.exactOptional(z.nullable(z.string()));

/** A string map that may be absent, or null where the source has none. */
export const stringsField = z.exactOptional(z.nullable(z.record(z.string(), z.string())));

/** Milliseconds since 1970 as MLflow gives them. */
export const millisecondsField = z.exactOptional(z.nullable(z.number()));

/** What could not be read of an object. */
export const incompleteField = z.exactOptional(
  z.array(z.looseObject({ part: z.string(), code: z.string(), message: z.string() })),
);
