/** An experiment as run history and MLflow know it. */
export interface Experiment {
  readonly experimentId: string;
  name: string;
  description: string | null;
  readonly createdUtc: string;
  lastModifiedUtc: string;
  tags: Record<string, string>;
  archived: boolean;
  artifactLocation: string | null;
}
