/** Marks a piece that stands as JSON because UTF-8 or lines could not carry it as it is. */
const QUOTED = "\u0001";

/** A piece as one line of a spool, its `\n` included; any text survives, lone surrogates and newlines, too. */
export function frame(piece: string): string {
  const plain = piece.isWellFormed() && !piece.includes("\n") && !piece.startsWith(QUOTED);
  return (plain ? piece : QUOTED + JSON.stringify(piece)) + "\n";
}

/** The pieces of whole lines that {@linkcode frame} made. */
export function* unframe(lines: string): Generator<string, void, undefined> {
  let from = 0;
  for (let to = lines.indexOf("\n"); to >= 0; to = lines.indexOf("\n", from)) {
    const line = lines.slice(from, to);
    from = to + 1;
    // What follows the mark was written by `frame`: the JSON of a string.
    yield line.startsWith(QUOTED) ? String(JSON.parse(line.slice(QUOTED.length))) : line;
  }
}
