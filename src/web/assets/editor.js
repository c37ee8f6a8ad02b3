// The editor of letters: the preview follows what is typed, findings stand where they are about, and the text has buttons
// and keys for its marks. Without this the form has a button that renews the preview.

const form = document.querySelector("#letter");
if (form) start();

function start() {
  const body = form.querySelector("#body");
  const mirror = form.querySelector("#mirror");
  const pages = document.querySelector("#pages");
  const stale = document.querySelector("#stale");
  const state = document.querySelector("#state");
  // What was refused is there, and saved nowhere.
  let isChanged = "held" in form.dataset;
  let wrong = new Set();

  // One request at a time: what is typed meanwhile is sent after it, and only as it is then.
  let timer, isBusy = false, isWaiting = false;

  const send = (url) => fetch(url, {
    method: "POST",
    headers: { accept: "application/json" },
    body: new URLSearchParams(new FormData(form)),
    credentials: "same-origin",
  });

  async function renew() {
    if (isBusy) {
      isWaiting = true;
      return;
    }
    isBusy = true;
    try {
      const answer = await send(form.dataset.preview);
      if (!answer.ok) throw new Error(answer.status);
      const laid = await answer.json();
      if (!laid.overtaken) await show(laid);
      if (state.textContent === form.dataset.failed) say(form.dataset.changed);
    } catch {
      say(form.dataset.failed);
    }
    isBusy = false;
    if (isWaiting) {
      isWaiting = false;
      renew();
    }
  }

  async function show(laid) {
    list(laid.findings);
    stale.hidden = laid.pages.length > 0;
    // A letter that is refused has no pages: the last good ones stay.
    if (laid.pages.length === 0) return;
    await Promise.all(laid.pages.map((hash, at) => page(hash, at, laid.pages.length)));
    while (pages.children.length > laid.pages.length) pages.lastElementChild.remove();
  }

  // A page is replaced when the new one is there, so that nothing flickers.
  async function page(hash, at, total) {
    const src = `/letters/pages/${hash}.svg`;
    const alt = pages.dataset.alt.replace("%1", at + 1).replace("%2", total);
    const old = pages.children[at]?.querySelector("img");
    if (old?.getAttribute("src") === src) {
      old.alt = alt;
      return;
    }
    const image = new Image();
    image.src = src;
    image.alt = alt;
    try {
      await image.decode();
    } catch {
      return;
    }
    if (old) return old.replaceWith(image);
    const item = document.createElement("li");
    item.append(image);
    pages.append(item);
  }

  function list(findings) {
    const place = document.querySelector("#findings");
    place.replaceChildren(...findings.map((finding) => {
      const item = element("li", finding.error ? "error" : "warning");
      item.append(element("strong", "", `${finding.label}: `));
      if (finding.key) {
        const link = element("a", "", finding.message);
        link.href = `#f.${finding.key}`;
        item.append(link);
      } else if (finding.line) {
        const link = element("a", "", form.dataset.line.replace("%1", finding.line));
        link.href = "#body";
        link.dataset.line = finding.line;
        item.append(link, `: ${finding.message}`);
      } else {
        item.append(finding.message);
      }
      if (finding.place) item.append(" ", element("code", "", finding.place));
      if (finding.help) item.append(element("p", "help", finding.help));
      return item;
    }));
    for (const field of form.querySelectorAll(".field")) {
      const under = field.querySelector(".wrong");
      const input = field.querySelector("input, select, textarea");
      if (!under || !input) continue;
      const own = findings.filter((finding) => `f.${finding.key}` === input.id);
      under.replaceChildren(...own.map((finding) => {
        const line = element("span", finding.error ? "error" : "");
        line.append(element("strong", "", `${finding.label}: `), finding.message);
        return line;
      }));
      if (own.length) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
    wrong = new Set(findings.filter((finding) => !finding.key && finding.line).map((finding) => finding.line));
    reflect();
  }

  function element(name, kind, text) {
    const made = document.createElement(name);
    if (kind) made.className = kind;
    if (text) made.textContent = text;
    return made;
  }

  // Behind the text lies the same text, unseen, of which the lines with findings have a colour.
  function reflect() {
    mirror.replaceChildren(...body.value.split("\n").map((line, at) => element("div", wrong.has(at + 1) ? "wrong" : "", line || " ")));
    mirror.scrollTop = body.scrollTop;
  }

  function say(text) {
    if (state.textContent !== text) state.textContent = text;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("#findings a");
    if (!link) return;
    event.preventDefault();
    const target = document.getElementById(link.hash.slice(1));
    target?.closest("details")?.setAttribute("open", "");
    target?.focus();
    if (!link.dataset.line || target !== body) return;
    const lines = body.value.split("\n");
    const from = lines.slice(0, link.dataset.line - 1).reduce((sum, line) => sum + line.length + 1, 0);
    body.setSelectionRange(from, from + (lines[link.dataset.line - 1]?.length ?? 0));
    body.scrollTop = mirror.children[link.dataset.line - 1]?.offsetTop - body.clientHeight / 3;
  });

  form.addEventListener("input", () => {
    isChanged = true;
    say(form.dataset.changed);
    reflect();
    clearTimeout(timer);
    timer = setTimeout(renew, 150);
  });
  body.addEventListener("scroll", () => { mirror.scrollTop = body.scrollTop; });
  new ResizeObserver(() => { mirror.style.height = `${body.offsetHeight}px`; reflect(); }).observe(body);

  // Saving keeps the page; where the file is another by now, or the text is refused, the form is sent as without script,
  // to the page that says so and has all that was typed.
  async function save() {
    const sent = new FormData(form);
    say(form.dataset.saving);
    let answer;
    try {
      answer = await send(form.action);
    } catch {
      return say(form.dataset.failed);
    }
    if ([404, 409, 422].includes(answer.status)) {
      isChanged = false;
      HTMLFormElement.prototype.submit.call(form);
      return;
    }
    // Who is no longer signed in was led to the page for that.
    if (answer.redirected || [401, 403].includes(answer.status)) return say(form.dataset.refused);
    if (!answer.ok) return say(form.dataset.failed);
    const saved = await answer.json();
    form.elements.digest.value = saved.digest;
    if (form.elements.was && saved.front !== null) {
      form.elements.was.value = saved.front;
      if (form.elements.front.value.replaceAll("\r\n", "\n") === sent.get("front").replaceAll("\r\n", "\n")) {
        form.elements.front.value = saved.front;
      }
    }
    const now = [...new FormData(form)].filter(([name]) => name.startsWith("f.") || name === "body" || name === "text");
    isChanged = now.some(([name, value]) => sent.get(name) !== value);
    say(isChanged ? form.dataset.changed : saved.said);
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter?.id === "renew") renew();
    else save();
  });
  addEventListener("beforeunload", (event) => {
    if (isChanged) event.preventDefault();
  });

  // The marks of the text. Where they stand already, they are taken away.
  const around = (mark) => () => {
    const { selectionStart: from, selectionEnd: to, value } = body;
    const inner = value.slice(from, to), long = mark.length;
    if (inner.length >= 2 * long && inner.startsWith(mark) && inner.endsWith(mark)) {
      return put(inner.slice(long, -long), 0, inner.length - 2 * long);
    }
    // One star is italic, two are bold, three both.
    const stars = Math.min(/\*{0,3}$/.exec(value.slice(0, from))[0].length, /^\*{0,3}/.exec(value.slice(to))[0].length);
    if (long === 1 ? stars % 2 === 1 : stars >= 2) {
      body.setSelectionRange(from - long, to + long);
      return put(inner, 0, inner.length);
    }
    put(mark + inner + mark, long, inner.length);
  };
  const before = (mark) => () => {
    const { selectionStart: first, selectionEnd: last, value } = body;
    const from = value.lastIndexOf("\n", first - 1) + 1;
    const end = value.indexOf("\n", last);
    const lines = value.slice(from, end < 0 ? value.length : end).split("\n");
    const marks = lines.map((_, at) => mark(at));
    const has = lines.every((line, at) => line.startsWith(marks[at]));
    const text = lines.map((line, at) => has ? line.slice(marks[at].length) : marks[at] + line).join("\n");
    body.setSelectionRange(from, end < 0 ? value.length : end);
    // Several lines stay selected; in one, the caret stays where it was in its words.
    const moved = first - from + (has ? -marks[0].length : marks[0].length);
    if (lines.length > 1) put(text, 0, text.length);
    else put(text, Math.max(0, moved), last - first);
  };
  const tools = {
    heading: before(() => "# "),
    bold: around("**"),
    italic: around("*"),
    bullets: before(() => "- "),
    numbers: before((at) => `${at + 1}. `),
    quote: before(() => "> "),
    table: () => put("\n| Kolom | Kolom |\n|---|---|\n| tekst | tekst |\n", 3, "Kolom".length),
    link: () => {
      const words = body.value.slice(body.selectionStart, body.selectionEnd) || "tekst";
      put(`[${words}](https://)`, words.length + 3, "https://".length);
    },
  };

  // Typed as by hand, so that it can be undone; so much of it is selected, from there.
  function put(text, start, length) {
    body.focus();
    const from = body.selectionStart;
    if (!document.execCommand(text ? "insertText" : "delete", false, text)) {
      body.setRangeText(text, from, body.selectionEnd, "end");
      body.dispatchEvent(new Event("input", { bubbles: true }));
    }
    body.setSelectionRange(from + start, from + start + length);
  }

  const toolbar = form.querySelector("#toolbar");
  toolbar.hidden = false;
  toolbar.addEventListener("click", (event) => {
    tools[event.target.closest("button")?.dataset.tool]?.();
  });
  addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey)) return;
    if (event.key === "s" && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      return save();
    }
    if (document.activeElement !== body) return;
    const keys = `${event.altKey ? "alt+" : ""}${event.shiftKey ? "shift+" : ""}${event.code}`;
    const tool = {
      KeyB: "bold", KeyI: "italic", KeyK: "link", "alt+KeyT": "table", "alt+Digit1": "heading",
      "shift+Digit8": "bullets", "shift+Digit7": "numbers", "shift+Digit9": "quote",
    }[keys];
    if (!tool) return;
    event.preventDefault();
    tools[tool]();
  });

  document.querySelector("#renew").hidden = true;
  const marked = [...document.querySelectorAll("#findings a[data-line]")];
  wrong = new Set(marked.map((link) => Number(link.dataset.line)));
  reflect();
}
