// Names tapped on one tablet: each is kept on the device until the server has it, and sent again when the network is back.
// Where there are questions, whoever taps their name answers them first; which answers are right, only the server knows.
(() => {
  const form = document.querySelector("form[data-group]");
  if (!form) return;
  const { token } = window.plumbline;
  const key = `plumbline-group-${form.dataset.group}-${form.dataset.witness}`; // another witness never sends what this one saw
  const status = document.querySelector("[data-group-status]");
  const read = () => { try { return JSON.parse(localStorage.getItem(key) || "[]"); } catch { return []; } };
  const write = (queue) => localStorage.setItem(key, JSON.stringify(queue));
  const ask = document.querySelector("[data-group-ask]");
  const wrong = {}; // person -> what is said beside their wrong answers
  const button = (person) => form.querySelector(`button[value="${CSS.escape(person)}"]`);
  let busy = false;
  let tries = 0;

  const mark = (person, state, words) => {
    const name = button(person);
    if (!name) return;
    delete name.dataset.kept;
    delete name.dataset.done;
    if (state) name.dataset[state] = "";
    name.setAttribute("aria-pressed", state ? "true" : "false");
    name.querySelector("[data-tick-status]").textContent = words;
  };

  const open = (person) => {
    const questions = ask.querySelector("form");
    questions.reset();
    questions.querySelectorAll(".pl-error").forEach((one) => one.remove());
    for (const [place, why] of Object.entries(wrong[person] || {})) {
      const said = Object.assign(document.createElement("p"), { className: "pl-error", textContent: `${ask.dataset.notRight} ${why}` });
      questions.querySelector(`[name="answer-${place}"]`).closest("fieldset").querySelector("legend").after(said);
    }
    ask.dataset.person = person;
    ask.querySelector("h2").textContent = button(person).querySelector("strong").textContent;
    ask.showModal();
  };

  const keep = (person, answers) => {
    const queue = read();
    if (button(person).dataset.done === undefined && !queue.some((one) => one.person === person)) write([...queue, { person, at: new Date().toISOString(), answers }]);
    mark(person, "kept", form.dataset.kept);
    flush();
  };

  const send = async ({ person, at, answers }) => {
    const body = new URLSearchParams({ ...answers, person, at });
    const headers = { "X-CSRFToken": token(), "X-Requested-With": "fetch", Accept: "application/json" };
    const answer = await fetch(form.action || location.href, { method: "POST", body, headers });
    if (answer.redirected || answer.status === 401 || answer.status === 403) return { again: true };
    if (answer.status >= 500 || answer.status === 429) throw new Error("later");
    const said = (answer.headers.get("content-type") || "").includes("json") ? await answer.json() : {};
    wrong[person] = said.wrong;
    return { done: answer.ok, message: said.message || "" };
  };

  const flush = async () => {
    if (busy) return;
    busy = true;
    try {
      for (let queue = read(); queue.length; queue = read()) {
        const said = await send(queue[0]);
        if (said.again) { status.textContent = form.dataset.again; break; }
        mark(queue[0].person, said.done ? "done" : "", said.done ? form.dataset.confirmed : said.message);
        write(read().filter((one) => one.person !== queue[0].person));
        status.textContent = "";
        tries = 0;
      }
    } catch {
      status.textContent = form.dataset.offline;
      tries += 1;
      setTimeout(flush, Math.min(2000 * 2 ** (tries - 1), 30000));
    }
    busy = false;
  };

  form.addEventListener("submit", (event) => {
    const person = event.submitter?.value;
    if (!person) return;
    event.preventDefault();
    if (ask && event.submitter.dataset.done === undefined && !read().some((one) => one.person === person)) open(person);
    else keep(person, {});
  });
  ask?.querySelector("form").addEventListener("submit", (event) => keep(ask.dataset.person, Object.fromEntries(new FormData(event.target))));
  ask?.querySelector("[data-close]").addEventListener("click", () => ask.close());
  window.addEventListener("online", flush);
  read().forEach((one) => mark(one.person, "kept", form.dataset.kept));
  flush();
})();
