/**
 * The house rules as a lint plugin: small rooms (files of at most 300 lines, functions of at most 60), and a doc
 * comment on every export. Exceptions stand in `exceptions.ts`, each with its reason.
 */
import { FILE_EXCEPTIONS, FUNCTION_EXCEPTIONS } from "./exceptions.ts";

const FILE_LINES = 300;
const FUNCTION_LINES = 60;

const inProduct = (file: string) => /(^|[\\/])(src|scripts)[\\/]|(^|[\\/])main\.ts$/.test(file);
const relative = (file: string) =>
  file.replaceAll("\\", "/").replace(/^.*\/((?:src|scripts)\/.*|main\.ts)$/, "$1");
const lines = (text: string) => text.split("\n").length;

function sizeOf(context: Deno.lint.RuleContext, range: Deno.lint.Range): number {
  return lines(context.sourceCode.text.slice(range[0], range[1]));
}

function checkFunction(context: Deno.lint.RuleContext, node: Deno.lint.Node, name: string): void {
  if (!inProduct(context.filename)) return;
  const size = sizeOf(context, node.range);
  const key = `${relative(context.filename)}:${name}`;
  if (size <= FUNCTION_LINES || key in FUNCTION_EXCEPTIONS) return;
  context.report({
    node,
    message: `Function "${name}" has ${size} lines, the house allows ${FUNCTION_LINES}`,
  });
}

function checkDoc(context: Deno.lint.RuleContext, node: Deno.lint.Node, what: string): void {
  if (!inProduct(context.filename)) return;
  const before = context.sourceCode.text.slice(0, node.range[0]).trimEnd();
  if (before.endsWith("*/")) return;
  context.report({ node, message: `Exported ${what} has no doc comment right above it` });
}

const plugin: Deno.lint.Plugin = {
  name: "house",
  rules: {
    "file-size": {
      create: (context) => ({
        "Program:exit"(node) {
          const size = lines(context.sourceCode.text);
          if (!inProduct(context.filename) || size <= FILE_LINES + 1) return;
          if (relative(context.filename) in FILE_EXCEPTIONS) return;
          context.report({ node, message: `File has ${size} lines, the house allows ${FILE_LINES}` });
        },
      }),
    },
    "function-size": {
      create: (context) => ({
        FunctionDeclaration: (node) => checkFunction(context, node, node.id?.name ?? "default"),
        MethodDefinition: (node) =>
          checkFunction(context, node, node.key.type === "Identifier" ? node.key.name : "method"),
        ArrowFunctionExpression: (node) => checkFunction(context, node, "arrow"),
        FunctionExpression: (node) => checkFunction(context, node, node.id?.name ?? "function"),
      }),
    },
    "export-doc": {
      create: (context) => ({
        ExportNamedDeclaration(node) {
          if (node.declaration) checkDoc(context, node, node.declaration.type);
        },
        ExportDefaultDeclaration: (node) => checkDoc(context, node, "default"),
      }),
    },
  },
};

/** The plugin, as `deno lint` loads it. */
export default plugin;
