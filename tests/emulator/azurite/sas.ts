import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";

/** Where a SAS is for: one blob, or all of a container. */
export interface SasPlace {
  readonly account: string;
  /** Base64. */
  readonly key: string;
  readonly container: string;
  readonly path?: string | undefined;
}

const VERSION = "2021-08-06";

/**
 * A service SAS as the blob service checks it (string-to-sign of version 2020-12-06 and later). It starts 10 minutes
 * ago, as those of Azure ML do, and lives `minutes`; below zero it has ended already. No leading `?`.
 */
export function serviceSas(place: SasPlace, permissions: string, minutes: number): string {
  const { st, se } = lifetime(minutes);
  const resource = place.path === undefined ? "c" : "b";
  const path = place.path === undefined ? "" : `/${place.path}`;
  const canonical = `/blob/${place.account}/${place.container}${path}`;
  const text = [permissions, st, se, canonical, "", "", "", VERSION, resource, "", "", "", "", "", "", ""]
    .join("\n");
  const query = { sv: VERSION, st, se, sr: resource, sp: permissions, sig: sign(place.key, text) };
  return new URLSearchParams(query).toString();
}

/** An account SAS that may do anything with blobs: what the emulator itself uses against Azurite. No leading `?`. */
export function accountSas(account: string, key: string, minutes: number): string {
  const { st, se } = lifetime(minutes);
  const facts = { sp: "rwdlac", ss: "b", srt: "sco", st, se, sv: VERSION };
  const text = [account, facts.sp, facts.ss, facts.srt, st, se, "", "", VERSION, "", ""].join("\n");
  return new URLSearchParams({ ...facts, sig: sign(key, text) }).toString();
}

function lifetime(minutes: number): { st: string; se: string } {
  const start = Date.now() - 600_000;
  const end = Date.now() + minutes * 60_000;
  return { st: stamp(Math.min(start, end - 60_000)), se: stamp(end) };
}

function stamp(millis: number): string {
  return `${new Date(millis).toISOString().slice(0, 19)}Z`;
}

function sign(key: string, text: string): string {
  return createHmac("sha256", Buffer.from(key, "base64")).update(text, "utf8").digest("base64");
}
