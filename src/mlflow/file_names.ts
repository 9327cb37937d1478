import { Failure } from "../records/failure.ts";

/** A `%` that begins an escape: such a name is another one once it is unescaped. */
const ESCAPE = /%[0-9a-fA-F]{2}/;

/**
 * Throws `Failure` (record) for a name that MLflow servers do not give the right file for. They unescape a path over and
 * over, so `p%41.txt` is looked for as `pA.txt`, and would be answered with the bytes of that file where there is one; `#` they
 * refuse in any form. (Measured on 2.22.5 and 3.17.2; `?`, `&`, `+`, spaces, other `%` and all letters are right.)
 * Names that lead out of their run are refused, too.
 */
export function checkFileName(run: string, name: string): void {
  if (name.split("/").some((part) => part === "" || part === "." || part === "..")) {
    throw unreadable(run, name, "is no path within the run", "bad_path");
  }
  if (name.includes("#")) throw unreadable(run, name, 'holds a "#", which MLflow servers refuse in names');
  if (ESCAPE.test(name)) {
    throw unreadable(
      run,
      name,
      `holds "%" and two hex digits, which MLflow servers take for an escape, so that another file would be read`,
    );
  }
}

function unreadable(run: string, name: string, why: string, code = "name_not_readable"): Failure {
  return new Failure(`file ${JSON.stringify(name)} of run ${run} ${why}`, {
    code,
    reach: "record",
    retryable: false,
    hint: "copy this file from the server's artifact store by other means",
  });
}
