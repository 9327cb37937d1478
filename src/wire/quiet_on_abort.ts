/** The same items; what is thrown once `signal` has aborted is an interrupted request, and ends them quietly. */
export async function* quietOnAbort<T>(
  items: AsyncIterable<T>,
  signal: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  try {
    yield* items;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
