import { StrictMode, startTransition } from "react";
import { createRoot } from "react-dom/client";

import { App } from "./app.tsx";

const root = createRoot(document.getElementById("root")!);

// As a transition, React renders in short steps: a slow telephone answers to the finger in between.
startTransition(() =>
  root.render(
    <StrictMode>
      <App />
    </StrictMode>,
  ),
);
