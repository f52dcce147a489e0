import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where the API listens while `npm run dev` serves the pages: `make demo` by default. */
const api = process.env.LK_API ?? "http://127.0.0.1:8000";
const paths = ["/graphql", "/uploads", "/files", "/calendar", "/dev"];

export default defineConfig({
  plugins: [react()],
  build: { target: "es2022", reportCompressedSize: true },
  server: {
    // The page's own `Host` is passed on (no `changeOrigin`), so the API sees one origin, and the
    // cookie of the session stays the page's.
    proxy: Object.fromEntries(paths.map((path) => [path, { target: api, ws: path === "/graphql" }])),
  },
});
