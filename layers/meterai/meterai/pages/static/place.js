// Placing by dragging, tapping and arrow keys. The square moves at once; then the page is fetched
// for it, and its picture, its sentence and its buttons take the place of the old ones. What is
// true of a place is decided there alone: this file knows only pixels.

const view = document.getElementById("gambar");
const sheet = view.querySelector("form");
const LIVE = ["usul", "letak", "pilih", "geser", "angka"];
const WAIT_MS = 250; // after an arrow key: several in a row are one request
const KEYS = {
  ArrowLeft: ["kiri", -1, 0],
  ArrowRight: ["kanan", 1, 0],
  ArrowUp: ["atas", 0, -1],
  ArrowDown: ["bawah", 0, 1],
};
const MM_PT = 72 / 25.4;
let asked = null; // the request that is under way
let waiting = 0; // the timer of an arrow key
let grip = null; // where in the square it is held, while it is dragged

const picture = () => sheet.querySelector("input[type=image]");
const square = () => document.getElementById("meterai");
const field = (name) => sheet.querySelector(`input[name="${name}"]`);
const number = (element, name) => Number(element.getAttribute(name));

/** Pixels of the picture for one point of the page. */
const scale = () => number(square(), "width") / Number(field("sisi").value);

function at(event) {
  const box = picture().getBoundingClientRect();
  const ratio = number(picture(), "width") / box.width;
  return [(event.clientX - box.left) * ratio, (event.clientY - box.top) * ratio];
}

/** Moves the square alone, so that its upper left corner is there, and keeps it on the page. */
function moveTo(left, top) {
  const drawn = square();
  const most = (name, size) => Math.max(0, number(picture(), name) - size);
  const x = Math.min(Math.max(0, left), most("width", number(drawn, "width")));
  const y = Math.min(Math.max(0, top), most("height", number(drawn, "height")));
  drawn.setAttribute("x", x);
  drawn.setAttribute("y", y);
  view.classList.add("moved");
}

/** The address of this page with the square where it is drawn now. */
function address() {
  const drawn = square();
  const height = number(picture(), "height");
  const foot = height - number(drawn, "y") - number(drawn, "height");
  const query = new URLSearchParams({
    hal: field("hal").value,
    besar: field("besar").value,
    x: (number(drawn, "x") / scale()).toFixed(2),
    y: (foot / scale()).toFixed(2),
    sisi: field("sisi").value,
  });
  return `${sheet.getAttribute("action").split("#")[0]}?${query}`;
}

async function show(url) {
  clearTimeout(waiting);
  asked?.abort();
  const mine = (asked = new AbortController());
  view.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { signal: mine.signal });
    if (answer.redirected || !answer.ok) {
      location.assign(url); // signed out, or the document is gone: the page says so
      return;
    }
    const html = await answer.text();
    if (asked === mine) replace(new DOMParser().parseFromString(html, "text/html"), url);
  } catch (error) {
    if (error.name !== "AbortError") say(view.dataset.offline);
  } finally {
    if (asked === mine) view.removeAttribute("aria-busy");
  }
}

/** Keeps where the picture is scrolled to, and which button has the focus. */
function replace(there, url) {
  const next = there.getElementById("gambar")?.querySelector("form");
  if (!next) {
    location.assign(url);
    return;
  }
  const held = document.activeElement;
  for (const one of there.querySelectorAll("[autofocus]")) one.removeAttribute("autofocus");
  const again = held?.name && held.form?.id ? [held.form.id, held.name, held.value] : null;
  for (const id of LIVE) {
    const here = document.getElementById(id);
    const from = there.getElementById(id);
    if (here && from) here.innerHTML = from.innerHTML;
  }
  for (const hidden of sheet.querySelectorAll("input[type=hidden]")) {
    hidden.value = next.querySelector(`input[name="${hidden.name}"]`).value;
  }
  picture().src = next.querySelector("input[type=image]").getAttribute("src");
  square().replaceWith(document.importNode(next.querySelector("#meterai"), true));
  view.classList.remove("moved");
  history.replaceState(null, "", url);
  if (again) focusOn(...again);
}

function focusOn(form, name, value) {
  const same = [...document.getElementById(form).elements].filter((one) => one.name === name);
  (same.find((one) => one.value === value) ?? same[0])?.focus({ preventScroll: true });
}

function say(text) {
  const note = document.createElement("p");
  note.className = "error";
  note.textContent = text;
  document.getElementById("letak").prepend(note);
}

// A finger on the square drags it; elsewhere it scrolls, and a tap puts the square there.
sheet.addEventListener("pointerdown", (event) => {
  if (event.target !== square() || !event.isPrimary) return;
  const [x, y] = at(event);
  grip = [x - number(square(), "x"), y - number(square(), "y")];
  square().setPointerCapture(event.pointerId);
  event.preventDefault();
  view.focus({ preventScroll: true });
});
sheet.addEventListener(
  "touchstart",
  (event) => {
    if (event.target === square()) event.preventDefault(); // or the finger scrolls the page
  },
  { passive: false },
);
sheet.addEventListener("pointermove", (event) => {
  if (!grip) return;
  const [x, y] = at(event);
  moveTo(x - grip[0], y - grip[1]);
});
for (const name of ["pointerup", "pointercancel"]) {
  sheet.addEventListener(name, () => {
    if (!grip) return;
    grip = null;
    if (view.classList.contains("moved")) show(address());
  });
}
picture().addEventListener("click", (event) => {
  if (event.detail === 0) return; // by the keyboard: the form says where its middle is
  event.preventDefault();
  const [x, y] = at(event);
  const side = number(square(), "width");
  moveTo(x - side / 2, y - side / 2);
  show(address());
});
view.addEventListener("keydown", (event) => {
  const key = KEYS[event.key];
  if (!key || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  const step = (event.shiftKey ? 10 : 1) * MM_PT * scale();
  moveTo(number(square(), "x") + key[1] * step, number(square(), "y") + key[2] * step);
  clearTimeout(waiting);
  waiting = setTimeout(() => show(address()), WAIT_MS);
});

// The buttons and the suggestions: as without script, but the page stays where it is.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!["geser", "angka"].includes(form.id)) return;
  event.preventDefault();
  const query = new URLSearchParams(new FormData(form, event.submitter));
  show(`${form.getAttribute("action").split("#")[0]}?${query}`);
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("#usul a, #pilih a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(link.href.split("#")[0]);
});

view.classList.add("dragging");
for (const one of document.querySelectorAll(".with-script")) one.hidden = false;
