// Starts the app. A file of its own because the content security policy allows no script in the page.
// The program's hashed addresses stand in the page's preload links, so this file never changes with it.
const address = (selector) => document.querySelector(selector)?.href;
const script = address('link[rel="modulepreload"]');
const program = address('link[rel="preload"][as="fetch"]');

const say = (id) => {
  document.getElementById("app")?.replaceChildren();
  document.getElementById(id)?.removeAttribute("hidden");
};

// Loading the page again keeps what stands behind `#`. Without this file there is no button.
for (const button of document.getElementsByClassName("again")) {
  button.addEventListener("click", () => location.reload());
  button.removeAttribute("hidden");
}

if (typeof WebAssembly === "object" && script && program) {
  import(script).then((app) => app.default({ module_or_path: program })).catch((error) => {
    console.error(error);
    // A browser that reads the program and refuses it is too old, or told to refuse; anything else did not arrive.
    const refused = error instanceof WebAssembly.CompileError || error instanceof WebAssembly.LinkError;
    say(refused ? "unsupported" : "unreachable");
  });
} else {
  say("unsupported");
}
