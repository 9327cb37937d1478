import type { BlobContainer } from "../blob/container.ts";
import { Failure } from "../records/failure.ts";
import { isJsonObject, type JsonValue } from "../records/json.ts";
import { objectAt, textAt } from "./json_fields.ts";
import { registerPaths } from "./artifact_register.ts";
import type { TargetScope } from "./target_scope.ts";

/** Where files of runs lie, as the artifact service says: `<datastore>/<before><data container>/<path>`. */
interface PlaceRule {
  readonly datastore: string;
  readonly before: string;
}

/** What was learned of it; asked once a process. */
export interface ArtifactPlaces {
  rule: Promise<PlaceRule> | null;
}

/** Where one run's files go. */
export interface ArtifactPlace {
  readonly datastore: string;
  readonly container: BlobContainer;
  /** With its trailing slash. */
  readonly prefix: string;
}

/** Where Azure ML has kept them in every recording. */
const USUAL: PlaceRule = { datastore: "workspaceartifactstore", before: "ExperimentRun/" };

/**
 * Answers where a run's files go. The first time in a process the artifact service is asked, by registering `path`;
 * what it says of the datastore holds for all runs. Throws `Failure` when it cannot be asked or the datastore cannot
 * be opened.
 */
export async function artifactPlace(
  scope: TargetScope,
  dataContainer: string,
  path: string,
): Promise<ArtifactPlace> {
  const rule = await knownRule(scope, dataContainer, path);
  const container = await scope.workspace.container(rule.datastore);
  return { datastore: rule.datastore, container, prefix: `${rule.before}${dataContainer}/` };
}

async function knownRule(scope: TargetScope, dataContainer: string, path: string): Promise<PlaceRule> {
  scope.places.rule ??= learnRule(scope, dataContainer, path);
  try {
    return await scope.places.rule;
  } catch (thrown) {
    scope.places.rule = null;
    throw thrown;
  }
}

async function learnRule(scope: TargetScope, dataContainer: string, path: string): Promise<PlaceRule> {
  const answer = await registerPaths(scope, dataContainer, [path]);
  const rule = dataPathRule(answer, dataContainer, path) ?? USUAL;
  const uri = contentUri(answer, path);
  const container = await scope.workspace.container(rule.datastore);
  const expected = `/${container.name}/${rule.before}${dataContainer}/${path}`;
  if (uri !== null && !decoded(uri).endsWith(expected)) throw elsewhere(rule.datastore, expected);
  return rule;
}

/** The rule out of `artifacts.<path>.dataPath`, where the service tells it. */
function dataPathRule(answer: JsonValue, dataContainer: string, path: string): PlaceRule | null {
  const artifact = entry(answer, "artifacts", path);
  const dataPath = objectAt(artifact, "dataPath");
  const datastore = textAt(dataPath, "dataStoreName");
  const relative = textAt(dataPath, "relativePath");
  const tail = `${dataContainer}/${path}`;
  if (datastore === null || relative === null || !relative.endsWith(tail)) return null;
  return { datastore, before: relative.slice(0, -tail.length) };
}

function contentUri(answer: JsonValue, path: string): string | null {
  return textAt(entry(answer, "artifactContentInformation", path), "contentUri");
}

function entry(answer: JsonValue, part: string, path: string) {
  const entries = isJsonObject(answer) ? objectAt(answer, part) : null;
  return objectAt(entries, path);
}

/** The path of an address as text; the rest of it is a SAS. */
function decoded(uri: string): string {
  const { pathname } = new URL(uri);
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}

function elsewhere(datastore: string, expected: string): Failure {
  return new Failure(
    `Finding where the target keeps files of runs: the artifact service names another place than ${expected} ` +
      `in datastore "${datastore}".`,
    {
      code: "artifact_place_unknown",
      reach: "record",
      retryable: false,
      hint: "Please report this with the workspace's region; --no-copy-artifacts migrates everything else.",
    },
  );
}
