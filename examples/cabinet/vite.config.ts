import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync } from "node:zlib";

import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** Where the API listens while `npm run dev` serves the pages: `make demo` by default. */
const api = process.env.LK_API ?? "http://127.0.0.1:8000";
const paths = ["/graphql", "/uploads", "/files", "/calendar", "/dev"];

/**
 * Each generated document as a module of its own, which is loaded with the pages that use it. As JSON,
 * because browsers read that faster than objects in a script.
 */
function documentsApart(): Plugin {
  const scripts = new Map<string, string>();
  const prefix = "document:";
  return {
    name: "documents-apart",
    apply: "build",
    enforce: "pre",
    resolveId: (id) => (id.startsWith(prefix) ? id : undefined),
    load: (id) => (id.startsWith(prefix) ? { code: scripts.get(id)!, moduleSideEffects: false } : undefined),
    transform(code, id) {
      if (!id.endsWith("/generated/graphql.ts")) return undefined;
      return code.replace(/^export const (\w+) = (\{"kind":"Document".*\}) as unknown as .*;$/gm, (_, name, json) => {
        scripts.set(prefix + name, `export const ${name} = /*#__PURE__*/ JSON.parse(${JSON.stringify(json)});`);
        return `export { ${name} } from "${prefix}${name}";`;
      });
    },
  };
}

/** Beside each file its compressed form (`.br`), for web servers that send it to who takes it. */
const compressed: Plugin = {
  name: "compressed",
  apply: "build",
  writeBundle({ dir }) {
    for (const name of readdirSync(dir!, { recursive: true, encoding: "utf8" }))
      if (/\.(html|js|svg)$/.test(name))
        writeFileSync(`${dir}/${name}.br`, brotliCompressSync(readFileSync(`${dir}/${name}`)));
  },
};

export default defineConfig({
  plugins: [documentsApart(), react(), compressed],
  build: { target: "es2022", reportCompressedSize: true },
  server: {
    // The page's own `Host` is passed on (no `changeOrigin`), so the API sees one origin, and the
    // cookie of the session stays the page's.
    proxy: Object.fromEntries(paths.map((path) => [path, { target: api, ws: path === "/graphql" }])),
  },
});
