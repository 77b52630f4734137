import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  // The map's worker is a module; any other format leaves the map blank.
  worker: { format: "es" },
  build: {
    target: "es2022",
    // The map is one lazily loaded chunk of about 1 MB, read from disk and never from a network.
    chunkSizeWarningLimit: 1500,
  },
});
