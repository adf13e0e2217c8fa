import { createFileRoute } from "@tanstack/react-router";

import { ForgotPage } from "@/auth/forgot-page";

export const Route = createFileRoute("/_public/forgot")({ component: ForgotPage });
