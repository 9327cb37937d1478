import assert from "node:assert/strict";
import { serviceMilliseconds, serviceTime } from "../../../src/azure/service_time.ts";

Deno.test("times come out in UTC with the service's digits", () => {
  const cases: readonly [string | null, string | null][] = [
    ["2023-02-12T04:58:36.9161453+00:00", "2023-02-12T04:58:36.9161453Z"],
    ["2024-05-13T08:37:06.732+00:00", "2024-05-13T08:37:06.732Z"],
    ["2024-05-13T10:37:06.70+02:00", "2024-05-13T08:37:06.70Z"],
    ["2024-01-01T00:30:00-01:30", "2024-01-01T02:00:00Z"],
    ["2024-05-13T08:37:06Z", "2024-05-13T08:37:06Z"],
    ["2024-05-13T08:37:06", "2024-05-13T08:37:06Z"],
    ["0001-01-01T00:00:00+00:00", null],
    ["soon", "soon"],
    [null, null],
  ];
  for (const [given, expected] of cases) assert.equal(serviceTime(given), expected, `${given}`);
});

Deno.test("timestamps are milliseconds, and digits below stay as decimals", () => {
  const second = Date.UTC(2024, 4, 13, 8, 37, 6);
  assert.equal(serviceMilliseconds("2024-05-13T08:37:06.732+00:00"), second + 732);
  assert.equal(serviceMilliseconds("2024-05-13T08:37:06.7+00:00"), second + 700);
  assert.equal(serviceMilliseconds("2024-05-13T08:37:06.7325000Z"), second + 732.5);
  assert.equal(serviceMilliseconds("2024-05-13T10:37:06.05+02:00"), second + 50);
  assert.deepEqual([serviceMilliseconds(null), serviceMilliseconds("soon")], [null, null]);
});
