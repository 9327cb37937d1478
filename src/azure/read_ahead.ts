/**
 * Works on the inputs in order, at most `width` at a time, and yields the results in the order of the inputs. Nothing
 * new starts once `signal` aborts or the consumer stops; what is under way settles first. The results before a failed
 * one come out, then its error is thrown. `input` must take `next()` before the last one has settled, as async
 * generators do.
 */
export async function* readAhead<A, B>(
  input: AsyncGenerator<A>,
  width: number,
  signal: AbortSignal,
  work: (input: A) => Promise<B>,
): AsyncGenerator<B> {
  const slots: Promise<IteratorResult<B, void>>[] = [];
  const start = () => {
    if (signal.aborted) return;
    const slot = turn(input, work);
    // The error is thrown when its turn comes; until then it must not count as unhandled.
    slot.catch(() => {});
    slots.push(slot);
  };
  try {
    for (let i = 0; i < width; i++) start();
    for (let slot = slots.shift(); slot !== undefined; slot = slots.shift()) {
      const result = await slot;
      if (result.done) return;
      yield result.value;
      start();
    }
  } finally {
    await Promise.allSettled(slots);
    await input.return(undefined);
  }
}

async function turn<A, B>(
  input: AsyncGenerator<A>,
  work: (input: A) => Promise<B>,
): Promise<IteratorResult<B, void>> {
  const next = await input.next();
  return next.done ? { done: true, value: undefined } : { done: false, value: await work(next.value) };
}

/** The members of an array as the input of {@linkcode readAhead}. */
export async function* each<A>(items: Iterable<A>): AsyncGenerator<A> {
  yield* items;
}

/**
 * The items of one list after the other. The first item of `width` lists is read ahead; the rest of a list is read
 * when its turn has come, so that long lists do not pile up.
 */
export async function* readListsAhead<K, T>(
  keys: AsyncGenerator<K>,
  width: number,
  signal: AbortSignal,
  open: (key: K) => AsyncGenerator<T>,
): AsyncGenerator<T> {
  const begin = async (key: K) => {
    const list = open(key);
    return { first: await list.next(), list };
  };
  for await (const { first, list } of readAhead(keys, width, signal, begin)) {
    if (first.done) continue;
    yield first.value;
    yield* list;
  }
}
