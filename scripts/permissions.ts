/** The permissions that azml runs with: those that the README names, never `-A`. */
export const PERMISSIONS = [
  "--allow-net",
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-sys",
  "--allow-run=az",
] as const;
