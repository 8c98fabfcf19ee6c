// The reference: Swagger UI over this installation's own document.
const shown = document.querySelector("#reference");

// Sessions are cookies, which no form can send: here only keys are offered.
function forKeys(spec) {
  const schemes = Object.entries(spec.components.securitySchemes);
  const names = schemes.filter(([, scheme]) => scheme.in === "cookie").map(([name]) => name);
  for (const item of Object.values(spec.paths)) {
    for (const operation of Object.values(item)) {
      operation.security = operation.security.filter((need) => !Object.keys(need).some((name) => names.includes(name)));
    }
  }
  for (const name of names) delete spec.components.securitySchemes[name];
  return spec;
}

function sent(request) {
  const url = new URL(request.url, location.href);
  if (url.origin !== location.origin) throw new Error("The reference calls this installation only.");
  // A key beside somebody's session is refused; here the key counts.
  request.credentials = "omit";
  if (request.method === "POST" && !request.headers["Idempotency-Key"]) {
    request.headers["Idempotency-Key"] = crypto.randomUUID();
  }
  return request;
}

// The viewer's parts in the page's own frame: one heading, one main landmark, no button inside a button.
function house({ React }) {
  const layout = ({ getComponent }) => {
    const part = (name, contained = true) => React.createElement(getComponent(name, contained), { key: name });
    const tools = React.createElement("div", { className: "tools", key: "tools" },
      part("FilterContainer"), part("AuthorizeBtnContainer"));
    return React.createElement("div", { className: "swagger-ui" },
      [part("SvgAssets", false), part("errors"), tools, part("operations"), part("Models")]);
  };
  const plain = () => ({ text }) => React.createElement("span", null, text);
  return { components: { HouseLayout: layout }, wrapComponents: { DeepLink: plain } };
}

// What the viewer leaves out for those who use a keyboard or a screen reader.
const lacking = [
  [".highlight-code > *, .highlight-code pre, pre.microlight", "tabindex", "0"],
  [".close-modal", "aria-label", "Close"],
  [".examples-select-element", "aria-label", "Example"],
  ["textarea.body-param__text", "aria-label", "Request body"],
];
new MutationObserver(() => {
  for (const [which, name, value] of lacking) {
    for (const part of shown.querySelectorAll(`:is(${which}):not([${name}])`)) part.setAttribute(name, value);
  }
}).observe(shown, { childList: true, subtree: true });

const dark = matchMedia("(prefers-color-scheme: dark)");
const dress = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", dress);
dress();

try {
  const answer = await fetch("/openapi.json");
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  SwaggerUIBundle({
    spec: forKeys(await answer.json()),
    domNode: shown,
    layout: "HouseLayout",
    plugins: [house],
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    defaultModelExpandDepth: 2,
    displayRequestDuration: true,
    filter: true,
    persistAuthorization: false,
    requestInterceptor: sent,
    syntaxHighlight: { activated: true, theme: "agate" },
    validatorUrl: null,
  });
} catch (error) {
  shown.textContent = `The document could not be read (${error.message}). It is at /openapi.json.`;
}
