// Everybody's mail, or one person's; answers, and what can go wrong.

import { answer, choices, clock, day, element, faultButton, hour, reconcile, replyForm, setFault, troubles, withLinks } from "/outbox/parts.js";

const EVERYBODY = "";

export class Mailbox {
  constructor(section, page) {
    Object.assign(this, { page, address: EVERYBODY });
    this.select = element("select", { "aria-label": "Whose mailbox" });
    this.select.addEventListener("change", () => {
      this.address = this.select.value;
      this.problem.textContent = "";
      page.draw();
    });
    this.count = element("p", { class: "count" });
    this.refuse = faultButton("Next email is refused", "mail_refused", () => this.fail());
    this.stop = element("button", { type: "button", class: "tool", onclick: () => this.stopOrStart() });
    this.hint = element("p", { class: "hint", role: "status" });
    this.problem = element("p", { class: "problem", role: "alert" });
    this.mails = element("ol", { class: "mails" });
    section.append(
      element("div", { class: "tools", role: "group", "aria-label": "Make something go wrong" }, this.refuse, this.stop),
      this.hint,
      element("div", { class: "box" }, element("div", { class: "who" }, this.select, this.count), this.problem, this.mails),
    );
  }

  async say(from, text) {
    const wrong = await answer("email", from, this.page.practice.email, text);
    if (!wrong) await this.page.look();
    return wrong;
  }

  async stopOrStart() {
    this.problem.textContent = (await this.say(this.address, this.stopped ? "START" : "STOP")) ?? "";
  }

  async fail() {
    const fault = this.refuse.getAttribute("aria-pressed") === "true" ? null : "mail_refused";
    this.problem.textContent = (await setFault("email", this.address, fault)) ?? "";
    await this.page.look();
  }

  draw({ items, answers, troubles: failed, faults, people }) {
    const withMail = people.filter((person) => person.email);
    const known = new Map(withMail.map((person) => [person.email, person]));
    const mailed = new Set(items.map((item) => item.to));
    const named = ({ name, email }) => [name === email ? email : `${name} · ${email}`, email];
    const strangers = [...mailed].filter((address) => !known.has(address)).map((address) => [address, address]);
    choices(this.select, [
      { options: [["Everybody’s mail", EVERYBODY]] },
      { label: "Got mail", options: [...withMail.filter((p) => mailed.has(p.email)).map(named), ...strangers] },
      { label: "No mail yet", options: withMail.filter((p) => !mailed.has(p.email)).map(named) },
    ], this.address);
    this.stopped = known.get(this.address)?.opted_out.includes("email") ?? false;
    this.stop.textContent = this.stopped ? "Say START" : "Say STOP";
    const pending = faults.some((fault) => fault.channel === "email" && fault.to === this.address);
    this.refuse.setAttribute("aria-pressed", pending);
    for (const button of [this.refuse, this.stop]) button.disabled = this.address === EVERYBODY;
    this.hint.textContent = this.address === EVERYBODY ? "Choose one mailbox below first."
      : pending ? "Now send an email to this mailbox from the desk."
      : this.stopped ? "Said STOP: gets no email." : "";
    this.rows(items, answers, failed, known);
  }

  rows(items, answers, failed, known) {
    const here = (address) => this.address === EVERYBODY || address === this.address;
    const lines = [
      ...items.filter((item) => here(item.to)).map((item) => ({ ...item, kind: "got" })),
      ...answers.filter((item) => item.channel === "email" && here(item.from)).map((item) => ({ ...item, kind: "said" })),
      ...failed.filter((item) => item.channel === "email" && here(item.to)).map((item) => ({ ...item, kind: "trouble", id: item.created_at })),
    ].sort((a, b) => (a.created_at < b.created_at ? 1 : -1));
    const rows = lines.map((line) => ({ key: `${line.kind} ${line.id}`, make: () => this.row(line, known) }));
    if (!rows.length) rows.push({ key: "none", make: () => element("li", { class: "empty", text: "No mail yet." }) });
    reconcile(this.mails, rows);
    const mails = lines.filter((line) => line.kind === "got").length;
    this.count.textContent = mails === 1 ? "1 email" : `${mails} emails`;
  }

  row(line, known) {
    const row = element("li", { class: this.page.isFresh(line) ? "new" : undefined });
    const when = (date) => `${day(date)}, ${hour(date)}`;
    if (line.kind === "trouble") {
      row.append(element("p", { class: "trouble" }, troubles[line.fault], ` To ${line.to}. `, clock(line.created_at, when)));
      return row;
    }
    const said = line.kind === "said";
    const whose = said ? line.from : line.to;
    const name = known.get(whose)?.name ?? whose;
    const way = `${said ? "From" : "To"} ${name === whose ? "" : `${name} · `}${whose}`;
    const head = element("summary", {},
      element("span", { class: "subject", text: said ? `Answered: ${line.body}` : line.subject || "(no subject)" }),
      clock(line.created_at, when),
      element("span", { class: "meta", text: way }));
    const body = withLinks(element("div", { class: "body" }), line.body);
    const mail = element("details", {}, head, element("p", { class: "from", text: said ? "To the practice" : `From ${line.from}` }), body);
    if (!said) {
      const send = (text) => this.say(line.to, text);
      mail.append(replyForm({ id: `mail-${line.id}`, label: `Reply as ${name}`, button: "Reply", send }).form);
    }
    row.append(mail);
    return row;
  }
}
