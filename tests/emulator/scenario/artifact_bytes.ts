import type { ScenarioArtifact } from "./schema.ts";

/** The bytes of an artifact: its text, or so many bytes that depend on the name alone. */
export function artifactBytes(artifact: ScenarioArtifact, name: string): Uint8Array<ArrayBuffer> {
  if (artifact.text !== undefined) return new TextEncoder().encode(artifact.text);
  const bytes = new Uint8Array(artifact.size ?? 0);
  let state = 2166136261;
  for (const char of name) state = Math.imul(state ^ (char.codePointAt(0) ?? 0), 16777619) >>> 0;
  for (let index = 0; index < bytes.length; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}
