// One phone: whose it is, the texts both ways, and what can go wrong.

import { answer, choices, clock, day, element, faultButton, reconcile, replyForm, setFault, spoken, troubles, withLinks } from "/outbox/parts.js";

export class Phone {
  constructor(section, place, page) {
    Object.assign(this, { place, page, number: null, picked: false, atEnd: true, drafts: new Map() });
    this.select = element("select", { "aria-label": `Whose phone the ${place ? "second" : "first"} one is` });
    this.select.addEventListener("change", () => {
      this.picked = true;
      this.show(this.select.value);
      page.draw();
    });
    this.state = element("p", { class: "tag", hidden: true });
    this.texts = element("ol", { class: "texts", tabindex: "0", "aria-label": "Texts" });
    // Whoever looks at the newest goes on looking at it when the list gets shorter or longer.
    this.texts.addEventListener("scroll", () => {
      this.atEnd = this.texts.scrollHeight - this.texts.scrollTop - this.texts.clientHeight < 40;
    });
    new ResizeObserver(() => this.atEnd && this.toEnd()).observe(this.texts);
    const reply = { id: `reply-${place}`, label: "Text the practice", button: "Send", enterSends: true };
    this.reply = replyForm({ ...reply, send: (text) => this.say(text) });
    this.down = faultButton("Next text fails (gateway down)", "gateway_down", () => this.fail(this.down));
    this.refuse = faultButton("Next text cannot be delivered", "undeliverable", () => this.fail(this.refuse));
    this.stop = element("button", { type: "button", class: "tool", onclick: () => this.stopOrStart() });
    this.hint = element("p", { class: "hint", role: "status" });
    const who = element("div", { class: "who" }, this.select, this.state);
    const screen = element("div", { class: "screen" }, who, this.texts, this.reply.form);
    section.append(
      element("div", { class: "tools", role: "group", "aria-label": "Make something go wrong" }, this.down, this.refuse, this.stop),
      this.hint,
      element("div", { class: "phone" }, screen),
    );
  }

  // What was typed on one phone is not said by another person.
  show(number) {
    if (number === this.number) return;
    if (this.number) this.drafts.set(this.number, this.reply.field.value);
    this.reply.field.value = this.drafts.get(number) ?? "";
    this.reply.problem.textContent = "";
    this.number = number;
    this.texts.replaceChildren();
  }

  async say(text) {
    const wrong = await answer("sms", this.number, this.page.practice.phone, text);
    if (!wrong) await this.page.look();
    return wrong;
  }

  async stopOrStart() {
    this.reply.problem.textContent = (await this.say(this.stopped ? "START" : "STOP")) ?? "";
  }

  async fail(button) {
    const fault = button.getAttribute("aria-pressed") === "true" ? null : button.dataset.fault;
    this.reply.problem.textContent = (await setFault("sms", this.number, fault)) ?? "";
    await this.page.look();
  }

  draw({ items, answers, troubles: failed, faults, people }) {
    const withPhone = people.filter((person) => person.phone);
    const known = new Map(withPhone.map((person) => [person.phone, person]));
    const texted = new Set(items.map((item) => item.to));
    const named = ({ name, phone }) => [name === phone ? spoken(phone) : `${name} · ${spoken(phone)}`, phone];
    const strangers = [...texted].filter((number) => !known.has(number)).map((number) => [spoken(number), number]);
    choices(this.select, [
      { label: "Got texts", options: [...withPhone.filter((p) => texted.has(p.phone)).map(named), ...strangers] },
      { label: "No texts yet", options: withPhone.filter((p) => !texted.has(p.phone)).map(named) },
    ], this.number);
    const person = known.get(this.number);
    this.stopped = person?.opted_out.includes("sms") ?? false;
    this.state.hidden = !this.stopped;
    this.state.textContent = "Said STOP: gets no texts";
    this.stop.textContent = this.stopped ? "Say START" : "Say STOP";
    const as = person ? ` as ${person.name}` : "";
    this.reply.name(`Text the practice${as}`, person ? `Text as ${person.name.split(" ")[0]}` : "Text");
    const pending = faults.find((fault) => fault.channel === "sms" && fault.to === this.number)?.fault;
    for (const button of [this.down, this.refuse]) button.setAttribute("aria-pressed", button.dataset.fault === pending);
    for (const button of [this.down, this.refuse, this.stop]) button.disabled = !this.number;
    this.hint.textContent = pending ? "Now send a text to this phone from the desk." : "";
    this.lines(items, answers, failed);
  }

  lines(items, answers, failed) {
    const lines = [
      ...items.filter((item) => item.to === this.number).map((item) => ({ ...item, kind: "got" })),
      ...answers.filter((item) => item.channel === "sms" && item.from === this.number).map((item) => ({ ...item, kind: "said" })),
      ...failed.filter((item) => item.channel === "sms" && item.to === this.number).map((item) => ({ ...item, kind: "trouble", id: item.created_at })),
    ].sort((a, b) => (a.created_at < b.created_at ? -1 : 1));
    const rows = [];
    let last = "";
    for (const line of lines) {
      const today = day(new Date(line.created_at));
      if (today !== last) {
        last = today;
        rows.push({ key: `day ${today}`, make: () => element("li", { class: "day", text: today }) });
      }
      rows.push({ key: `${line.kind} ${line.id}`, make: () => this.line(line) });
    }
    if (!rows.length) rows.push({ key: "none", make: () => element("li", { class: "empty", text: "No texts yet. Send one from the staff desk." }) });
    const before = this.texts.lastElementChild?.dataset.key;
    reconcile(this.texts, rows);
    if (before !== this.texts.lastElementChild?.dataset.key) this.toEnd();
  }

  toEnd() {
    this.texts.scrollTop = this.texts.scrollHeight;
    this.atEnd = true;
  }

  line(line) {
    const fresh = this.page.isFresh(line) ? " new" : "";
    if (line.kind === "trouble") {
      return element("li", { class: `trouble${fresh}` }, troubles[line.fault], " ", clock(line.created_at));
    }
    const row = element("li", { class: `text ${line.kind}${fresh}` });
    row.append(element("span", { class: "hidden", text: line.kind === "said" ? "Answered: " : "Got: " }));
    withLinks(row, line.body).append(clock(line.created_at));
    return row;
  }
}
