// Files by the button, by dropping, by pasting. Each is sent at once to data-upload-url (field "file"), with its progress; the
// answer is attachment.html: the file belongs to the draft from then on. A refusal says why, on the file itself.

import { csrf, post } from "./http.js";
import { say } from "./words.js";

const formOf = (element) => element.closest?.("[data-composer]")?.querySelector(":not([hidden]) > form[data-upload-url]");
const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");

document.addEventListener("change", (event) => {
  if (!event.target.matches?.("[data-attach]")) return;
  add(event.target.form, event.target.files);
  event.target.value = "";
});

document.addEventListener("paste", (event) => {
  const form = event.target.matches?.("[data-composer-text]") ? event.target.form : null;
  if (!form || !event.clipboardData.files.length) return;
  // A picture copied from a page brings its words too: words win, as everywhere else.
  if (event.clipboardData.types.includes("text/plain")) return;
  event.preventDefault();
  add(form, event.clipboardData.files);
});

for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const form = formOf(event.target);
    if (!form || !hasFiles(event)) return;
    event.preventDefault();
    const inside = kind === "dragover" || (kind === "dragleave" && event.relatedTarget && form.closest("[data-composer]").contains(event.relatedTarget));
    form.closest("[data-composer]").classList.toggle("is-over", Boolean(inside));
    if (kind === "drop") add(form, event.dataTransfer.files);
  });
}
// A file let go beside the composer must not replace the page, and the words with it.
for (const kind of ["dragover", "drop"]) document.addEventListener(kind, (event) => hasFiles(event) && event.preventDefault());

const add = (form, files) => [...files].forEach((file) => send(form, file));
const limit = (bytes) => `${new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 0 }).format(bytes / 1048576)} ${document.documentElement.lang === "fr" ? "Mo" : "MB"}`;

function send(form, file) {
  const tile = form.querySelector("[data-upload-shape]").content.firstElementChild.cloneNode(true);
  tile.querySelector(".file-name").textContent = file.name;
  form.querySelector("[data-files]").append(tile);
  const most = Number(form.dataset.maxBytes);
  if (file.size > most) {
    refuse(tile, say(form, "large", { limit: limit(most) }));
    return;
  }
  const request = new XMLHttpRequest();
  request.open("POST", form.dataset.uploadUrl);
  request.setRequestHeader("X-CSRFToken", csrf());
  request.setRequestHeader("HX-Request", "true");
  request.upload.onprogress = (event) => {
    if (event.lengthComputable) tile.querySelector("progress").value = event.loaded / event.total;
  };
  request.onload = () => arrived(form, tile, request, most);
  request.onerror = () => refuse(tile, say(form, "failed"));
  tile.addEventListener("tenir:file-removed", () => request.abort());
  const body = new FormData();
  body.append("kind", form.elements.kind.value);
  body.append("file", file, file.name);
  request.send(body);
}

function arrived(form, tile, request, most) {
  if (request.status >= 200 && request.status < 300) {
    const shape = document.createElement("template");
    shape.innerHTML = request.responseText.trim();
    const kept = shape.content.firstElementChild;
    tile.replaceWith(kept);
    return;
  }
  if (request.status === 413) refuse(tile, say(form, "large", { limit: limit(most) }));
  else refuse(tile, request.status === 422 && request.responseText.length < 200 ? request.responseText : say(form, "failed"));
}

function refuse(tile, words) {
  tile.classList.add("is-refused");
  tile.querySelector("progress")?.remove();
  tile.querySelector(".file-size").textContent = words;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-file-remove]");
  if (!button) return;
  const tile = button.closest("[data-file]");
  const form = tile.closest("form");
  tile.dispatchEvent(new CustomEvent("tenir:file-removed"));
  if (button.dataset.removeUrl) takeOff(form, tile, button.dataset);
  else tile.remove();
  form.querySelector("[data-attach]").focus();
});

// The tile goes when the desk has taken the file off: what is shown is what will be sent.
async function takeOff(form, tile, { removeUrl, value }) {
  try {
    const answer = await post(removeUrl, new URLSearchParams({ kind: form.elements.kind.value, sha256: value }));
    if (!answer.ok) throw new Error(String(answer.status));
    tile.remove();
  } catch {
    refuse(tile, say(form, "failed"));
  }
}
