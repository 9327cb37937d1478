import assert from "node:assert/strict";
import { spoolMaker } from "../../../src/archive/spool.ts";
import { SpoolFile, type SpoolHandle } from "../../../src/archive/spool_file.ts";
import { Failure } from "../../../src/records/failure.ts";
import type { Spool } from "../../../src/stages/ports.ts";

async function all(spool: Spool): Promise<string[]> {
  return await Array.fromAsync(spool.read());
}

async function inFolder(work: (dir: string) => Promise<void>): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    await work(dir);
    assert.deepEqual([...Deno.readDirSync(dir)], [], "something was left behind");
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

const PIECES = [
  "a",
  "",
  '{"é":"😀"}',
  "\ufeffmark",
  "two\nlines",
  "\u0001first",
  "lone \ud83d",
  "\r",
  "z".repeat(300),
];

for (const memoryLimit of [0, 5, 100, 200_000, undefined]) {
  Deno.test(`gives back every piece in order, with ${memoryLimit ?? "the usual"} bytes of memory`, async () => {
    await inFolder(async (dir) => {
      const spool = spoolMaker({ dir, ...(memoryLimit === undefined ? {} : { memoryLimit }) })();
      const wanted: string[] = [];
      for (let i = 0; i < 300; i++) {
        for (const piece of PIECES) {
          await spool.append(piece + i);
          wanted.push(piece + i);
        }
      }
      assert.equal(spool.size, wanted.length);
      assert.deepEqual(await all(spool), wanted);
      assert.deepEqual(await all(spool), wanted);
      await spool.append("after");
      assert.deepEqual(await all(spool), [...wanted, "after"]);
      await spool.close();
      await spool.close();
    });
  });
}

Deno.test("an empty spool gives nothing and makes no file", async () => {
  const spool = spoolMaker({ memoryLimit: 0, dir: "/there/is/no/such/folder" })();
  assert.deepEqual(await all(spool), []);
  assert.equal(spool.size, 0);
  await spool.close();
});

Deno.test("what comes while reading belongs to the next reading", async () => {
  await inFolder(async (dir) => {
    const spool = spoolMaker({ memoryLimit: 10, dir })();
    for (let i = 0; i < 20; i++) await spool.append(`piece ${i}`);
    const seen: string[] = [];
    for await (const piece of spool.read()) {
      seen.push(piece);
      await spool.append(`late ${piece}`);
    }
    assert.equal(seen.length, 20);
    assert.equal((await all(spool)).length, 40);
    await spool.close();
  });
});

Deno.test("two readings at once do not disturb each other", async () => {
  await inFolder(async (dir) => {
    const spool = spoolMaker({ memoryLimit: 0, dir })();
    const wanted = Array.from({ length: 20_000 }, (_, i) => `piece number ${i}`);
    for (const piece of wanted) await spool.append(piece);
    const [a, b] = await Promise.all([all(spool), all(spool)]);
    assert.deepEqual(a, wanted);
    assert.deepEqual(b, wanted);
    await spool.close();
  });
});

Deno.test("appends that nobody waited for keep their order", async () => {
  await inFolder(async (dir) => {
    const spool = spoolMaker({ memoryLimit: 0, dir })();
    const wanted = Array.from({ length: 500 }, (_, i) => `piece ${i}`);
    await Promise.all(wanted.map((piece) => spool.append(piece)));
    assert.deepEqual(await all(spool), wanted);
    await spool.close();
  });
});

Deno.test("the file is the owner's alone, and has no name on a system that allows it", async () => {
  const dir = await Deno.makeTempDir();
  const spool = spoolMaker({ memoryLimit: 0, dir })();
  await spool.append("x");
  const names = [...Deno.readDirSync(dir)].map((entry) => entry.name);
  for (const name of names) assert.equal((Deno.statSync(`${dir}/${name}`).mode ?? 0) & 0o777, 0o600);
  if (Deno.build.os === "linux") assert.deepEqual(names, []);
  await spool.close();
  await Deno.remove(dir);
});

Deno.test("a folder that is not there is a failure of the disk that says what to do", async () => {
  const spool = spoolMaker({ memoryLimit: 0, dir: "/there/is/no/such/folder" })();
  await assert.rejects(
    spool.append("x"),
    isDiskFailure(/make a temporary file in \/there\/is\/no\/such\/folder/),
  );
  await spool.close();
});

Deno.test("a full disk and a file that was cut are failures of the disk", async () => {
  const handle: SpoolHandle = {
    seek: (offset) => Promise.resolve(offset),
    read: () => Promise.resolve(null),
    write: () => Promise.reject(new Error("No space left on device (os error 28)")),
    close: () => {},
  };
  const full = new SpoolFile(handle, "/tmp/x", () => Promise.resolve());
  await assert.rejects(full.append(Uint8Array.of(1)), isDiskFailure(/write to .*\/tmp\/x: No space left/));
  assert.equal(full.length, 0);
  const cut = new SpoolFile(
    { ...handle, write: (bytes) => Promise.resolve(bytes.length) },
    "/tmp/x",
    () => Promise.resolve(),
  );
  await cut.append(Uint8Array.of(1));
  await assert.rejects(cut.read(0, new Uint8Array(1)), isDiskFailure(/read .*shorter/));
  await cut.close();
});

Deno.test("a write that takes only a part goes on with the rest", async () => {
  const written: number[] = [];
  const handle: SpoolHandle = {
    seek: (offset) => Promise.resolve(offset),
    read: () => Promise.resolve(null),
    write: (bytes) => {
      written.push(...bytes.subarray(0, 2));
      return Promise.resolve(Math.min(2, bytes.length));
    },
    close: () => {},
  };
  const file = new SpoolFile(handle, "/tmp/x", () => Promise.resolve());
  await file.append(Uint8Array.of(1, 2, 3, 4, 5));
  assert.deepEqual(written, [1, 2, 3, 4, 5]);
});

Deno.test("a spool that was closed refuses in words", async () => {
  const spool = spoolMaker()();
  await spool.close();
  await assert.rejects(spool.append("x"), /closed/);
  await assert.rejects(all(spool), /closed/);
});

function isDiskFailure(says: RegExp): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof Failure);
    assert.equal(error.facts.reach, "disk");
    assert.match(error.message, says);
    assert.match(error.facts.hint ?? "", /TMPDIR/);
    return true;
  };
}

Deno.test("the spools of one maker share their memory, and give it back when they are closed", async () => {
  // Where no file can be made, memory is all there is: a piece that finds no room is refused.
  const make = spoolMaker({ memoryLimit: 100, dir: "/there/is/no/such/folder" });
  const [first, second] = [make(), make()];
  await first.append("x".repeat(98));
  assert.deepEqual(await all(first), ["x".repeat(98)]);
  await assert.rejects(second.append("y".repeat(98)).then(() => all(second)), Failure);
  await first.close();
  const third = make();
  await third.append("z".repeat(98));
  assert.deepEqual(await all(third), ["z".repeat(98)]);
  await second.close();
  await third.close();
});
