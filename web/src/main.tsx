import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";

import { createQueryClient } from "./api/query-client";
import { preferredLanguage, startI18n } from "./i18n";
import { createPages } from "./router";
import { keepSession } from "./session/keep-session";
import "./styles/index.css";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");

const queryClient = createQueryClient();
const pages = createPages(queryClient);
keepSession(queryClient, pages);

await startI18n(preferredLanguage());
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <Suspense>
        <RouterProvider router={pages} />
      </Suspense>
    </QueryClientProvider>
  </StrictMode>,
);
