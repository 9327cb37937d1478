import { fileURLToPath } from "node:url";

/** Major release of MLflow; which one exactly, `requirements/` says. */
export type Release = 2 | 3;

/** Beside the servers: the peer that the bench runs against. */
type Library = Release | "peer";

const REQUIREMENTS: Readonly<Record<Library | "base", string>> = {
  base: "base.txt",
  2: "mlflow2.txt",
  3: "mlflow3.txt",
  peer: "peer.txt",
};

/**
 * A folder with a Python of its own: one set of packages for all releases of MLflow, each release beside it, so that
 * scikit-learn and its like are there once. It is kept for the next run; `AZML_INTEROP_FOLDER` names another place.
 */
export class Python {
  private constructor(readonly folder: string) {}

  /** Makes the folder when it is not there yet. Throws with a clear text on a machine without Python or pip. */
  static async ready(): Promise<Python> {
    const python = new Python(Deno.env.get("AZML_INTEROP_FOLDER") ?? `${await temporary()}/azml-interop`);
    await Deno.mkdir(python.folder, { recursive: true });
    await python.exclusive("python", async () => {
      const wanted = await Deno.readTextFile(requirements("base"));
      if (await read(`${python.folder}/base.txt`) === wanted) return;
      await run("python3", ["-m", "venv", "--clear", `${python.folder}/venv`]);
      await python.#install("base", []);
      await Deno.writeTextFile(`${python.folder}/base.txt`, wanted);
    });
    return python;
  }

  /** Path of the interpreter. */
  get executable(): string {
    return `${this.folder}/venv/bin/python`;
  }

  /** What a program needs of its environment to import a release, or several libraries; installs them when they lack. */
  async environment(...libraries: readonly Library[]): Promise<Record<string, string>> {
    for (const library of libraries) {
      await this.exclusive(`library-${library}`, async () => {
        const place = `${this.folder}/${library}`;
        const wanted = await Deno.readTextFile(requirements(library));
        if (await read(`${place}.txt`) === wanted) return;
        await Deno.remove(place, { recursive: true }).catch(() => {});
        await this.#install(library, ["--target", place]);
        await Deno.writeTextFile(`${place}.txt`, wanted);
      });
    }
    return {
      PATH: `${this.folder}/venv/bin:${Deno.env.get("PATH") ?? ""}`,
      PYTHONPATH: libraries.map((library) => `${this.folder}/${library}`).join(":"),
      PYTHONDONTWRITEBYTECODE: "",
      GIT_PYTHON_REFRESH: "quiet",
      MLFLOW_DISABLE_TELEMETRY: "true",
      // Without it MLflow 3.17 starts about eight processes for jobs.
      MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false",
    };
  }

  /** Runs a program of this folder's Python, and gives what it wrote to stdout. Throws when it fails. */
  async script(release: Release, name: string, ...args: readonly string[]): Promise<string> {
    const path = fileURLToPath(new URL(name, import.meta.url));
    // Clients that are not told a server make a database where they stand.
    return await run(this.executable, [path, ...args], await this.environment(release), this.folder);
  }

  /** Lets one process at a time do something that is kept in the folder. */
  async exclusive<T>(name: string, work: () => Promise<T>): Promise<T> {
    using lock = await Deno.open(`${this.folder}/${name}.lock`, { create: true, write: true });
    await lock.lock(true);
    return await work();
  }

  async #install(library: Library | "base", where: readonly string[]): Promise<void> {
    // Every package is listed, so that pip neither resolves nor brings what no test needs (pyarrow alone: 160 MB).
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"];
    await run(this.executable, [...pip, ...where, "--requirement", requirements(library)]);
  }
}

function requirements(library: Library | "base"): string {
  return fileURLToPath(new URL(`requirements/${REQUIREMENTS[library]}`, import.meta.url));
}

async function temporary(): Promise<string> {
  const probe = await Deno.makeTempDir();
  await Deno.remove(probe);
  return probe.slice(0, probe.lastIndexOf("/"));
}

async function read(path: string): Promise<string | null> {
  return await Deno.readTextFile(path).catch(() => null);
}

async function run(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  cwd = "/",
): Promise<string> {
  const command = new Deno.Command(program, { args: [...args], env, cwd, stdin: "null" });
  const { success, stdout, stderr } = await command.output().catch((error: unknown) => {
    throw new Error(`the interop suite needs python3 (3.10 or newer) with venv and pip: ${error}`);
  });
  const said = new TextDecoder().decode(stderr).trim();
  if (!success && args.includes("venv")) {
    throw new Error(`the interop suite needs python3 with venv and pip: ${said}`);
  }
  if (!success) throw new Error(`${program} ${args.join(" ")} failed: ${said}`);
  return new TextDecoder().decode(stdout);
}
