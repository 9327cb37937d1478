import type { JsonObject, JsonValue } from "../../../src/records/json.ts";
import type { Context } from "../router.ts";
import type { SystemData } from "../state/arm.ts";

/** An ARM resource below a workspace. */
export interface ResourceFacts {
  /** Path below the workspace: `jobs/x`, `environments/e/versions/3`. */
  readonly path: string;
  readonly properties: JsonObject | null;
  readonly systemData: SystemData;
}

/** The answer for a resource: `{id, name, type, properties?, systemData}`. */
export function resource(context: Context, facts: ResourceFacts): JsonObject {
  const parts = facts.path.split("/");
  const type = parts.filter((_, index) => index % 2 === 0).join("/");
  return {
    id: `${MIXED.has(parts[0] ?? "") ? mixedCase(context) : context.workspace.armPath}/${facts.path}`,
    name: parts.at(-1) ?? "",
    type: `Microsoft.MachineLearningServices/workspaces/${type}`,
    ...(facts.properties === null ? {} : { properties: facts.properties }),
    systemData: systemData(facts.systemData),
  };
}

/** `systemData` as answered; `createdBy` is a display name. */
export function systemData(data: SystemData): JsonObject {
  return {
    createdAt: data.createdAt,
    createdBy: data.createdBy,
    createdByType: "User",
    lastModifiedAt: data.lastModifiedAt,
    lastModifiedBy: data.createdBy,
    lastModifiedByType: "User",
  };
}

/** `systemData` of something made now. */
export function madeNow(context: Context): SystemData {
  const now = context.workspace.clock.now();
  return { createdAt: now, createdBy: "Azml Tester", lastModifiedAt: now };
}

/** Ids of assets must say `resourceGroups`: the official SDK refuses `resourcegroups` in them. */
const MIXED: ReadonlySet<string> = new Set(["jobs", "datastores", "schedules"]);

/** The workspace's path as ids of jobs carry it: the service's casing differs from call to call. */
function mixedCase(context: Context): string {
  const { armPath } = context.workspace;
  return context.url.pathname.length % 2 === 0
    ? armPath
    : armPath.replace("/resourceGroups/", "/resourcegroups/");
}

/** A map of strings whatever types came: `42` becomes `"42"`, `true` becomes `"True"`, null stays out. */
export function stringMap(value: JsonValue | undefined): Record<string, string> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  const entries = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(entries.map(([key, item]) => [key, text(item)]));
}

function text(value: JsonValue): string {
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "string" ? value : JSON.stringify(value);
}
