import { badRequest } from "../errors.ts";

/** Every status of a run (Azure ML run history B.2). */
const STATUSES = [
  ..."NotStarted Queued Preparing Provisioning Starting Running CancelRequested Finalizing".split(" "),
  ..."Completed Failed Canceled NotResponding Paused Unapproved Pausing Scheduled Unknown".split(" "),
];

const TERMINAL = new Set(["Completed", "Failed", "Canceled"]);

/** Whether a run of this status is over. */
export function isOver(status: string): boolean {
  return TERMINAL.has(status);
}

/** The status in the service's spelling. Throws `ServiceError` 400 for a word that is none. */
export function statusWord(text: string): string {
  const word = STATUSES.find((status) => status.toLowerCase() === text.toLowerCase());
  if (word === undefined) throw badRequest(`Invalid run status '${text}'.`);
  return word;
}
