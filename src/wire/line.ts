import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import {
  createDefaultHttpClient,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  decompressResponsePolicy,
  type PipelinePolicy,
  proxyPolicy,
  setClientRequestIdPolicy,
  userAgentPolicy,
} from "@azure/core-rest-pipeline";
import { isLoopback } from "./address.ts";
import { bearerPolicy } from "./bearer.ts";
import type { Clock } from "./clock.ts";
import { contentPolicy } from "./content.ts";
import type { Line, WireOptions } from "./create_wire.ts";
import { pacePolicy } from "./pace.ts";
import { planOf, type Plans } from "./plan.ts";
import { RETRY_DEFAULTS, retryPolicy } from "./retry.ts";
import { tellPolicy } from "./tell.ts";
import type { Trust } from "./trust.ts";

/** What a line needs beside the options of its wire. */
export interface LineOptions extends WireOptions {
  readonly clock: Clock;
  readonly trust: Trust;
  readonly plans: Plans;
  readonly count: () => void;
}

/** One client for the process: it keeps the connections. */
const client = createDefaultHttpClient();

/**
 * The pipeline to one host for one tenant. Outermost first: user agent and request id, retry, sign-in, bytes to send, pacing,
 * proxy.
 * Redirects are not followed: a token goes where it was meant to go or nowhere.
 */
export function createLine(address: URL, options: LineOptions): Line {
  const { plans, clock, tenant, count } = options;
  const { note } = options;
  const retry = { ...RETRY_DEFAULTS, ...options.retry, clock, ...(note === undefined ? {} : { note }) };
  const pipeline = createEmptyPipeline();
  const policies: PipelinePolicy[] = [
    userAgentPolicy({ userAgentPrefix: options.userAgent }),
    setClientRequestIdPolicy("x-ms-client-request-id"),
    retryPolicy(plans, retry),
    bearerPolicy(plans, { ...options, armHost: new URL(options.arm).host }),
    contentPolicy(plans),
    pacePolicy(plans, {
      pacer: options.pacers(`${address.host}\n${tenant ?? ""}`),
      clock,
      patienceMs: retry.patienceMs,
      count,
    }),
    encodingPolicy(plans),
    ...(isLoopback(address.hostname) ? [] : [proxyPolicy()]),
    freshConnectionPolicy(plans),
    ...(options.told === undefined ? [] : [tellPolicy(plans, options.told)]),
  ];
  for (const policy of policies) pipeline.addPolicy(policy);
  return {
    pipeline,
    client,
    request(plan, body) {
      const request = createPipelineRequest({
        url: plan.address.href,
        method: plan.route.method,
        headers: createHttpHeaders({
          accept: "application/json",
          ...(body === undefined ? {} : { "content-type": "application/json; charset=utf-8" }),
        }),
        allowInsecureConnection: plan.address.protocol === "http:",
        ...(body === undefined ? {} : { body }),
        ...(plan.signal === undefined ? {} : { abortSignal: plan.signal }),
        ...(plan.streams ? { streamResponseStatusCodes: GOOD } : {}),
      });
      plans.set(request, plan);
      return request;
    },
  };
}

/** Statuses whose answers may be streamed; what a refusal says is read at once. */
const GOOD = new Set(Array.from({ length: 100 }, (_one, index) => 200 + index));

/** A streamed body comes as it is, so that its bytes can be counted against what was announced. */
function encodingPolicy(plans: Plans): PipelinePolicy {
  const packed = decompressResponsePolicy();
  return {
    name: "azmlEncoding",
    async sendRequest(request, next) {
      if (!planOf(plans, request).streams) return await packed.sendRequest(request, next);
      request.headers.set("accept-encoding", "identity");
      return await next(request);
    },
  };
}

const httpOnce = new HttpAgent({ keepAlive: false });
const httpsOnce = new HttpsAgent({ keepAlive: false });

/**
 * A request that must not be sent twice gets a connection of its own: on a kept one that the service has just closed,
 * nobody could tell whether it arrived.
 */
function freshConnectionPolicy(plans: Plans): PipelinePolicy {
  return {
    name: "azmlFreshConnection",
    async sendRequest(request, next) {
      const { route, address } = planOf(plans, request);
      if (!route.repeatable) request.agent ??= address.protocol === "http:" ? httpOnce : httpsOnce;
      return await next(request);
    },
  };
}
