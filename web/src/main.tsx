import { createRouter, RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { preferredLanguage, startI18n } from "./i18n";
import { routeTree } from "./route-tree.gen";
import "./styles/index.css";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");

const router = createRouter({ routeTree });

await startI18n(preferredLanguage());
createRoot(root).render(
  <StrictMode>
    <RouterProvider router={router} />
  </StrictMode>,
);
