/**
 * Works on the inputs, at most `width` at a time, and gives the results in the order of the inputs. After a piece of
 * work has failed nothing new starts; what is under way settles, then its error is thrown.
 */
export async function inTurns<A, B>(
  inputs: readonly A[],
  width: number,
  work: (input: A) => Promise<B>,
): Promise<B[]> {
  const results: B[] = [];
  let next = 0;
  const errors: unknown[] = [];
  const turn = async () => {
    for (let at = next++; at < inputs.length && errors.length === 0; at = next++) {
      // `at` is below the length, so the input is there, even where it may be undefined itself.
      const input = inputs[at] as A;
      try {
        results[at] = await work(input);
      } catch (error) {
        errors.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(Math.max(1, width), inputs.length) }, turn));
  if (errors.length > 0) throw errors[0];
  return results;
}
