import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { preferredLanguage, startI18n } from "./i18n";
import { StartPage } from "./start/start-page";
import "./styles/index.css";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");

await startI18n(preferredLanguage());
createRoot(root).render(
  <StrictMode>
    <StartPage />
  </StrictMode>,
);
