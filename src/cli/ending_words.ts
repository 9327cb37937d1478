/** What an exit code says that no failure has said yet, for a last line on stderr. */
export const ENDING_WORDS: Readonly<Record<number, string>> = {
  3: "finished, but not everything went through: see the error records and receipts on stdout (exit 3)",
  6: "differences were found: see the diff records on stdout (exit 6)",
  7: "the input held no azml record (exit 7); with --allow-empty that is no failure",
};
