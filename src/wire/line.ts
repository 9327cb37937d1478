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
import type { Clock } from "./clock.ts";
import { contentPolicy } from "./content.ts";
import type { CoreOptions, Line } from "./core_wire.ts";
import { pacePolicy } from "./pace.ts";
import { planOf, type Plans } from "./plan.ts";
import { RETRY_DEFAULTS, retryPolicy } from "./retry.ts";
import { tellPolicy } from "./tell.ts";
import { type Agents, agentsFor } from "./tls.ts";

/** What a line needs beside the options of its wire. */
export interface LineOptions extends CoreOptions {
  readonly clock: Clock;
  readonly plans: Plans;
  readonly count: () => void;
}

/** One client for the process: it keeps the connections. */
const client = createDefaultHttpClient();

/**
 * The pipeline to one host for one signed-in side. Outermost first: user agent and request id, retry, sign-in, bytes to send, pacing,
 * proxy.
 * Redirects are not followed: a token goes where it was meant to go or nowhere.
 */
export function createLine(address: URL, options: LineOptions): Line {
  const { plans, clock, count } = options;
  const { note } = options;
  const retry = { ...RETRY_DEFAULTS, ...options.retry, clock, ...(note === undefined ? {} : { note }) };
  const pipeline = createEmptyPipeline();
  const policies: PipelinePolicy[] = [
    userAgentPolicy({ userAgentPrefix: options.userAgent }),
    setClientRequestIdPolicy("x-ms-client-request-id"),
    retryPolicy(plans, retry),
    options.signIn(plans),
    contentPolicy(plans),
    pacePolicy(plans, {
      pacer: options.pacers(`${address.host}\n${options.paceKey}`),
      clock,
      patienceMs: retry.patienceMs,
      count,
    }),
    encodingPolicy(plans),
    ...(isLoopback(address.hostname) ? [] : [proxyPolicy()]),
    connectionPolicy(plans, agentsFor(address, options.tls)),
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

/**
 * A request that must not be sent twice gets a connection of its own: on a kept one that the service has just closed,
 * nobody could tell whether it arrived. A proxy has its own connections.
 */
function connectionPolicy(plans: Plans, { kept, once }: Agents): PipelinePolicy {
  return {
    name: "azmlConnection",
    async sendRequest(request, next) {
      const agent = planOf(plans, request).route.repeatable ? kept : once;
      if (agent !== undefined) request.agent ??= agent;
      return await next(request);
    },
  };
}
