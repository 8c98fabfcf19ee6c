// Starts the app. A file of its own because the content security policy allows no script in the page.
// The program's hashed addresses stand in the page's preload links, so this file never changes with it.
const address = (selector) => document.querySelector(selector)?.href;
const script = address('link[rel="modulepreload"]');
const program = address('link[rel="preload"][as="fetch"]');

const fail = () => {
  document.getElementById("app")?.replaceChildren();
  document.getElementById("unsupported")?.removeAttribute("hidden");
};

if (typeof WebAssembly === "object" && script && program) {
  import(script).then((app) => app.default({ module_or_path: program })).catch((error) => {
    // A panic shows itself in the console; the page still says something.
    console.error(error);
    fail();
  });
} else {
  fail();
}
