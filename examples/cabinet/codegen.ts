import type { CodegenConfig } from "@graphql-codegen/cli";

/** Scalars are strings of their own: `Money` can't be added, nor mixed up with a `Quantity`. */
const scalars = Object.fromEntries(
  ["Date", "DateTime", "Money", "Period", "Quantity", "Url"].map((name) => [
    name,
    { input: "string", output: `../scalars#${name === "Date" ? "Day" : name}` },
  ]),
);

export default {
  schema: "../../schema.graphql",
  documents: "src/**/*.graphql",
  generates: {
    "src/api/generated/": {
      preset: "client",
      presetConfig: { fragmentMasking: false },
      config: { scalars: { ...scalars, ID: "string" }, enumsAsTypes: true, useTypeImports: true, strictScalars: true },
    },
    "src/api/generated/possible-types.ts": { plugins: ["fragment-matcher"], config: { module: "es2015" } },
  },
} satisfies CodegenConfig;
