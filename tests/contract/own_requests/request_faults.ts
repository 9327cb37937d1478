import type { Contract } from "../dataplane_contract.ts";
import { BEYOND, type Beyond } from "./beyond_contract.ts";
import type { Sent } from "./sent.ts";

/**
 * What of a request the published contract (and the list of operations beyond it) does not know, one text each; empty
 * when all is known. `beyond` narrows that list, and then the contract is left out.
 */
export function requestFaults(
  contract: Contract,
  sent: Sent,
  beyond: readonly Beyond[] = BEYOND,
): readonly string[] {
  const published = beyond === BEYOND ? contract.operationOf(sent.method, sent.path) : undefined;
  const operation = published ?? beyond.find(({ isFor }) => isFor(sent.method, sent.path));
  if (operation === undefined) return ["no such operation"];
  const unknown = sent.query.filter(([name]) => !operation.query.includes(name))
    .map(([name]) => `query parameter ${name} is not known`);
  return [...unknown, ...bodyFaults(contract, sent, published?.body ?? null)];
}

function bodyFaults(
  contract: Contract,
  { contentType, body }: Sent,
  schema: string | null,
): readonly string[] {
  if (schema === null) return body === null && contentType === null ? [] : ["the operation takes no body"];
  if (body === null) return ["no body"];
  const isJson = /^application\/json(;|$)/.test(contentType ?? "");
  return [
    ...(isJson ? [] : [`content type ${contentType}`]),
    ...contract.requestFaults(schema, body),
  ];
}
