/** Many small blobs at once, put into Azurite's store from the inside: 30,000 uploads would take minutes. */
export interface SeedCommand {
  readonly account: string;
  /** Must be there already. */
  readonly container: string;
  /** Base64 of each distinct content; blobs that share one share its memory. */
  readonly contents: readonly string[];
  /** Blob name, and the index of its content. */
  readonly blobs: readonly (readonly [string, number])[];
}
