// Runs before the first paint, so that a saved theme does not flash. A file, because the content
// security policy refuses inline scripts.
try {
  const theme = localStorage.getItem("realms.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be switched off: the system's theme it is.
}
