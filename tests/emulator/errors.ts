import type { JsonObject, JsonValue } from "../../src/records/json.ts";

/** The error envelopes of the services, as recorded from them: see {@linkcode errorBody}. */
export type Envelope = "arm" | "history" | "mlflow";

/** What a `ServiceError` is made of. */
export interface ErrorFacts {
  readonly status: number;
  /** Broad class: `UserError`, `ValidationError`, `ServiceError`, `RequestThrottled` ...; for ARM the plain code. */
  readonly code: string;
  readonly message: string;
  /** The precise reasons, outermost first (`["NotFound", "UserAssignedIdentityNotFound"]`). */
  readonly inner?: readonly string[];
  /** MLflow's `error_code`; derived from the status when absent. */
  readonly mlflow?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** An ARM error that ARM itself makes (bad token, missing workspace): no `additionalInfo`. */
  readonly plain?: boolean;
  readonly target?: string;
  /** The message as run history's envelope repeats it with its gaps (`Run {runId} was not found`), and what fills them. */
  readonly messageFormat?: string;
  readonly messageParameters?: Readonly<Record<string, string>>;
}

/** An answer that is an error; handlers throw it and the router dresses it in the envelope of the service. */
export class ServiceError extends Error {
  readonly facts: ErrorFacts;
  constructor(facts: ErrorFacts) {
    super(facts.message);
    this.facts = facts;
  }
}

/** 404 of a data-plane service: `UserError` with inner `NotFoundError`. */
export function notFound(message: string): ServiceError {
  return new ServiceError({
    status: 404,
    code: "UserError",
    inner: ["NotFoundError"],
    message,
    mlflow: "RESOURCE_DOES_NOT_EXIST",
  });
}

/** 400 of a data-plane service: `UserError` with inner `BadArgument` unless told otherwise. */
export function badRequest(message: string, inner: readonly string[] = ["BadArgument"]): ServiceError {
  return new ServiceError({
    status: 400,
    code: "UserError",
    inner,
    message,
    mlflow: "INVALID_PARAMETER_VALUE",
  });
}

/** 400 `ValidationError`: what a limit answers (`A field of the entity is over the size limit. FieldName=...`). */
export function overLimit(field: string, limit: number, size: number): ServiceError {
  return new ServiceError({
    status: 400,
    code: "ValidationError",
    message: `A field of the entity is over the size limit. FieldName=${field}, Limit=${limit}, Size=${size}`,
    mlflow: "INVALID_PARAMETER_VALUE",
  });
}

/** 409: something of this name is there already. */
export function conflict(message: string): ServiceError {
  return new ServiceError({
    status: 409,
    code: "UserError",
    inner: ["ConflictError"],
    message,
    mlflow: "RESOURCE_ALREADY_EXISTS",
  });
}

/** Where and when an error happened, for the envelopes that say so. */
export interface ErrorPlace {
  readonly region: string;
  readonly component: string;
  readonly time: string;
  readonly requestId: string;
}

/** The JSON body of an error in a service's own envelope. */
export function errorBody(envelope: Envelope, facts: ErrorFacts, place: ErrorPlace): JsonObject {
  return bodies[envelope](facts, place);
}

const bodies: Record<Envelope, (facts: ErrorFacts, place: ErrorPlace) => JsonObject> = {
  arm: armBody,
  history: historyBody,
  mlflow: mlflowBody,
};

function armBody(facts: ErrorFacts, place: ErrorPlace): JsonObject {
  const error: JsonObject = { code: facts.code, message: facts.message };
  if (facts.target !== undefined) error.target = facts.target;
  if (facts.plain === true) return { error };
  const infos: [string, JsonValue][] = [
    ["ComponentName", "managementfrontend"],
    ["Correlation", { operation: place.requestId, request: place.requestId.slice(0, 16) }],
    ["Environment", place.region],
    ["Location", place.region],
    ["Time", place.time],
    ["InnerError", nested(facts.inner ?? [], "innerError")],
  ];
  error.details = [];
  error.additionalInfo = infos
    .filter(([, value]) => value !== null)
    .map(([type, value]) => ({ type, info: { value } }));
  return { error };
}

function historyBody(facts: ErrorFacts, place: ErrorPlace): JsonObject {
  return {
    error: {
      code: facts.code,
      severity: null,
      message: facts.message,
      messageFormat: facts.messageFormat ?? facts.message,
      messageParameters: { ...facts.messageParameters },
      referenceCode: null,
      detailsUri: null,
      target: facts.target ?? null,
      details: [],
      innerError: nested(facts.inner ?? [], "innerError"),
      debugInfo: null,
      additionalInfo: null,
    },
    correlation: { operation: place.requestId, request: place.requestId.slice(0, 16) },
    environment: place.region,
    location: place.region,
    time: place.time,
    componentName: place.component,
    statusCode: facts.status,
  };
}

function mlflowBody(facts: ErrorFacts, place: ErrorPlace): JsonObject {
  return {
    Error: {
      Code: facts.code,
      Severity: null,
      Message: facts.message,
      MessageFormat: null,
      MessageParameters: null,
      ReferenceCode: null,
      DetailsUri: null,
      Target: facts.target ?? null,
      Details: [],
      InnerError: pascal(nested(facts.inner ?? [], "innerError")),
      DebugInfo: null,
      AdditionalInfo: null,
    },
    Correlation: { operation: place.requestId, request: place.requestId.slice(0, 16) },
    Environment: place.region,
    Location: place.region,
    Time: place.time,
    ComponentName: "mlflow",
    statusCode: facts.status,
    error_code: facts.mlflow ?? mlflowCodes[facts.status] ?? "INTERNAL_ERROR",
  };
}

const mlflowCodes: Readonly<Record<number, string>> = {
  400: "INVALID_PARAMETER_VALUE",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "RESOURCE_DOES_NOT_EXIST",
  409: "RESOURCE_ALREADY_EXISTS",
  429: "REQUEST_LIMIT_EXCEEDED",
  503: "TEMPORARILY_UNAVAILABLE",
};

function nested(codes: readonly string[], key: string): JsonValue {
  const [first, ...rest] = codes;
  return first === undefined ? null : { code: first, [key]: nested(rest, key) };
}

function pascal(value: JsonValue): JsonValue {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return { Code: value.code ?? null, InnerError: pascal(value.innerError ?? null) };
}
