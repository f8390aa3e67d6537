// Reads the page again every two seconds and puts the parts that live into this one. A part with
// the focus is left alone until the focus has left it: nobody loses the button they are at.
const EVERY_MS = 2000;
const trouble = document.getElementById("trouble");

function put(part, fresh) {
  if (fresh === null || part.contains(document.activeElement)) return;
  const open = [...part.querySelectorAll("details[open]")].map((one) => one.id);
  if (part.innerHTML === fresh.innerHTML) return;
  part.innerHTML = fresh.innerHTML;
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
}

async function refresh() {
  if (document.hidden) return;
  try {
    const answer = await fetch("/", { cache: "no-store" });
    if (!answer.ok) throw new Error(answer.statusText);
    const read = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of document.querySelectorAll("[data-live]")) {
      put(part, read.getElementById(part.id));
    }
    trouble.hidden = true;
  } catch {
    trouble.hidden = false;
  }
}

async function run() {
  await refresh();
  setTimeout(run, EVERY_MS);
}

document.addEventListener("visibilitychange", refresh);
setTimeout(run, EVERY_MS);
