import { lingui } from "@lingui/vite-plugin";
import babel from "@rolldown/plugin-babel";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { lengthen } from "./lengthen.ts";

export default defineConfig({
  // The catalogues are compiled where they are imported. What is missing in one is said in English; `npm run check` tells.
  plugins: [
    babel({ plugins: ["@lingui/babel-plugin-lingui-macro"], include: /\/src\/.*\.tsx?$/ }),
    react(),
    lingui({ failOnCompileError: true }),
    lengthen("en-XA.po"),
  ],
  // The map's worker is a module; any other format leaves the map blank.
  worker: { format: "es" },
  build: {
    target: "es2022",
    // The map is one lazily loaded chunk of about 1 MB, read from disk and never from a network.
    chunkSizeWarningLimit: 1500,
  },
});
