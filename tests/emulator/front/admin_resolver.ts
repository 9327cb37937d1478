import type { Faults } from "../faults.ts";
import type { RequestLog } from "../log.ts";
import type { Settings } from "../settings.ts";
import type { Job } from "./job.ts";

/** What the admin routes steer. */
export interface Controls {
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly settings: Settings;
}

/**
 * Jobs for `/emulator/...`, by which another process steers the emulator: `POST faults` (a rule or a list of rules),
 * `DELETE faults`, `GET requests` (NDJSON), `DELETE requests`, `GET|PATCH settings`.
 */
export function adminResolver(controls: Controls): (request: Request, url: URL) => Job | null {
  return (request, url) => {
    const action = actions[`${request.method} ${url.pathname}`];
    if (action === undefined) return null;
    return {
      route: `emulator${url.pathname.slice("/emulator".length).replaceAll("/", ".")}`,
      effect: "read",
      workspace: null,
      perform: async () => await action(controls, request),
      refuse: ({ status, message }) => Response.json({ error: message }, { status }),
    };
  };
}

const actions: Record<string, (controls: Controls, request: Request) => Promise<Response> | Response> = {
  "POST /emulator/faults": async ({ faults }, request) => {
    const body = await request.json();
    for (const rule of Array.isArray(body) ? body : [body]) faults.add(rule);
    return Response.json({});
  },
  "DELETE /emulator/faults": ({ faults }) => {
    faults.clear();
    return Response.json({});
  },
  "GET /emulator/requests": ({ log }) =>
    new Response(log.lines.map((line) => `${JSON.stringify(line)}\n`).join(""), {
      headers: { "content-type": "application/x-ndjson" },
    }),
  "DELETE /emulator/requests": ({ log }) => {
    log.clear();
    return Response.json({});
  },
  "GET /emulator/settings": ({ settings }) => Response.json(settings),
  "PATCH /emulator/settings": async ({ settings }, request) => {
    Object.assign(settings, await request.json());
    return Response.json(settings);
  },
};
