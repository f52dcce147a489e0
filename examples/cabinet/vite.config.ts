import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** Where the API listens while `npm run dev` serves the pages: `make demo` by default. */
const api = process.env.LK_API ?? "http://127.0.0.1:8000";
const paths = ["/graphql", "/uploads", "/files", "/calendar", "/dev"];

/** Browsers read JSON faster than objects in a script, and there are documents of 20 pages. */
const documentsAsJson: Plugin = {
  name: "documents-as-json",
  enforce: "pre",
  transform(code, id) {
    if (!id.endsWith("/generated/graphql.ts")) return undefined;
    const documents = /^(export const \w+) = (\{"kind":"Document".*\}) as unknown as (.*);$/gm;
    return code.replace(documents, (_, start, json, type) => {
      return `${start} = /*#__PURE__*/ JSON.parse(${JSON.stringify(json)}) as ${type};`;
    });
  },
};

export default defineConfig({
  plugins: [documentsAsJson, react()],
  build: { target: "es2022", reportCompressedSize: true },
  server: {
    // The page's own `Host` is passed on (no `changeOrigin`), so the API sees one origin, and the
    // cookie of the session stays the page's.
    proxy: Object.fromEntries(paths.map((path) => [path, { target: api, ws: path === "/graphql" }])),
  },
});
