import { checkRecord } from "../records/check.ts";
import { Failure } from "../records/failure.ts";
import type { AnyRecord } from "../records/item.ts";
import { readItems } from "../records/ndjson_read.ts";
import type { ReceiptRecord } from "../records/receipt.ts";

/**
 * Reads the receipts of a `submit`: for each unit the fields whose loss was told. Throws `Failure` of reach `usage`
 * when the file cannot be read or holds no receipt.
 */
export async function readLosses(path: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const losses = new Map<string, readonly string[]>();
  try {
    const file = await Deno.open(path);
    for await (const batch of readItems(file.readable, "verify")) {
      for (const { record } of batch) {
        if (isReceipt(record)) losses.set(record.unit, record.loss.map(({ field }) => field));
      }
    }
  } catch (cause) {
    throw refusal(
      `--receipts ${path} cannot be read: ${cause instanceof Error ? cause.message : cause}`,
      cause,
    );
  }
  if (losses.size === 0) throw refusal(`--receipts ${path} holds no receipt`);
  return losses;
}

function isReceipt(record: AnyRecord): record is ReceiptRecord {
  return record.kind === "receipt" && checkRecord(record).ok;
}

function refusal(message: string, cause?: unknown): Failure {
  return new Failure(message, {
    code: "receipts_file",
    reach: "usage",
    retryable: false,
    hint: "give the file that azml submit wrote on stdout",
    cause,
  });
}
