// Several files at once, each straight to the bucket under its hash, with its progress. Whatever
// this cannot do, the form does that the page has without it.

const PDF = "application/pdf";
const form = document.getElementById("unggah");
const input = form?.querySelector("input[type=file]");
const progress = document.getElementById("progress");
const problem = document.getElementById("file-error");

/** Nothing came through: no connection, or something between that lets no script send. */
class Unsent extends Error {}

const hex = (bytes) =>
  [...new Uint8Array(bytes)].map((one) => one.toString(16).padStart(2, "0")).join("");

async function ask(fields) {
  const body = new URLSearchParams({ token: form.dataset.token, ...fields });
  const answer = await fetch(form.dataset.address, { method: "POST", body });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return { answer, page };
}

/** What the page says at the field for the file; an answer that is another page is an Error. */
function refused({ answer, page }) {
  const said = page.getElementById("file-error")?.textContent.trim();
  return new Error(said || `${form.dataset.failed} (${answer.status})`);
}

function post(url, data, onPart) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onPart(event.loaded / event.total);
    };
    request.onload = () =>
      request.status < 300 ? resolve() : reject(new Error(`${form.dataset.failed} (${request.status})`));
    request.onerror = () => reject(new Unsent(form.dataset.failed));
    request.send(data);
  });
}

/** The address of the page that follows. */
async function send(file, say) {
  say(form.dataset.checking);
  const sha256 = hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  const offered = await ask({ sha256, ukuran: String(file.size) });
  const target = offered.page.getElementById("kirim");
  if (!target) throw refused(offered);
  const data = new FormData(target);
  data.append("file", file);
  await post(target.getAttribute("action"), data, (part) =>
    say(`${form.dataset.sending} ${Math.floor(part * 100)}%`, part),
  );
  const added = await ask({ sha256, nama: file.name });
  if (!added.answer.ok) throw refused(added);
  return added.answer.url;
}

function row(name) {
  const line = document.createElement("p");
  const title = document.createElement("bdi");
  const text = document.createElement("span");
  const bar = document.createElement("progress");
  title.textContent = name;
  bar.max = 1;
  bar.setAttribute("aria-label", name);
  line.append(title, ": ", text, bar);
  progress.append(line);
  return (said, part) => {
    text.textContent = said;
    if (part !== undefined) bar.value = part;
  };
}

async function sendAll(files) {
  const { maxBytes, room, tooLarge, tooMany, failed, alone } = form.dataset;
  problem.textContent = "";
  progress.replaceChildren();
  const problems = [];
  if (files.length > Number(room)) {
    problem.textContent = tooMany;
    return;
  }
  const button = form.querySelector("button");
  button.disabled = true;
  let next = null;
  for (const file of files) {
    if (file.size > Number(maxBytes)) {
      problems.push(`${file.name}: ${tooLarge}`);
      continue;
    }
    if (file.type !== PDF) {
      problems.push(`${file.name}: ${alone}`);
      continue;
    }
    try {
      next = await send(file, row(file.name));
    } catch (error) {
      if (error instanceof Unsent && files.length === 1 && navigator.onLine) {
        form.submit();
        return;
      }
      problems.push(`${file.name}: ${error instanceof TypeError ? failed : error.message}`);
    }
  }
  button.disabled = false;
  if (problems.length === 0) {
    location.assign(files.length === 1 ? next : location.pathname);
    return;
  }
  problem.textContent = problems.join(" ");
  if (next) progress.append(again());
}

/** Some have arrived: the page with them is one click away, and what was said stays readable. */
function again() {
  const link = document.createElement("a");
  link.href = location.pathname;
  link.textContent = document.querySelector("h1").textContent;
  return link;
}

if (form && globalThis.crypto?.subtle) {
  input.multiple = true;
  for (const one of form.querySelectorAll(".with-script")) one.hidden = false;
  form.addEventListener("submit", (event) => {
    const files = [...input.files];
    const one = files.length === 1 ? files[0] : null;
    if (one && one.type !== PDF) return; // a photo, which the form makes a page of
    event.preventDefault();
    sendAll(files);
  });
}
