import { DownstreamClosed, type Io } from "./io.ts";

/** Writes a text for people to standard output; a reader that had enough of it (`| head`) is no failure. */
export async function printPage(io: Io, text: string): Promise<void> {
  try {
    await io.write(new TextEncoder().encode(text));
  } catch (error) {
    if (!(error instanceof DownstreamClosed)) throw error;
  }
}
