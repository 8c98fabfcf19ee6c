// Two phones and a mailbox: shows what the demo caught and looks for more every second.

import { Mailbox } from "/outbox/mailbox.js";
import { spoken } from "/outbox/parts.js";
import { Phone } from "/outbox/phone.js";

const LOOK_EVERY_MS = 1000;
// Somebody new at the desk is here within this many looks.
const PEOPLE_EVERY = 5;

class Page {
  practice = { phone: "", email: "" };
  people = [];
  view = { data: [], answers: [], troubles: [], faults: [] };
  seen = new Set();
  first = true;
  looks = 0;
  turn = 0;
  state = "";
  timer = 0;

  constructor() {
    const sections = [...document.querySelectorAll("[data-phone]")];
    this.phones = sections.map((section, place) => new Phone(section, place, this));
    this.mailbox = new Mailbox(document.getElementById("mailbox"), this);
    document.addEventListener("visibilitychange", () => this.again(0));
    window.addEventListener("online", () => this.again(0));
    this.again(0);
  }

  // Nobody looks: nothing is asked for.
  again(after) {
    clearTimeout(this.timer);
    if (!document.hidden) {
      this.timer = setTimeout(async () => {
        await this.look();
        this.again(LOOK_EVERY_MS);
      }, after);
    }
  }

  async look() {
    const away = document.getElementById("away");
    const turn = ++this.turn;
    try {
      const text = await get("/api/demo/outbox");
      // A later look may have been answered sooner.
      if (turn < this.turn) return;
      const changed = text !== this.state;
      if (changed || this.looks % PEOPLE_EVERY === 0) {
        const people = await get("/api/demo/people");
        if (changed || people !== this.peopleState) {
          this.view = JSON.parse(text);
          ({ practice: this.practice, data: this.people } = JSON.parse(people));
          this.peopleState = people;
          this.draw();
        }
      }
      this.state = text;
      this.looks += 1;
      away.hidden = true;
    } catch {
      away.hidden = false;
    }
  }

  isFresh(line) {
    return !this.first && !this.seen.has(keyOf(line));
  }

  // A number that just got a text is shown, on the phone whose last text is older, unless a person chose.
  place(texts) {
    const newest = (number) => {
      const at = texts.findIndex((item) => item.to === number);
      return at < 0 ? Infinity : at;
    };
    for (const number of new Set(texts.map((item) => item.to))) {
      if (this.phones.some((phone) => phone.number === number)) continue;
      const empty = this.phones.find((phone) => phone.number === null);
      const fresh = texts.some((item) => item.to === number && this.isFresh(item));
      const free = this.phones.filter((phone) => !phone.picked && !phone.reply.field.value);
      free.sort((a, b) => newest(b.number) - newest(a.number));
      if (empty) empty.show(number);
      else if (fresh && free.length) free[0].show(number);
    }
  }

  // Before anything was sent the phones are somebody's, too.
  hand(phone) {
    const free = ({ phone: number }) => number && !this.phones.some((other) => other.number === number);
    const person = this.people.find(free);
    if (person) phone.show(person.phone);
  }

  draw() {
    const { data, answers, troubles, faults } = this.view;
    const texts = data.filter((item) => item.channel === "sms");
    const rest = { answers, troubles, faults, people: this.people };
    this.place(texts);
    this.phones.filter((phone) => phone.number === null).forEach((phone) => this.hand(phone));
    for (const phone of this.phones) phone.draw({ items: texts, ...rest });
    this.mailbox.draw({ items: data.filter((item) => item.channel === "email"), ...rest });
    const fresh = data.find((item) => this.isFresh(item));
    if (fresh) {
      const kind = fresh.channel === "sms" ? "text" : "email";
      document.getElementById("news").textContent = `New ${kind} for ${this.nameOf(fresh.to)}`;
    }
    for (const line of [...data, ...answers, ...troubles]) this.seen.add(keyOf(line));
    this.first = false;
  }

  nameOf(address) {
    const person = this.people.find(({ phone, email }) => phone === address || email === address);
    return person?.name ?? spoken(address);
  }
}

const keyOf = (line) => line.id ?? line.created_at;

async function get(path) {
  const answer = await fetch(path, { cache: "no-store" });
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.text();
}

new Page();
