import { Failure } from "../records/failure.ts";
import type { Fault, FoundJob } from "../stages/ports.ts";

/** The files of a run, and what could not be told of them. */
export type ReadFiles = Awaited<ReturnType<FoundJob["artifacts"]>>;

/** Codes of an exchange that broke although the service was there. */
const BROKEN_EXCHANGE: ReadonlySet<string> = new Set(["cut_body", "timeout"]);

/** Faults of one kind that are told one by one; further ones are counted. */
const TOLD = 3;

/**
 * What went wrong while the files of one run were read. A service that answered has refused this run's files, be it
 * for a missing role (403): that is a fault. No sign-in, and nobody there, hit everything and are thrown on.
 */
export class ArtifactFaults {
  readonly #signal: AbortSignal;
  readonly #faults: Fault[] = [];
  #first: Failure | null = null;
  #more = 0;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Does a piece of the work, and says whether it went well; what it throws is a fault. */
  async during(what: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.add(what, error);
      return false;
    }
  }

  /** Notes why something is not known; throws on what hits everything, and what is no `Failure`. */
  add(what: string, error: unknown): void {
    if (!(error instanceof Failure) || this.#signal.aborted || hitsEverything(error)) throw error;
    this.#first ??= error;
    if (this.#faults.length >= TOLD) {
      this.#more++;
      return;
    }
    const { code, retryable, hint } = error.facts;
    const message = `${what}: ${error.message}`;
    this.#faults.push({
      part: "artifacts",
      code,
      message,
      retryable,
      ...(hint === undefined ? {} : { hint }),
    });
  }

  /** Throws the first `Failure` there was. */
  throwFirst(): void {
    if (this.#first !== null) throw this.#first;
  }

  all(): readonly Fault[] {
    const last = this.#faults.at(-1);
    if (this.#more === 0 || last === undefined) return this.#faults;
    return [...this.#faults.slice(0, -1), {
      ...last,
      message: `${last.message} (and so for ${this.#more} more)`,
    }];
  }
}

function hitsEverything({ facts: { reach, status, code } }: Failure): boolean {
  if (reach === "record") return false;
  return status === undefined ? !BROKEN_EXCHANGE.has(code) : status === 401;
}
