import { type LimitName, limitOf, LIMITS } from "../records/limits.ts";
import type { Loss } from "../records/loss.ts";
import type { For } from "../records/unit.ts";
import { cutText } from "../records/well_formed.ts";
import { fitKey } from "./plan_key.ts";

/** Which limits hold for a map of strings. */
interface MapLimits {
  readonly key: LimitName;
  readonly value: LimitName;
  /** How many entries there is room for. */
  readonly room: number;
}

/** Makes the values of one job fit a target world, and notes each that had to give. */
export class Fitting {
  readonly world: For;
  readonly loss: Loss[] = [];

  constructor(world: For) {
    this.world = world;
  }

  /** A text cut to its limit; a cut never splits a code point. */
  text(field: string, value: string, limit: LimitName): string {
    const max = limitOf(this.world, limit);
    if (value.length <= max) return value;
    const reason = `longer than the ${max} characters that ${this.world} takes`;
    this.loss.push({ field, change: "truncated", reason, original: value });
    return cutText(value, max);
  }

  /** A value that is kept elsewhere. Without `original`, `azml/original.json` holds it among the rest. */
  moved(field: string, reason: string, original?: string): void {
    this.loss.push({ field, change: "moved", reason, ...(original === undefined ? {} : { original }) });
  }

  /** Entries of a map that fit; those past `room`, in the order of the map, are moved. */
  strings(
    field: string,
    values: Readonly<Record<string, string>>,
    limits: MapLimits,
  ): Record<string, string> {
    const fitted: Record<string, string> = {};
    const [keyMax, valueMax] = [limitOf(this.world, limits.key), limitOf(this.world, limits.value)];
    const takesAnyName = LIMITS[this.world].names === null;
    let left = limits.room;
    for (const key of Object.keys(values)) {
      const value = values[key] ?? "";
      if (left-- <= 0) {
        this.moved(`${field}.${key}`, `${this.world} takes no more ${field}`, value);
        continue;
      }
      // Nearly every entry fits: what it is called in a loss is made up only for the others.
      const name = takesAnyName && key.length <= keyMax ? key : this.key(field, key, limits.key);
      const text = value.length <= valueMax ? value : this.text(`${field}.${key}`, value, limits.value);
      setOwn(fitted, name, text);
    }
    return fitted;
  }

  /** The name of a tag, param or metric as the target takes it. */
  key(field: string, key: string, limit: LimitName): string {
    const fitted = fitKey(this.world, limit, key);
    if (fitted.reason !== null) {
      this.loss.push({ field: `${field}.${key}`, change: "renamed", reason: fitted.reason, original: key });
    }
    return fitted.key;
  }
}

/** Sets a key that comes from outside, `__proto__` included, as a plain field. */
export function setOwn<T>(map: Record<string, T>, key: string, value: T): void {
  if (key !== "__proto__") map[key] = value;
  else Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
}
