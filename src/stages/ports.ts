import type { Artifacts } from "../records/artifacts.ts";
import type { AssetKind, AssetRecord } from "../records/asset.ts";
import type { Incomplete, JobRecord } from "../records/job.ts";
import type { Loss } from "../records/loss.ts";
import type { Point } from "../records/point.ts";
import type { MetricTable } from "../records/table.ts";
import type { As, For, UnitRecord } from "../records/unit.ts";

/** What stages need from the outside. The adapters in `azure/`, `mlflow/` and `archive/` provide it. */

/** What was spent on the outside so far. */
export interface Usage {
  /** Requests sent, retries included. */
  readonly calls: number;
  /** Bytes of artifacts moved. */
  readonly bytes: number;
}

/** The few facts of a root that selection looks at, known before its tree is read. */
export type RootFacts = Pick<
  JobRecord,
  "id" | "experiment" | "status" | "type" | "tags" | "archived" | "created_at"
>;

/** Which jobs a source shall give. */
export interface Want {
  /** Only these jobs (of any depth) with their descendants; null for all trees. */
  readonly include: readonly string[] | null;
  readonly archived: "exclude" | "include" | "only";
  /** Whether a root (or an included job) is wanted; its tree comes with it. */
  readonly keep: (root: RootFacts) => boolean;
  /** Deepest depth wanted below each root (0 = the root alone); null for all. */
  readonly maxDepth: number | null;
  /** At most this many trees; null for all. */
  readonly limit: number | null;
}

/** A piece of what a job logged: points of a scalar metric (in logged order), a table, or a part that failed. */
export type MetricPart =
  | { readonly kind: "points"; readonly metric: string; readonly points: readonly Point[] }
  | { readonly kind: "table"; readonly table: MetricTable }
  | { readonly kind: "fault"; readonly fault: Fault };

/** A part of a job that could not be read. */
export interface Fault extends Incomplete {
  readonly retryable: boolean;
  readonly hint?: string;
}

/** A job found in a source: what bulk calls told of it, and how to ask for what costs calls of its own. */
export interface FoundJob {
  /** The record without `metrics`, `more_points`, `tables` and `artifacts`. */
  readonly record: JobRecord;
  /** What could not be read of it so far (its children, its definition ...). */
  readonly faults: readonly Fault[];
  /** Its metrics: whole histories, or the last value of each. */
  metrics(mode: "full" | "last"): AsyncIterable<MetricPart>;
  /**
   * Its files, as far as they can be told, and a fault (part `artifacts`) for what cannot: a size that no listing told
   * is null. Throws `Failure` when nothing of them can be told.
   */
  artifacts(): Promise<{ readonly artifacts: Artifacts; readonly faults: readonly Fault[] }>;
}

/** What a source gives: found jobs in batches, or a word about something that has no record (an id that is not there, a page that could not be read). */
export type Found =
  | { readonly kind: "job"; readonly job: FoundJob }
  | {
    readonly kind: "missing";
    readonly id?: string;
    readonly code: string;
    readonly message: string;
    readonly hint?: string;
    readonly retryable: boolean;
  };

/** Which objects beside the jobs a source shall give. */
export interface AssetWant {
  /** Whether an object is wanted; asked with the whole record, before its files are listed. */
  readonly keep: (record: AssetRecord) => boolean;
  /** Whether a model of this name, and so its versions, is looked at at all. */
  readonly model: (name: string) => boolean;
  /** Deleted experiments (and what lies in them). */
  readonly archived: "exclude" | "include" | "only";
  /** Of each model only the newest version of each stage. */
  readonly latest: boolean;
}

/** An object beside the jobs, found in a source; or a word about one that has no record. */
export type FoundAsset =
  | {
    readonly kind: "asset";
    /** Whole but for `artifacts`. */
    readonly record: AssetRecord;
    readonly faults: readonly Fault[];
    /** Its own files; null when it has none of its own. Throws as {@linkcode FoundJob.artifacts} does. */
    readonly artifacts: FoundJob["artifacts"] | null;
  }
  | Extract<Found, { readonly kind: "missing" }>;

/** What a source gives beside jobs. */
export interface AssetSource {
  /** The kinds that it has, a subset of `ASSET_KINDS`. */
  readonly kinds: readonly AssetKind[];
  /**
   * All objects of some kinds that are listed together: experiments alone, logged models alone, models each followed by
   * its versions in numeric order. Throws `Failure` when it cannot go on at all.
   */
  list(kinds: readonly AssetKind[], want: AssetWant): AsyncIterable<readonly FoundAsset[]>;
  /** What a source saw and azml does not carry yet (`{trace: 12}`), counted; asked when all else was read. */
  leftOut(): Promise<Readonly<Record<string, number>>>;
}

/** A workspace or server to read from. */
export interface Source {
  /** The `source` of its records. */
  readonly id: string;
  /** Whose limits hold for what it holds; where absent, `verify` plans for the world that records come from. */
  readonly world?: For;
  /**
   * Jobs in pre-order, a parent before its children, all of one root together, siblings by creation time and id. What
   * no tree brought (children that lie apart, children of a deleted root) comes behind all trees, one root's together.
   * Throws `Failure` when it cannot go on at all.
   */
  jobs(want: Want): AsyncIterable<readonly Found[]>;
  /**
   * Just the jobs that azml made under these target names, without what hangs below them, in as few calls as the world
   * allows; `id` and `parent` of their records are given as target names. Fields that only a whole tree or a definition
   * tells (`root`, `depth`, `definition`) may be missing. Throws as `jobs` does.
   */
  lookUp(names: readonly string[]): AsyncIterable<readonly Found[]>;
  /** Absent for a world of jobs alone. */
  readonly assets?: AssetSource;
  usage(): Usage;
}

/** An object that is in the target under a name that azml would give. */
export interface FoundRun {
  /** Target name. */
  readonly name: string;
  /** Id in the target, as receipts name it. */
  readonly target: string;
  /** Whether azml's origin tags say that it was made for this very object of this very source. */
  readonly origin: { readonly source: string; readonly id: string } | null;
  /** Digest of the unit that azml finished here last; null when it never finished (cut short, or not azml's). */
  readonly digest: string | null;
  /** How many processes have claimed it for writing, where that was looked at. */
  readonly writers?: number;
}

/** A run that is being written. */
export interface RunWriter {
  /** Id in the target. */
  readonly target: string;
  /**
   * Adds points in logged order. On a run that was there before, points that it already holds are not sent again.
   * `points` of one metric may come in many calls; the adapter cuts them to what the service takes at once.
   */
  points(metric: string, points: readonly Point[]): Promise<void>;
  /** Waits until all points are readable; answers what did not land as it was. */
  pointsDone(): Promise<readonly Loss[]>;
  tables(tables: readonly MetricTable[]): Promise<readonly Loss[]>;
  /** Copies the files and registers them; a file that fails is named and stops nothing. */
  artifacts(artifacts: Artifacts): Promise<ArtifactOutcome>;
  /** One small file of azml's own as the run holds it; null when it is not there, as in a run that was made just now. */
  readFile(path: string): Promise<Uint8Array | null>;
  /** Writes one small file of azml's own and registers it. */
  file(path: string, content: Uint8Array, contentType: string): Promise<void>;
  /** Status, end time, archiving, and last the digest that says that all of it landed. */
  finish(digest: string): Promise<readonly Loss[]>;
}

/** A file that is not in place, and why. */
export interface FailedFile {
  readonly path: string;
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  /** Whether running it again may succeed; it may unless this says no. */
  readonly retryable?: boolean;
}

/** What became of a run's files. */
export interface ArtifactOutcome {
  /** Files that are in place now, and their bytes (also those that were there already). */
  readonly files: number;
  readonly bytes: number;
  readonly failed: readonly FailedFile[];
}

/** What became of an object beside the jobs. */
export interface AssetOutcome {
  /** Id in the target. */
  readonly target: string;
  readonly loss: readonly Loss[];
  /** Steps done, for the receipt, without the first one. */
  readonly steps: readonly string[];
  readonly artifacts: ArtifactOutcome;
}

/** How a target takes objects beside the jobs. */
export interface AssetTarget {
  /** The kinds that it can hold, a subset of `ASSET_KINDS`. */
  readonly kinds: readonly AssetKind[];
  /** Whether versions keep their numbers, so that one that failed holds the next ones up; false when absent. */
  readonly keepsNumbers?: boolean;
  /**
   * Bulk look-up by what the units name (`name`, `version`, ...), answered by target name; what is not there is not in
   * the map. An experiment of the same name counts as azml's own: runs of many sources share it. Never writes.
   */
  find(units: readonly UnitRecord[]): Promise<ReadonlyMap<string, FoundRun>>;
  /** What of a unit is other in the object that stands for it there, as far as that is known without asking. */
  foresee?(unit: UnitRecord, found: FoundRun): readonly Loss[];
  /**
   * Makes the object (`found` is null), or brings it to what the unit says, and last, when all of it landed, leaves the
   * digest behind. What it
   * refers to (`refs`) is looked up by target name; where that is not there, the object is made as well as it goes,
   * with a loss. Safe to repeat. Throws `Failure`.
   */
  carry(unit: UnitRecord, found: FoundRun | null, digest: string): Promise<AssetOutcome>;
  /**
   * Asked once, when nothing more comes: ends what had to wait until all stands, e.g. deletes what was replaced.
   * `isWhole`: all of the input came and nothing of it failed. Never in a dry run. Throws `Failure`.
   */
  settle?(isWhole: boolean): Promise<void>;
}

/** A workspace or server to write to. */
export interface Target {
  readonly id: string;
  /** The way of replaying, and the limits, that suit it when records come without a plan. */
  readonly suits: { readonly as: As; readonly for: For };
  /** Bulk look-up by target name; a name that is not there is not in the map. Never writes. */
  find(names: readonly string[]): Promise<ReadonlyMap<string, FoundRun>>;
  /**
   * What of a unit the target never holds as it is: told in the receipts of units that are left unchanged, so that
   * `verify` finds it there as in those of the run that made them.
   */
  foresee?(unit: UnitRecord): readonly Loss[];
  /**
   * Makes the run (`found` is null) or brings an existing one to what the unit says: name, experiment, parent,
   * description, start time, tags, params. `parent` is null when the unit becomes a root. Safe to repeat.
   */
  open(
    unit: UnitRecord,
    parent: string | null,
    found: FoundRun | null,
  ): Promise<{ readonly run: RunWriter; readonly loss: readonly Loss[] }>;
  /** Absent for a world of runs alone. */
  readonly assets?: AssetTarget;
  usage(): Usage;
}

/** Text that is set aside until it is needed: in memory up to a limit, then in a temporary file. */
export interface Spool {
  /** Adds a piece (one line of text without newline). */
  append(piece: string): Promise<void>;
  /** The pieces in the order they came; may be called again. */
  read(): AsyncIterable<string>;
  /** How many pieces it holds. */
  readonly size: number;
  /** Frees memory and file. */
  close(): Promise<void>;
}

/** Makes spools. */
export type SpoolMaker = () => Spool;

/** Where stages tell people what happens (never on stdout). */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
  /** How far a stage has come; shown on a terminal alone. */
  progress(done: Readonly<Record<string, number>>): void;
}

/** What every stage is given. */
export interface StageContext {
  readonly log: Log;
  /** Aborted by the first Ctrl-C: start nothing new, settle what is under way, end with `complete: false`. */
  readonly signal: AbortSignal;
  readonly spool: SpoolMaker;
}
