// Shows what the demo caught, and looks for more. Markup is never made from text.
"use strict";

const LOOK_EVERY_MS = 1500;
const links = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)]/g;
const shown = [null, null]; // the number on each phone
const picked = [false, false]; // by a person, not by what arrived
const seen = new Set();
let state = "";
let first = true;

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function withLinks(parent, text) {
  let from = 0;
  for (const match of text.matchAll(links)) {
    parent.append(text.slice(from, match.index));
    const link = element("a", "", match[0]);
    link.href = match[0];
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    parent.append(link);
    from = match.index + match[0].length;
  }
  parent.append(text.slice(from));
}

function day(date) {
  const today = new Date();
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (date.toDateString() === today.toDateString()) return "Today";
  if (date.toDateString() === yesterday.toDateString()) return "Yesterday";
  return date.toLocaleDateString(undefined, { weekday: "short", month: "short", day: "numeric" });
}

function clock(item, format) {
  const date = new Date(item.created_at);
  const time = element("time", "", format(date));
  time.dateTime = item.created_at;
  time.title = date.toLocaleString();
  return time;
}

const hour = (date) => date.toLocaleTimeString(undefined, { hour: "numeric", minute: "2-digit" });

// +15550100142 as people write it; others stay as they are.
function spoken(number) {
  const parts = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number);
  return parts ? `(${parts[1]}) ${parts[2]}-${parts[3]}` : number;
}

// A number that just got a text is shown, on the phone whose last text is older, unless a person chose.
function place(numbers, texts) {
  const newest = (number) => texts.findIndex((item) => item.to === number);
  for (const number of numbers) {
    if (shown.includes(number)) continue;
    const empty = shown.indexOf(null);
    const fresh = texts.some((item) => item.to === number && !seen.has(item.id));
    if (empty >= 0) {
      shown[empty] = number;
    } else if (fresh && !first) {
      const free = [0, 1].filter((phone) => !picked[phone]);
      free.sort((a, b) => newest(shown[b]) - newest(shown[a]));
      if (free.length) shown[free[0]] = number;
    }
  }
}

function drawPhone(phone, numbers, texts) {
  const select = document.querySelector(`[data-phone="${phone}"]`);
  select.replaceChildren(...numbers.map((number) => new Option(spoken(number), number)));
  select.disabled = numbers.length === 0;
  if (shown[phone]) select.value = shown[phone];
  const list = document.querySelector(`[data-texts="${phone}"]`);
  const mine = texts.filter((item) => item.to === shown[phone]).reverse();
  const rows = [];
  let last = "";
  for (const item of mine) {
    const today = day(new Date(item.created_at));
    if (today !== last) rows.push(element("li", "day", (last = today)));
    const row = element("li", "text" + (first || seen.has(item.id) ? "" : " new"));
    withLinks(row, item.body);
    row.append(clock(item, hour));
    rows.push(row);
  }
  if (!rows.length) rows.push(element("li", "empty", "No texts yet. Send one from the staff desk."));
  list.replaceChildren(...rows);
  list.scrollTop = list.scrollHeight;
}

function drawMails(mails) {
  const list = document.getElementById("mails");
  const open = new Set([...list.querySelectorAll("details[open]")].map((mail) => mail.dataset.id));
  const rows = mails.map((item) => {
    const row = element("li", first || seen.has(item.id) ? "" : "new");
    const mail = element("details");
    mail.dataset.id = item.id;
    mail.open = open.has(item.id);
    const head = element("summary");
    head.append(element("span", "subject", item.subject || "(no subject)"));
    head.append(clock(item, (date) => `${day(date)}, ${hour(date)}`));
    head.append(element("span", "meta", `${item.from} → ${item.to}`));
    const body = element("div", "body");
    withLinks(body, item.body);
    mail.append(head, body);
    row.append(mail);
    return row;
  });
  if (!rows.length) rows.push(element("li", "empty", "No mail yet."));
  list.replaceChildren(...rows);
  document.getElementById("mail-count").textContent = mails.length ? `· ${mails.length}` : "";
}

function draw(items) {
  const texts = items.filter((item) => item.channel === "sms");
  const numbers = [...new Set(texts.map((item) => item.to))];
  place(numbers, texts);
  drawPhone(0, numbers, texts);
  drawPhone(1, numbers, texts);
  drawMails(items.filter((item) => item.channel === "email"));
  const fresh = items.filter((item) => !seen.has(item.id));
  if (!first && fresh.length) {
    const newest = fresh[0];
    const kind = newest.channel === "sms" ? "text" : "email";
    document.getElementById("news").textContent = `New ${kind} for ${spoken(newest.to)}`;
  }
  for (const item of items) seen.add(item.id);
  first = false;
}

let items = [];

async function look() {
  try {
    const answer = await fetch("/api/demo/outbox", { cache: "no-store" });
    if (!answer.ok) throw new Error(answer.statusText);
    items = (await answer.json()).data;
    const now = `${items.length} ${items.length ? items[0].id : ""}`;
    document.getElementById("away").hidden = true;
    if (now !== state || first) draw(items);
    state = now;
  } catch {
    document.getElementById("away").hidden = false;
  }
  setTimeout(look, LOOK_EVERY_MS);
}

for (const select of document.querySelectorAll("[data-phone]")) {
  select.addEventListener("change", () => {
    const phone = Number(select.dataset.phone);
    shown[phone] = select.value;
    picked[phone] = true;
    draw(items);
  });
}
look();
