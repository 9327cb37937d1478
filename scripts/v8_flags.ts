/**
 * How V8 is told to keep house, in the demo, in the bench and inside the compiled binary: the same as in the README.
 * Left alone it lets young objects pile up to 48 MB and the heap grow to a multiple of what is in use, which takes
 * `submit` from 110 MB to 280 MB and gains nothing: azml waits for services, and the offline stages are no slower.
 */
export const V8_FLAGS = "--v8-flags=--max-semi-space-size=4,--heap-growing-percent=50";
