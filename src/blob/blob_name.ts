import { Failure } from "../records/failure.ts";

/**
 * Answers the name when a URL can say it, throws `Failure` when it cannot: URL parsers fold the segments `.` and
 * `..` (also percent-encoded), so that such a name would silently mean another blob. All other names (spaces,
 * `#`, `?`, `%`, any script) are percent-encoded once by the storage library.
 */
export function blobName(name: string): string {
  const lost = name === "" || name.split("/").some((segment) => segment === "." || segment === "..");
  if (!lost) return name;
  throw new Failure(`The blob name ${JSON.stringify(name)} cannot be addressed: no URL can say it.`, {
    code: "blob_name_invalid",
    reach: "record",
    retryable: false,
    hint: "Rename the blob in its storage account, or leave this file out.",
  });
}
