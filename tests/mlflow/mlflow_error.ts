import type { JsonObject } from "../../src/records/json.ts";
import { isSince } from "./version.ts";

/** MLflow's names of errors that the double answers with, and their statuses. */
const STATUSES = {
  INVALID_PARAMETER_VALUE: 400,
  RESOURCE_ALREADY_EXISTS: 400,
  BAD_REQUEST: 400,
  INVALID_STATE: 500,
  RESOURCE_DOES_NOT_EXIST: 404,
  FEATURE_DISABLED: 500,
  INTERNAL_ERROR: 500,
} as const;

/** One of MLflow's names of errors. */
export type ErrorCode = keyof typeof STATUSES;

/** An answer that is an error in MLflow's words. */
export class MlflowError extends Error {
  readonly status: number;
  constructor(readonly code: ErrorCode, message: string) {
    super(message);
    this.status = STATUSES[code];
  }
}

/** 400 `INVALID_PARAMETER_VALUE`. */
export function invalid(message: string): MlflowError {
  return new MlflowError("INVALID_PARAMETER_VALUE", message);
}

/** 404 `RESOURCE_DOES_NOT_EXIST`. */
export function missing(message: string): MlflowError {
  return new MlflowError("RESOURCE_DOES_NOT_EXIST", message);
}

/** The JSON body of an error; 3.17 adds two fields (measured on 2.22.5 and 3.17.2). */
export function errorBody(version: string, code: string, message: string): JsonObject {
  const plain = { error_code: code, message };
  if (!isSince(version, "3.17")) return plain;
  const sqlstate = code === "INTERNAL_ERROR" ? "XXM00" : "KAM00";
  return { ...plain, sqlstate, error_class: CLASSES[code] ?? code };
}

const CLASSES: Readonly<Record<string, string>> = {
  RESOURCE_DOES_NOT_EXIST: "RESOURCE_NOT_FOUND",
  BAD_REQUEST: "INVALID_PARAMETER_VALUE",
  INTERNAL_ERROR: "CLIENT_INTERNAL_ERROR",
};
