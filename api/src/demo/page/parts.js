// What phones and the mailbox are made of. Markup is never made from text.

const links = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)]/g;

// element("p", { class: "x", text: "y", onclick: f }, child, …)
export function element(name, fields = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(fields)) {
    if (key === "text") made.textContent = value;
    else if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

// Links open in a tab of their own: the page stays as it is.
export function withLinks(parent, text) {
  let from = 0;
  for (const match of text.matchAll(links)) {
    const link = element("a", { href: match[0], target: "_blank", rel: "noopener noreferrer", text: match[0] });
    parent.append(text.slice(from, match.index), link);
    from = match.index + match[0].length;
  }
  parent.append(text.slice(from));
  return parent;
}

export function day(date) {
  const today = new Date();
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (date.toDateString() === today.toDateString()) return "Today";
  if (date.toDateString() === yesterday.toDateString()) return "Yesterday";
  return date.toLocaleDateString(undefined, { weekday: "short", month: "short", day: "numeric" });
}

export const hour = (date) => date.toLocaleTimeString(undefined, { hour: "numeric", minute: "2-digit" });

export function clock(at, format = hour) {
  const date = new Date(at);
  return element("time", { datetime: at, title: date.toLocaleString(), text: format(date) });
}

// +15550100142 as people write it; others stay as they are.
export function spoken(number) {
  const parts = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  return parts ? `(${parts[1]}) ${parts[2]}-${parts[3]}` : number;
}

// Makes the list's rows these, by key: those that stay are not touched, so that focus and what is typed stay too.
export function reconcile(list, rows) {
  const known = new Map([...list.children].map((row) => [row.dataset.key, row]));
  const wanted = rows.map(({ key, make }) => {
    const row = known.get(key) ?? make();
    row.dataset.key = key;
    return row;
  });
  const kept = new Set(wanted);
  for (const row of [...list.children]) if (!kept.has(row)) row.remove();
  wanted.forEach((row, place) => {
    if (list.children[place] !== row) list.insertBefore(row, list.children[place] ?? null);
  });
}

// Options by group; redrawn only when they differ, for an open list would close.
export function choices(select, groups, value) {
  const state = JSON.stringify(groups);
  if (select.dataset.state !== state) {
    select.dataset.state = state;
    const parts = groups.filter(({ options }) => options.length).map(({ label, options }) => {
      const made = options.map(([text, value]) => new Option(text, value));
      return label ? element("optgroup", { label }, ...made) : made;
    });
    select.replaceChildren(...parts.flat());
  }
  select.disabled = !select.options.length;
  if (value !== null) select.value = value;
}

async function post(path, body) {
  let answer;
  try {
    const headers = { "Content-Type": "application/json" };
    answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  } catch {
    return "The demo does not answer. Nothing was sent.";
  }
  if (answer.ok) return null;
  const problem = await answer.json().catch(() => ({}));
  const said = problem.errors?.[0]?.detail ?? problem.detail ?? "That did not work.";
  return `${said[0].toUpperCase()}${said.slice(1)}.`.replace("..", ".");
}

// Both say what went wrong, or nothing.
export const answer = (channel, from, to, body) => post("/api/demo/inbound", { channel, from, to, body });
export const setFault = (channel, to, fault) => post("/api/demo/faults", { channel, to, ...(fault && { fault }) });

export const troubles = {
  gateway_down: "A text did not get through: the gateway was down. Sealpost tries again by itself.",
  undeliverable: "A text could not be delivered here. The desk says why and what to do.",
  mail_refused: "The mail server refused an email. The desk says why and what to do.",
};

// A button that makes the next one fail; pressed while it waits, and pressed again it does not.
export function faultButton(text, fault, press) {
  return element("button", { type: "button", class: "tool", "aria-pressed": "false", "data-fault": fault, text, onclick: press });
}

// A field and its button; `send` gives back what went wrong. What is typed stays until it was taken.
export function replyForm({ id, label, button, enterSends, send }) {
  const field = element("textarea", { id, rows: enterSends ? "1" : "3", "aria-label": label, placeholder: label, maxlength: "10000" });
  const submit = element("button", { class: "send", text: button });
  const problem = element("p", { class: "problem", role: "alert" });
  const form = element("form", { class: "reply" }, field, submit, problem);
  const go = async () => {
    const text = field.value.trim();
    if (!text || submit.getAttribute("aria-disabled")) return field.focus();
    submit.setAttribute("aria-disabled", "true");
    const wrong = await send(text);
    submit.removeAttribute("aria-disabled");
    problem.textContent = wrong ?? "";
    if (!wrong && field.value.trim() === text) field.value = "";
    field.focus();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go();
  });
  field.addEventListener("keydown", (event) => {
    const enter = event.key === "Enter" && !event.isComposing;
    if (enter && (enterSends ? !event.shiftKey : event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      go();
    }
  });
  const name = (label, short) => {
    field.setAttribute("aria-label", label);
    field.placeholder = short;
  };
  return { form, field, problem, name };
}
