import * as z from "zod";
import { sample } from "./sample/sample.ts";
import { scenarioSchema } from "./schema.ts";

/** The files that are made by code: the sample scenario, and the JSON Schema of scenarios. */
export function scenarioFixtures(): Record<string, string> {
  const schema = z.toJSONSchema(scenarioSchema, { unrepresentable: "any", io: "input" });
  const text = (value: unknown) => `${JSON.stringify(value, null, 1)}\n`;
  return { "scenario.schema.json": text(schema), "sample.json": text(scenarioSchema.parse(sample())) };
}

if (import.meta.main) {
  for (const [name, text] of Object.entries(scenarioFixtures())) {
    await Deno.writeTextFile(new URL(`../../fixtures/scenarios/${name}`, import.meta.url), text);
  }
}
