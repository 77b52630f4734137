import { QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { client } from "./bridge/queries";
import { speak } from "./parts/language";
import { applyTheme } from "./parts/theme";
import { App } from "./shell/App";
import "./parts/tokens.css";
import "./parts/base.css";
import "./shell/shell.css";
import "./parts/contrast.css";

applyTheme();
const root = document.getElementById("root");
if (root) void speak().then(() => createRoot(root).render(<QueryClientProvider client={client}><App /></QueryClientProvider>));
