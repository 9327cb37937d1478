import type { Clock } from "./clock.ts";

/** How one request went, as far as pacing cares. */
export type Pace = "ok" | "throttled" | "other";

/** A place among the requests under way. */
export interface Lease {
  /** Gives the place back. `pauseMs`: how long the service asked everybody to wait. */
  done(pace: Pace, pauseMs?: number): void;
}

/** Adaptive pacing of one host: additive increase, multiplicative decrease. */
export interface Pacer {
  /** Waits for a place; rejects with the signal's reason. */
  enter(signal?: AbortSignal): Promise<Lease>;
  /** How many requests may be under way now. */
  limit(): number;
}

/** Bounds of a pacer. */
export interface PacerOptions {
  readonly clock: Clock;
  /** Requests under way at first, and at most. */
  readonly start: number;
  readonly max: number;
}

interface Waiter {
  readonly go: () => void;
}

/**
 * Starts with `start` requests at a time. A throttled request halves the limit (once for all requests that were under
 * way together) and holds every request back for as long as the service asked; as many good answers as the limit
 * raise it by one.
 */
export function createPacer({ clock, start, max }: PacerOptions): Pacer {
  let limit = start;
  let active = 0;
  let good = 0;
  let cuts = 0;
  let notBefore = 0;
  const waiting: Waiter[] = [];

  const pump = () => {
    while (active < limit && waiting.length > 0) {
      active++;
      waiting.shift()?.go();
    }
  };
  const settle = (pace: Pace, cutsAtStart: number, pauseMs: number) => {
    active--;
    if (pace === "ok" && ++good >= limit) {
      good = 0;
      limit = Math.min(max, limit + 1);
    }
    if (pace === "throttled") {
      notBefore = Math.max(notBefore, clock.now() + pauseMs);
      if (cutsAtStart === cuts) {
        cuts++;
        good = 0;
        limit = Math.max(1, Math.floor(limit / 2));
      }
    }
    pump();
  };
  return {
    limit: () => limit,
    async enter(signal) {
      await place(waiting, pump, signal);
      try {
        while (clock.now() < notBefore) await clock.sleep(notBefore - clock.now(), signal);
      } catch (error) {
        settle("other", cuts, 0);
        throw error;
      }
      const cutsAtStart = cuts;
      let open = true;
      return {
        done(pace, pauseMs = 0) {
          if (open) settle(pace, cutsAtStart, pauseMs);
          open = false;
        },
      };
    },
  };
}

/** Stands in line until there is a place. */
function place(waiting: Waiter[], pump: () => void, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      waiting.splice(waiting.indexOf(waiter), 1);
      reject(signal?.reason);
    };
    const waiter: Waiter = {
      go() {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      },
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    waiting.push(waiter);
    pump();
  });
}

/** One pacer for each key (host and tenant), shared by all wires of the process. */
export type Pacers = (key: string) => Pacer;

/** Makes the pacers of a process. Clients are advised to start low: 8 at first, 32 at most by default. */
export function createPacers(options: PacerOptions): Pacers {
  const pacers = new Map<string, Pacer>();
  return (key) => {
    const known = pacers.get(key) ?? createPacer(options);
    pacers.set(key, known);
    return known;
  };
}
