import { anExperiment, aRun, type CallScenario, get, post, type ServerKind, type Step } from "./step.ts";

const AJAX = "/ajax-api/2.0/mlflow/upload-artifact";
const PROXY = "/api/2.0/mlflow-artifacts/artifacts";

const put = (name: string, path: string, text: string): Step => ({
  name,
  method: "PUT",
  path: `${PROXY}/<experiment>/<run>/artifacts/${path}`,
  text,
  headers: { "content-type": "application/octet-stream" },
});
const read = (name: string, path: string, headers: Record<string, string> = {}): Step => ({
  name,
  method: "GET",
  path: `${PROXY}/<experiment>/<run>/artifacts/${path}`,
  headers,
  show: ["content-range", "content-disposition", "content-type", "content-length"],
});
const download = (name: string, path: string, headers: Record<string, string> = {}): Step => ({
  name,
  method: "GET",
  path: "/get-artifact",
  query: { path, run_uuid: "<run>" },
  headers,
  show: ["content-range", "content-disposition", "content-type", "content-length"],
});
const upload = (name: string, path: string, text: string): Step => ({
  name,
  method: "POST",
  path: AJAX,
  query: { run_uuid: "<run>", path },
  text,
  headers: { "content-type": "application/octet-stream" },
});

const shared = (kind: ServerKind): readonly Step[] => [
  anExperiment(`artifacts-${kind}`),
  aRun("run"),
  get("nothing yet", "artifacts/list", { run_id: "<run>" }),
  upload("upload", "up/a.txt", "hello"),
  upload("upload a name with %", "up/p%25.txt", "percent"),
  upload("upload a name with letters", "up/ü.txt", "letters"),
  upload("upload a name with #", "up/a#b.txt", "hash"),
  upload("upload a dotted name", "../x.txt", "out"),
  upload("upload an empty file", "up/empty", ""),
  get("list", "artifacts/list", { run_id: "<run>" }),
  get("list a folder", "artifacts/list", { run_id: "<run>", path: "up" }),
  get("list a file", "artifacts/list", { run_id: "<run>", path: "up/a.txt" }),
  get("list nothing", "artifacts/list", { run_id: "<run>", path: "nobody" }),
  get("list a dotted path", "artifacts/list", { run_id: "<run>", path: "../x" }),
  get("list of no run", "artifacts/list", { run_id: "nobody" }),
  download("get", "up/a.txt"),
  download("get letters", "up/ü.txt"),
  download("get a part", "up/a.txt", { range: "bytes=1-3" }),
  { ...download("get what is not there", "up/none"), statusOnly: true },
  { ...download("get a folder", "up"), statusOnly: true },
  put("put by proxy", "proxy/b%20c.bin", "proxied bytes"),
  { ...put("put %25", "proxy/p%25.txt", "percent"), statusOnly: true },
  { ...put("put %2525", "proxy/q%2525.txt", "twice"), statusOnly: true },
  { ...put("put #", "proxy/a%23b.txt", "hash"), statusOnly: true },
  { ...put("put letters", "proxy/%C3%BC.txt", "letters"), statusOnly: true },
  { ...put("put an empty file", "proxy/empty", ""), statusOnly: true },
  read("read by proxy", "proxy/b%20c.bin"),
  read("read a part by proxy", "proxy/b%20c.bin", { range: "bytes=2-4" }),
  { ...read("read what is not there", "proxy/none"), statusOnly: true },
  read("read letters by proxy", "proxy/%C3%BC.txt"),
  {
    name: "list by proxy",
    method: "GET",
    path: PROXY,
    query: { path: "<experiment>/<run>/artifacts/proxy" },
  },
  {
    name: "list nothing by proxy",
    method: "GET",
    path: PROXY,
    query: { path: "<experiment>/<run>/artifacts/none" },
  },
  get("all in the end", "artifacts/list", { run_id: "<run>", path: "proxy" }),
  { ...read("delete by proxy", "proxy/b%20c.bin"), method: "DELETE" },
  post("delete the run", "runs/delete", { run_id: "<run>" }),
  download("get from a deleted run", "up/a.txt"),
];

/** Artifacts of a server that passes bytes on. */
export const artifacts: CallScenario = { name: "artifacts", server: "proxied", steps: shared("proxied") };

/** Artifacts of a server started with `--no-serve-artifacts`. */
export const unproxied: CallScenario = { name: "unproxied", server: "unproxied", steps: shared("unproxied") };
