/** What Ctrl-C or a SIGTERM did so far. */
export interface Interrupt {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Which signal came, if any. */
  came(): "SIGINT" | "SIGTERM" | null;
  /** Stops listening. */
  close(): void;
}

const CODES = { SIGINT: 130, SIGTERM: 143 } as const;
const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Listens for Ctrl-C and SIGTERM: the first aborts and lets the command drain, the second ends the process at once. */
export function listenForInterrupt(onFirst: (signal: string) => void): Interrupt {
  const controller = new AbortController();
  let came: "SIGINT" | "SIGTERM" | null = null;
  const listeners = SIGNALS.map((name) => {
    const listener = () => {
      if (came !== null) Deno.exit(CODES[name]);
      came = name;
      onFirst(name);
      controller.abort();
    };
    Deno.addSignalListener(name, listener);
    return { name, listener };
  });
  return {
    signal: controller.signal,
    came: () => came,
    close: () => listeners.forEach(({ name, listener }) => Deno.removeSignalListener(name, listener)),
  };
}
