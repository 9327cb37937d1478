/** What the bench reads of the `end` record of a stage. */
export interface EndFacts {
  readonly calls: number;
  readonly jobs: number;
}

/** The numbers of the `end` record that is the last line of a file. Throws when it is another record, or incomplete. */
export async function lastEnd(path: string): Promise<EndFacts> {
  const line = (await Deno.readTextFile(path)).trimEnd().split("\n").at(-1) ?? "";
  const record: unknown = JSON.parse(line);
  const { kind, complete, counts } = fieldsOf(record);
  if (kind !== "end" || complete !== true) throw new Error(`${path} does not end in a complete end record`);
  const { calls, out, failed, incomplete } = fieldsOf(counts);
  if (failed !== 0 || incomplete !== 0) throw new Error(`${path}: some records failed or are incomplete`);
  const { job = 0, receipt = 0 } = fieldsOf(out);
  return { calls: Number(calls), jobs: Number(job) + Number(receipt) };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
