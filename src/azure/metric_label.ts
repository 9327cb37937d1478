/** What names a metric in the metric service (Azure ML metric v2.0, `MetricV2`): two namespaces may hold one name. */
export interface MetricKey {
  readonly name: string;
  /** Null for nearly all metrics. */
  readonly namespace: string | null;
}

const LABEL = /^namespace:([^/]*)\/(.*)$/s;

/**
 * The one name under which records hold a metric: its own name, or `namespace:<namespace>/<name>` (`/` and `%` of the
 * namespace as `%2F` and `%25`). A metric without a namespace whose own name looks like that gets an empty namespace
 * before it, so no two metrics share a label. {@linkcode metricKeyOf} is the way back.
 */
export function metricLabel({ name, namespace }: MetricKey): string {
  if (namespace === null || namespace === "") return LABEL.test(name) ? `namespace:/${name}` : name;
  return `namespace:${namespace.replaceAll("%", "%25").replaceAll("/", "%2F")}/${name}`;
}

/** The metric that a label stands for. */
export function metricKeyOf(label: string): MetricKey {
  // Labels are asked for each point, and hardly any has a namespace.
  const match = label.startsWith("namespace:") ? LABEL.exec(label) : null;
  const [, namespace = "", name = ""] = match ?? [];
  if (match === null) return { name: label, namespace: null };
  const plain = namespace.replaceAll("%2F", "/").replaceAll("%25", "%");
  return { name, namespace: plain === "" ? null : plain };
}
